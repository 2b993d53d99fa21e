#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/connection.h"
#include "server/answer_stream.h"
#include "server/convert/enums.h"
#include "server/convert/traversal.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

namespace guanxi::server {
namespace {

using traverse::ConnectionSpec;

absl::StatusOr<ConnectionSpec> ReadSpec(const v1::ConnectRequest& request,
                                        const Settings& settings) {
  ConnectionSpec spec;
  const FieldPath traversal("traversal");
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                traversal, &spec.traversal));
  if (spec.traversal.direction != Direction::kBoth) {
    return Invalid(FieldPath(traversal, "direction"),
                   v1::Direction_Name(request.traversal().direction()),
                   "DIRECTION_BOTH: along relationships of one direction alone "
                   "no small network is certain");
  }
  if (request.max_distance() < 0 ||
      request.max_distance() > ConnectionSpec::kMaxDistance) {
    return Invalid(FieldPath("max_distance"),
                   absl::StrCat(request.max_distance()),
                   absl::StrCat("1 to ", ConnectionSpec::kMaxDistance));
  }
  if (request.max_distance() > 0) spec.max_distance = request.max_distance();
  return spec;
}

absl::StatusOr<std::vector<EntityId>> ReadGiven(
    const Reading& reading, const v1::ConnectRequest& request) {
  const FieldPath field("entities");
  constexpr auto kMost = static_cast<int>(ConnectionSpec::kMaxEntities);
  const std::string expected = absl::StrCat("2 to ", kMost, " different ones");
  if (request.entities().empty()) {
    return Missing(field, "keys or names of entities");
  }
  if (request.entities_size() > kMost) {
    return Invalid(field, absl::StrCat(request.entities_size(), " names"),
                   expected);
  }
  ASSIGN_OR_RETURN(std::vector<EntityId> given,
                   ResolveEntities(reading, request.entities(), field));
  if (std::ranges::count(given, given[0]) == std::ssize(given)) {
    return Invalid(field, "1 entity", expected);
  }
  return given;
}

absl::StatusOr<v1::Network> ReadNetwork(const Reading& reading,
                                        const traverse::Network& network,
                                        Evidence evidence) {
  v1::Network proto;
  for (const EntityId id : network.given) {
    ASSIGN_OR_RETURN(*proto.add_given(), reading.snapshot.EntityKey(id));
  }
  for (const EntityId id : network.entities) {
    ASSIGN_OR_RETURN(*proto.add_entities(), ReadSummary(reading, id));
  }
  for (const RelationshipId id : network.relationships) {
    ASSIGN_OR_RETURN(std::optional<v1::Relationship> relationship,
                     ReadNewest(reading, id, evidence));
    if (relationship.has_value()) {
      *proto.add_relationships() = *std::move(relationship);
    }
  }
  return proto;
}

}  // namespace

absl::Status Connect(const Serving& serving, const v1::ConnectRequest& request,
                     Call& call,
                     grpc::ServerWriter<v1::ConnectResponse>* writer) {
  ASSIGN_OR_RETURN(ConnectionSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(const Evidence evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(const Continuation parts,
                   BeginPart(serving, request, call, reading, &spec.traversal));
  ASSIGN_OR_RETURN(const std::vector<EntityId> given,
                   ReadGiven(reading, request));
  ASSIGN_OR_RETURN(const traverse::Connections found,
                   traverse::FindConnections(reading.ground(), given, spec));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("networks", absl::StrCat(found.networks.size()));

  AnswerStream stream(serving.settings, call, writer);
  *stream.pending().mutable_moment() = reading.moment();
  for (const traverse::Network& network : found.networks) {
    RETURN_IF_ERROR(call.CheckGoing());
    ASSIGN_OR_RETURN(v1::Network proto,
                     ReadNetwork(reading, network, evidence));
    RETURN_IF_ERROR(
        stream.Add(&v1::ConnectResponse::mutable_networks, std::move(proto)));
  }
  *stream.pending().mutable_completeness() =
      parts.ToProto(found.completeness, reading, call);
  return stream.Finish();
}

}  // namespace guanxi::server
