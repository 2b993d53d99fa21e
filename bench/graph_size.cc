#include "bench/graph_size.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"

namespace guanxi::bench {
namespace {

constexpr GraphSize kGraphSizes[] = {{"medium", 100'000, 1'000'000},
                                     {"small", 10'000, 100'000},
                                     {"large", 1'000'000, 10'000'000}};

}  // namespace

std::string GraphSize::FiguresOf(absl::string_view benchmark) const {
  if (this == kGraphSizes) return std::string(benchmark);
  return absl::StrCat(benchmark, ".", name);
}

const GraphSize& ChosenGraphSize() {
  const char* const name = std::getenv("GUANXI_BENCH_GRAPH");
  if (name == nullptr) return kGraphSizes[0];
  const auto* const found =
      std::ranges::find(kGraphSizes, absl::string_view(name),
                        [](const GraphSize& size) { return size.name; });
  GUANXI_CHECK(found != std::end(kGraphSizes));
  return *found;
}

}  // namespace guanxi::bench
