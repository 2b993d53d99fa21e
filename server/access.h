#ifndef GUANXI_SERVER_ACCESS_H_
#define GUANXI_SERVER_ACCESS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <grpcpp/server_context.h>

#include "graph/base/mutex.h"
#include "graph/value/date.h"
#include "server/log.h"
#include "server/tokens.h"

namespace guanxi::server {

// Who calls, once let in.
struct Caller {
  std::string name;                 // empty: nobody in particular
  std::vector<std::string> graphs;  // that it may use; empty: all

  // PERMISSION_DENIED [GRAPH_NOT_GRANTED].
  absl::Status CheckGraph(absl::string_view graph) const;
};

// The tokens of a file, which is read again when it changes. Thread-safe.
class TokenFile {
 public:
  // Reads it the first time. INVALID_ARGUMENT [TOKENS_INVALID]: it cannot be
  // read, a line is malformed, or others than who runs this, and root, may
  // write it. `log` outlives it.
  static absl::StatusOr<std::unique_ptr<TokenFile>> Open(std::string path,
                                                         Log& log);

  // As the file was a second ago. One that is gone, unsafe or malformed changes
  // nothing, is told in the log, and is tried again.
  std::shared_ptr<const TokenList> Current();

 private:
  // What tells one state of a file from the next.
  struct Stamp {
    int64_t device = 0;
    int64_t inode = 0;
    int64_t bytes = 0;
    int64_t modified = 0;  // nanoseconds
    int64_t changed = 0;   // with its owner and mode
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  TokenFile(std::string path, Log& log) : path_(std::move(path)), log_(log) {}
  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ReadFrom(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReadAgain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  Log& log_;
  Mutex mutex_;
  std::chrono::steady_clock::time_point next_look_ ABSL_GUARDED_BY(mutex_);
  Stamp stamp_ ABSL_GUARDED_BY(mutex_);
  absl::Status problem_ ABSL_GUARDED_BY(mutex_);  // with the last look
  // Owned with the calls that are being let in.
  std::shared_ptr<const TokenList> list_ ABSL_GUARDED_BY(mutex_);
};

// Decides who may call what. Without tokens everybody may do everything: then
// only this machine, or who shows a certificate, reaches the server.
// Thread-safe.
class Access {
 public:
  // `tokens`, if any, outlives it; `today` is the day on which tokens count.
  Access(TokenFile* tokens, std::function<Day()> today)
      : tokens_(tokens), today_(std::move(today)) {}

  // Lets a call in that needs `role`. Says in `caller` who calls, also of one
  // that is known and refused. UNAUTHENTICATED [TOKEN_REQUIRED, TOKEN_UNKNOWN,
  // TOKEN_EXPIRED], PERMISSION_DENIED [ROLE_REQUIRED].
  absl::Status Admit(const grpc::ServerContextBase& context, Role role,
                     Caller* caller) const;

 private:
  TokenFile* const tokens_;
  const std::function<Day()> today_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_ACCESS_H_
