#ifndef GUANXI_SERVER_CONVERT_CHANGES_H_
#define GUANXI_SERVER_CONVERT_CHANGES_H_

#include "graph/store/comparison.h"
#include "graph/store/fact_history.h"
#include "guanxi/v1/changes.pb.h"

namespace guanxi::server {

v1::HistoryEvent ToProto(const store::HistoryEvent& event);
v1::FactChange ToProto(const store::FactChange& change);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_CHANGES_H_
