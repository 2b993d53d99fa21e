#ifndef GUANXI_GRAPH_STORE_STATISTICS_H_
#define GUANXI_GRAPH_STORE_STATISTICS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/store/snapshot.h"

namespace guanxi::store {

// How much a store holds, whatever the day.
struct Statistics {
  uint64_t entities = 0;       // that have a key
  uint64_t relationships = 0;  // ever claimed; judgements and purged ones too
  uint64_t claims = 0;         // explicit ones, believed or not
  uint64_t sources = 0;

  // Entities of which a label is or was claimed affirmatively; relationships of
  // a type of which something is believed. Names without any are left out.
  std::map<std::string, uint64_t> labels;
  std::map<std::string, uint64_t> types;
};

// Counts exactly: the totals by one look-up each, labels and types by reading
// the first bytes of each block of their indexes. `check` is called between
// names, and its error ends it.
absl::StatusOr<Statistics> CountAll(const Snapshot& snapshot,
                                    absl::FunctionRef<absl::Status()> check);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_STATISTICS_H_
