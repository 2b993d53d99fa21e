#ifndef GUANXI_CLIENT_CLI_OUTPUT_FILE_H_
#define GUANXI_CLIENT_CLI_OUTPUT_FILE_H_

#include <fstream>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include <sys/types.h>

namespace guanxi::cli {

// UNAVAILABLE.
absl::Status CannotWrite(const std::string& path);

// A file that bears its name only once it is whole.
class OutputFile {
 public:
  // `mode` says who may read and write it, as open(2) does.
  explicit OutputFile(const std::string& path, mode_t mode = 0666);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream() { return stream_; }

  // Makes it durable and gives it its name. UNAVAILABLE.
  absl::Status Finish();

 private:
  const std::string path_;
  const std::string part_;
  std::ofstream stream_;
  bool done_ = false;
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_OUTPUT_FILE_H_
