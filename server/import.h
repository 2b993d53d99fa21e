#ifndef GUANXI_SERVER_IMPORT_H_
#define GUANXI_SERVER_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/store/store.h"
#include "server/fact_service.h"
#include "server/serving.h"

namespace guanxi::server {

// The files of one import.
struct Upload {
  struct File {
    std::string name;
    std::string text;
  };

  std::string author;
  std::string note;
  std::vector<File> files;
  int64_t bytes = 0;
};

// Receives all that the client sends, and reports progress now and then.
// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID], RESOURCE_EXHAUSTED
// [IMPORT_TOO_LARGE], CANCELLED.
absl::StatusOr<Upload> Receive(const Settings& settings, Call& call,
                               FactService::ImportStream& stream);

// Parses the files, .kg and JSON Lines, into one commit. Literals of JSON Lines
// are typed by what is declared in the store, in files before theirs, and
// before them in their own. INVALID_ARGUMENT [SYNTAX, FIELD_INVALID],
// CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED [READERS_FULL].
absl::StatusOr<store::CommitRequest> ParseUpload(const Serving& serving,
                                                 Upload upload, Call& call);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_IMPORT_H_
