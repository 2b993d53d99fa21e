#include "tests/fuzz/text_round_trip.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/model/check_statement.h"
#include "graph/text/printer.h"
#include "tests/fuzz/fuzz_target.h"

namespace guanxi::test {
namespace {

constexpr Format kFormats[] = {Format::kKg, Format::kJsonLines};

// A number of the metadata; 0 if it is none.
uint64_t NumberOf(const ErrorInfo& info, const char* name) {
  const auto at = info.metadata.find(name);
  uint64_t number = 0;
  if (at == info.metadata.end()) return 0;
  return absl::SimpleAtoi(at->second, &number) ? number : 0;
}

void CheckRefusal(const absl::Status& status) {
  GUANXI_CHECK(absl::IsInvalidArgument(status));
  const auto info = GetErrorInfo(status);
  GUANXI_CHECK(info.has_value());
  GUANXI_CHECK(info->reason == "SYNTAX");
  GUANXI_CHECK(NumberOf(*info, "line") > 0);
  GUANXI_CHECK(NumberOf(*info, "column") > 0);
}

void CheckReadsBack(const std::string& text, Format format,
                    const std::string& canonical) {
  const auto read = ReadAll(text, Schema(), format);
  RequireOk(read.status());
  GUANXI_CHECK(text::PrintText(*read, Schema()) == canonical);
}

}  // namespace

void TestText(absl::string_view text, Format format) {
  const auto read = ReadAll(std::string(text), Schema(), format);
  if (!read.ok()) return CheckRefusal(read.status());
  // What the store would refuse need not have a form in .kg.
  for (const Statement& statement : *read) {
    if (!CheckStatement(statement).ok()) return;
  }

  const std::string canonical = text::PrintText(*read, Schema());
  const auto again = ReadAll(canonical, Schema(), Format::kKg);
  RequireOk(again.status());
  for (const Format as : kFormats) {
    CheckReadsBack(PrintAll(*again, Schema(), as), as, canonical);
  }
}

}  // namespace guanxi::test
