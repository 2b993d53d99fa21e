#ifndef GUANXI_SERVER_SERVING_H_
#define GUANXI_SERVER_SERVING_H_

#include <functional>

#include "graph/store/store.h"
#include "graph/topology/cache.h"
#include "graph/topology/column_cache.h"
#include "graph/value/date.h"
#include "server/settings.h"

namespace guanxi::server {

// What the work of a call reads and writes: one graph, and what all share. All
// of it outlives the call.
struct Serving {
  store::Store& store;
  topology::Cache& topology;
  topology::ColumnCache& columns;
  const Settings& settings;
  const std::function<Day()>& today;  // the day of reads that give none
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SERVING_H_
