// Any text as JSON Lines: it is refused at some place of it, or what it says
// prints and reads back as the same, in both formats.

#include "absl/strings/string_view.h"

#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/text_round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  guanxi::test::TestText(
      absl::string_view(reinterpret_cast<const char*>(data), size),
      guanxi::test::Format::kJsonLines);
  return 0;
}
