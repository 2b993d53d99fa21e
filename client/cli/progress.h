#ifndef GUANXI_CLIENT_CLI_PROGRESS_H_
#define GUANXI_CLIENT_CLI_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace guanxi::cli {

// One line that tells how far an upload has come: "[####    ] 50%  2.0 of
// 4.0 MB, 1.0 MB/s, 2 s left"; once all of it is there, that the server works
// on it. At most `width` columns, without the bar if it has no room.
std::string ProgressText(int64_t bytes, int64_t total,
                         std::chrono::duration<double> elapsed, int width);

// That line on a terminal, written over itself and wiped out at the end. Where
// there is no terminal it writes nothing.
class ProgressLine {
 public:
  // nullptr: there is no terminal. `total`: the bytes of all files.
  ProgressLine(std::ostream* terminal, int64_t total, int width)
      : terminal_(terminal), total_(total), width_(width) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Show(int64_t bytes);

 private:
  std::ostream* terminal_;
  int64_t total_;
  int width_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_PROGRESS_H_
