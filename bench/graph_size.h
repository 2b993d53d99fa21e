#ifndef GUANXI_BENCH_GRAPH_SIZE_H_
#define GUANXI_BENCH_GRAPH_SIZE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace guanxi::bench {

struct GraphSize {
  const char* name;
  uint32_t entities;
  uint32_t relationships;

  // How the names of a benchmark's figures begin: "rpc", or with a graph that
  // is not the medium one "rpc.small".
  std::string FiguresOf(absl::string_view benchmark) const;
};

// The graph that is asked about: the environment variable GUANXI_BENCH_GRAPH
// names it, small, medium (unless told) or large.
const GraphSize& ChosenGraphSize();

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_GRAPH_SIZE_H_
