#include "client/cli/progress.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace guanxi::cli {
namespace {

constexpr double kMegabyte = 1e6;
constexpr int kBarColumns = 20;

// Moves to the start of the line and wipes out all behind it.
constexpr char kWipe[] = "\r\x1b[K";

std::string Bar(double part) {
  const int full = static_cast<int>(part * kBarColumns);
  return absl::StrCat("[", std::string(static_cast<size_t>(full), '#'),
                      std::string(static_cast<size_t>(kBarColumns - full), ' '),
                      "] ");
}

std::string TimeText(double seconds) {
  constexpr int kMinute = 60;
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  if (whole < kMinute) return absl::StrCat(whole, " s");
  return absl::StrCat(whole / kMinute, " min ", whole % kMinute, " s");
}

}  // namespace

std::string ProgressText(int64_t bytes, int64_t total,
                         std::chrono::duration<double> elapsed, int width) {
  if (bytes >= total) return "All is sent; the server stores it …";
  const double part = static_cast<double>(bytes) / static_cast<double>(total);
  std::string text =
      absl::StrFormat("%2d%%  %.1f of %.1f MB", static_cast<int>(100 * part),
                      static_cast<double>(bytes) / kMegabyte,
                      static_cast<double>(total) / kMegabyte);
  const double rate = static_cast<double>(bytes) / elapsed.count();
  if (bytes > 0 && elapsed.count() > 0) {
    absl::StrAppend(&text, absl::StrFormat(", %.1f MB/s, ", rate / kMegabyte),
                    TimeText(static_cast<double>(total - bytes) / rate),
                    " left");
  }
  const std::string with_bar = Bar(part) + text;
  if (static_cast<int>(with_bar.size()) <= width) return with_bar;
  return text.substr(0, static_cast<size_t>(std::max(width, 0)));
}

ProgressLine::~ProgressLine() {
  if (shown_) *terminal_ << kWipe << std::flush;
}

void ProgressLine::Show(int64_t bytes) {
  if (terminal_ == nullptr || total_ <= 0) return;
  shown_ = true;
  *terminal_ << kWipe
             << ProgressText(bytes, total_,
                             std::chrono::steady_clock::now() - start_, width_)
             << std::flush;
}

}  // namespace guanxi::cli
