// Runs a target on each input of its corpus, as an ordinary test:
//
//   kg_fuzz FILE
//
// The file has an input a line, its bytes escaped as in C; see corpus.py.

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"

#include "graph/base/file.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

constexpr int64_t kMaxCorpusBytes = 16 << 20;

// An input of its own allocation, so that reading beyond its end is seen.
void RunOne(const std::string& input) {
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

int RunCorpus(const char* path) {
  const auto text = guanxi::ReadFile(path, kMaxCorpusBytes);
  if (!text.ok()) {
    std::fprintf(stderr, "%s\n", text.status().ToString().c_str());
    return 2;
  }
  int inputs = 0;
  for (const absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    std::string input;
    if (!absl::CUnescape(line, &input)) {
      std::fprintf(stderr, "%s: no input: %s\n", path,
                   std::string(line).c_str());
      return 2;
    }
    // Told before it runs: what a failure was made of.
    std::fprintf(stderr, "%s\n", std::string(line).c_str());
    RunOne(input);
    ++inputs;
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr,
                 "expected the file of a corpus, as in: kg_fuzz "
                 "tests/fuzz/corpus/kg.txt\n");
    return 2;
  }
  return RunCorpus(argv[1]);
}
