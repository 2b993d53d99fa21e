#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/reach.h"
#include "server/answer_stream.h"
#include "server/convert/traversal.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

namespace guanxi::server {
namespace {

using traverse::ReachSpec;

absl::StatusOr<ReachSpec> ReadSpec(const v1::ReachRequest& request,
                                   const Settings& settings) {
  ReachSpec spec;
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                FieldPath("traversal"), &spec.traversal));
  if (request.max_depth() < 0 || request.max_depth() > ReachSpec::kMaxDepth) {
    return Invalid(FieldPath("max_depth"), absl::StrCat(request.max_depth()),
                   absl::StrCat("1 to ", ReachSpec::kMaxDepth));
  }
  if (request.max_depth() > 0) spec.max_depth = request.max_depth();
  spec.counts_only = request.counts_only();
  return spec;
}

absl::StatusOr<std::vector<EntityId>> ReadStarts(
    const Reading& reading, const v1::ReachRequest& request) {
  const FieldPath field("entities");
  if (request.entities().empty()) {
    return Missing(field, "keys or names of entities");
  }
  return ResolveEntities(reading, request.entities(), field);
}

}  // namespace

absl::Status Reach(const Serving& serving, const v1::ReachRequest& request,
                   Call& call, grpc::ServerWriter<v1::ReachResponse>* writer) {
  ASSIGN_OR_RETURN(ReachSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(const Continuation parts,
                   BeginPart(serving, request, call, reading, &spec.traversal));
  ASSIGN_OR_RETURN(const std::vector<EntityId> starts,
                   ReadStarts(reading, request));

  AnswerStream stream(serving.settings, call, writer);
  *stream.pending().mutable_moment() = reading.moment();
  size_t written = 0;
  const auto write =
      [&](absl::Span<const traverse::ReachedEntity> reached) -> absl::Status {
    PrefetchEntities(reading, reached);
    for (const traverse::ReachedEntity& one : reached) {
      RETURN_IF_ERROR(call.CheckGoing());
      v1::ReachedEntity proto;
      ASSIGN_OR_RETURN(*proto.mutable_entity(), ReadSummary(reading, one.id));
      proto.set_depth(one.depth);
      RETURN_IF_ERROR(
          stream.Add(&v1::ReachResponse::mutable_entities, std::move(proto)));
    }
    written += reached.size();
    return stream.SendIfDue();
  };
  ASSIGN_OR_RETURN(const traverse::Reach found,
                   traverse::FindReach(reading.ground(), starts, spec, write));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("entities", absl::StrCat(written));
  for (const int64_t count : found.counts) stream.pending().add_counts(count);
  *stream.pending().mutable_completeness() =
      parts.ToProto(found.completeness, reading, call);
  return stream.Finish();
}

}  // namespace guanxi::server
