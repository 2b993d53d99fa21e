#ifndef GUANXI_SERVER_CONVERT_VIEW_H_
#define GUANXI_SERVER_CONVERT_VIEW_H_

#include "graph/model/view.h"
#include "guanxi/v1/graph.pb.h"
#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::server {

// Into a message that is empty still.
void Write(const Showing& showing, v1::Showing* proto);
void Write(const FactKey& key, v1::FactKey* proto);
void Write(const RelationshipKey& key, v1::RelationshipKey* proto);

v1::Entity ToProto(const EntityView& view);
v1::Relationship ToProto(const RelationshipView& view);
v1::Fact ToProto(const FactClaims& fact);
v1::EntitySummary ToProto(const EntitySummary& summary);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_VIEW_H_
