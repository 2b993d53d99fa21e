#include "server/log.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/value/time.h"

namespace guanxi::server {
namespace {

constexpr size_t kMaxValueBytes = 500;

bool NeedsQuotes(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isspace(byte) || absl::ascii_iscntrl(byte) || c == '"' ||
         c == '\\';
}

std::string Printable(absl::string_view value) {
  const absl::string_view shown = value.substr(0, kMaxValueBytes);
  const bool plain =
      !shown.empty() && std::none_of(shown.begin(), shown.end(), NeedsQuotes);
  if (plain && shown.size() == value.size()) return std::string(shown);
  return absl::StrCat("\"", absl::Utf8SafeCEscape(shown),
                      shown.size() < value.size() ? "…\"" : "\"");
}

void WriteToStandardError(absl::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

Log::Log(Clock clock, Sink sink)
    : clock_(std::move(clock)),
      sink_(sink ? std::move(sink) : WriteToStandardError) {}

void Log::Write(absl::string_view event, const LogFields& fields) {
  std::string line = absl::StrCat(DateTime{clock_()}.ToString(), " ", event);
  for (const auto& [name, value] : fields) {
    absl::StrAppend(&line, " ", name, "=", Printable(value));
  }
  line.push_back('\n');
  MutexLock lock(mutex_);
  sink_(line);
}

}  // namespace guanxi::server
