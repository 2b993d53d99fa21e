#ifndef GUANXI_TESTS_FUZZ_TEXT_ROUND_TRIP_H_
#define GUANXI_TESTS_FUZZ_TEXT_ROUND_TRIP_H_

#include "absl/strings/string_view.h"

#include "tests/support/export_text.h"

namespace guanxi::test {

// Reads any text. Aborts if a refusal does not say where, or if what was read
// does not print and read back as the same, in both formats.
void TestText(absl::string_view text, Format format);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_FUZZ_TEXT_ROUND_TRIP_H_
