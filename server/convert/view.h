#ifndef GUANXI_SERVER_CONVERT_VIEW_H_
#define GUANXI_SERVER_CONVERT_VIEW_H_

#include "graph/model/view.h"
#include "guanxi/v1/graph.pb.h"
#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::server {

v1::Showing ToProto(const Showing& showing);
v1::FactKey ToProto(const FactKey& key);
v1::RelationshipKey ToProto(const RelationshipKey& key);
v1::Entity ToProto(const EntityView& view);
v1::Relationship ToProto(const RelationshipView& view);
v1::Fact ToProto(const FactClaims& fact);
v1::EntitySummary ToProto(const EntitySummary& summary);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_VIEW_H_
