#ifndef GUANXI_GRAPH_BASE_FILE_H_
#define GUANXI_GRAPH_BASE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace guanxi {

// All bytes of a regular file; none of an empty one. NOT_FOUND: it cannot be
// read; the message says why. RESOURCE_EXHAUSTED: it has more than `max_bytes`.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     int64_t max_bytes = int64_t{1} << 30);

// Reads an open file from where it stands to its end. Errors likewise.
absl::StatusOr<std::string> ReadToEnd(int fd, int64_t max_bytes);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_FILE_H_
