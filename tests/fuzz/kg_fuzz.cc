// Any text as .kg: it is refused at some place of it, or what it says prints
// and reads back as the same, in both formats.

#include "absl/strings/string_view.h"

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/text_round_trip.h"

void guanxi::test::TryInput(absl::string_view input) {
  TestText(input, Format::kKg);
}
