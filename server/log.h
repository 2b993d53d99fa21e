#ifndef GUANXI_SERVER_LOG_H_
#define GUANXI_SERVER_LOG_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/base/clock.h"
#include "graph/base/mutex.h"

namespace guanxi::server {

// Things to say in one line of the log, in order.
using LogFields = std::vector<std::pair<absl::string_view, std::string>>;

// Writes lines "2025-09-30T08:00:00.5Z event name=value name=value". Values
// with blanks, quotes or control characters are quoted and escaped, long ones
// cut, so that no request can forge a line. Thread-safe.
class Log {
 public:
  using Sink = std::function<void(absl::string_view line)>;

  // `sink` gets each line with its newline, one at a time; an empty one stands
  // for standard error.
  Log(Clock clock, Sink sink);

  void Write(absl::string_view event, const LogFields& fields);

 private:
  Clock clock_;
  Mutex mutex_;
  Sink sink_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_LOG_H_
