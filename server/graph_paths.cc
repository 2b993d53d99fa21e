#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/path.h"
#include "server/answer_stream.h"
#include "server/convert/predicate.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

using traverse::PathSpec;

absl::StatusOr<PathSpec> ReadSpec(const v1::FindPathsRequest& request,
                                  const Settings& settings) {
  PathSpec spec;
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                FieldPath("traversal"), &spec.traversal));
  if (request.max_length() < 0 || request.max_length() > PathSpec::kMaxLength) {
    return Invalid(FieldPath("max_length"), absl::StrCat(request.max_length()),
                   absl::StrCat("1 to ", PathSpec::kMaxLength));
  }
  if (request.max_length() > 0) spec.max_length = request.max_length();
  return spec;
}

absl::StatusOr<v1::Path> ReadPath(const Reading& reading,
                                  const traverse::Path& path,
                                  Evidence evidence) {
  v1::Path proto;
  for (const EntityId id : path.entities) {
    ASSIGN_OR_RETURN(*proto.add_entities(), ReadSummary(reading, id));
  }
  for (const RelationshipId id : path.relationships) {
    ASSIGN_OR_RETURN(
        const std::vector<RelationshipView> views,
        reading.snapshot.ReadRelationship(id, reading.lens, evidence));
    // Under any day there is one for each slice: the path is there on some day.
    if (!views.empty()) *proto.add_relationships() = ToProto(views.back());
  }
  return proto;
}

}  // namespace

absl::Status FindPaths(const Serving& serving,
                       const v1::FindPathsRequest& request, Call& call,
                       grpc::ServerWriter<v1::FindPathsResponse>* writer) {
  call.Note("from", request.from_entity());
  call.Note("to", request.to_entity());
  ASSIGN_OR_RETURN(PathSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(const Evidence evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  reading.lens.min_confidence = spec.traversal.lens.min_confidence;
  spec.traversal.lens = reading.lens;
  RETURN_IF_ERROR(ReadPredicates(request.traversal(), reading.snapshot.schema(),
                                 FieldPath("traversal"), &spec.traversal));
  call.Bind(&spec.traversal.budget);
  ASSIGN_OR_RETURN(
      const EntityId from,
      ResolveEntity(reading, request.from_entity(), FieldPath("from_entity")));
  ASSIGN_OR_RETURN(
      const EntityId to,
      ResolveEntity(reading, request.to_entity(), FieldPath("to_entity")));
  ASSIGN_OR_RETURN(
      const traverse::PathAnswer found,
      traverse::FindShortestPath(reading.snapshot, from, to, spec));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();

  AnswerStream stream(serving.settings, writer);
  *stream.pending().mutable_moment() = reading.moment();
  if (found.path.has_value()) {
    ASSIGN_OR_RETURN(v1::Path path, ReadPath(reading, *found.path, evidence));
    RETURN_IF_ERROR(
        stream.Add(&v1::FindPathsResponse::mutable_paths, std::move(path)));
  }
  *stream.pending().mutable_completeness() = ToProto(found.completeness);
  return stream.Finish();
}

}  // namespace guanxi::server
