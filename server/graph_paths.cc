#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/path.h"
#include "server/answer_stream.h"
#include "server/convert/enums.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

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
  ASSIGN_OR_RETURN(spec.mode,
                   FromProtoOr(kPathModes, request.mode(), FieldPath("mode"),
                               traverse::PathMode::kAnyShortest));
  return spec;
}

// The ends on one side: `name`, and those of the list.
absl::StatusOr<std::vector<EntityId>> ReadEnds(
    const Reading& reading, const std::string& name, const char* field,
    const google::protobuf::RepeatedPtrField<std::string>& names,
    const char* list_field) {
  ASSIGN_OR_RETURN(std::vector<EntityId> ends,
                   ResolveEntities(reading, names, FieldPath(list_field)));
  if (name.empty() && !ends.empty()) return ends;
  ASSIGN_OR_RETURN(const EntityId end,
                   ResolveEntity(reading, name, FieldPath(field)));
  ends.insert(ends.begin(), end);
  return ends;
}

absl::StatusOr<traverse::PathEnds> ReadEnds(
    const Reading& reading, const v1::FindPathsRequest& request) {
  traverse::PathEnds ends;
  ASSIGN_OR_RETURN(ends.from,
                   ReadEnds(reading, request.from_entity(), "from_entity",
                            request.from_entities(), "from_entities"));
  ASSIGN_OR_RETURN(ends.to, ReadEnds(reading, request.to_entity(), "to_entity",
                                     request.to_entities(), "to_entities"));
  return ends;
}

absl::StatusOr<v1::Path> ReadPath(const Reading& reading,
                                  const traverse::Path& path,
                                  Evidence evidence) {
  v1::Path proto;
  for (const EntityId id : path.entities) {
    ASSIGN_OR_RETURN(*proto.add_entities(), ReadSummary(reading, id));
  }
  for (const RelationshipId id : path.relationships) {
    ASSIGN_OR_RETURN(std::optional<v1::Relationship> relationship,
                     ReadNewest(reading, id, evidence));
    if (relationship.has_value()) {
      *proto.add_relationships() = *std::move(relationship);
    }
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
  const Continuation parts(request, ToBudgetLimits(serving.settings));
  RETURN_IF_ERROR(
      parts.Resume(request.resume_token(), reading, spec.traversal));
  RETURN_IF_ERROR(PrepareTraversal(serving, request.traversal(), call, reading,
                                   &spec.traversal));
  ASSIGN_OR_RETURN(const traverse::PathEnds ends, ReadEnds(reading, request));
  ASSIGN_OR_RETURN(const traverse::PathAnswer found,
                   traverse::FindPaths(reading.ground(), ends, spec));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("paths", absl::StrCat(found.paths.size()));

  AnswerStream stream(serving.settings, writer);
  *stream.pending().mutable_moment() = reading.moment();
  for (const traverse::Path& path : found.paths) {
    RETURN_IF_ERROR(call.CheckGoing());
    ASSIGN_OR_RETURN(v1::Path proto, ReadPath(reading, path, evidence));
    RETURN_IF_ERROR(
        stream.Add(&v1::FindPathsResponse::mutable_paths, std::move(proto)));
  }
  *stream.pending().mutable_completeness() =
      parts.ToProto(found.completeness, reading);
  return stream.Finish();
}

}  // namespace guanxi::server
