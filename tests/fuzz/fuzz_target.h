#ifndef GUANXI_TESTS_FUZZ_FUZZ_TARGET_H_
#define GUANXI_TESTS_FUZZ_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/base/check.h"

// Called by libFuzzer (`./dev fuzz`), or for each input of the corpus by
// corpus_main.cc, as an ordinary test. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace guanxi::test {

// What each *_fuzz.cc defines: takes any bytes, and aborts if a promise does
// not hold.
void TryInput(absl::string_view input);

// Aborts with what is wrong, unless nothing is.
inline void RequireOk(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  GUANXI_CHECK(status.ok());
}

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_FUZZ_FUZZ_TARGET_H_
