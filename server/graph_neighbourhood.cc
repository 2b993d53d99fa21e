#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/neighbourhood.h"
#include "server/answer_stream.h"
#include "server/convert/enums.h"
#include "server/convert/hop.h"
#include "server/convert/predicate.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

namespace guanxi::server {
namespace {

using traverse::NeighbourhoodSpec;
using NeighbourhoodStream = AnswerStream<v1::NeighbourhoodResponse>;

absl::StatusOr<NeighbourhoodSpec> ReadSpec(
    const v1::NeighbourhoodRequest& request, const Settings& settings) {
  NeighbourhoodSpec spec;
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                FieldPath("traversal"), &spec.traversal));
  spec.include_denied = request.include_denied();
  if (request.has_hubs()) {
    ASSIGN_OR_RETURN(spec.hubs, FromProto(request.hubs(), FieldPath("hubs")));
  }
  return spec;
}

// Writes an answer; reads what it needs of each thing as it goes.
class NeighbourhoodWriter {
 public:
  NeighbourhoodWriter(const Reading& reading, Evidence evidence,
                      const Call& call, NeighbourhoodStream& stream)
      : reading_(reading), evidence_(evidence), call_(call), stream_(stream) {}

  // What a walk has found since the last time.
  absl::Status Write(const traverse::NeighbourhoodFinds& finds) {
    using Response = v1::NeighbourhoodResponse;
    PrefetchEntities(reading_, finds.entities);
    reading_.snapshot.Prefetch(finds.relationships);
    RETURN_IF_ERROR(WriteEntities(finds.entities));
    RETURN_IF_ERROR(WriteRelationships(finds.relationships,
                                       &Response::mutable_relationships));
    RETURN_IF_ERROR(
        WriteRelationships(finds.denied, &Response::mutable_denied));
    RETURN_IF_ERROR(WriteHubs(finds.hubs));
    relationships_ += finds.relationships.size();
    return stream_.SendIfDue();
  }

  void WriteCounts(const std::vector<traverse::TypeCount>& counts) {
    for (const traverse::TypeCount& count : counts) {
      v1::TypeCount* written = stream_.pending().add_counts();
      written->set_type(count.type);
      written->set_direction(ToProto(kDirections, count.direction));
      written->set_count(count.count);
    }
  }

  size_t relationships() const { return relationships_; }  // written

 private:
  absl::Status WriteEntities(
      absl::Span<const traverse::VisitedEntity> entities) {
    for (const traverse::VisitedEntity& visited : entities) {
      RETURN_IF_ERROR(call_.CheckGoing());
      v1::Neighbour neighbour;
      ASSIGN_OR_RETURN(*neighbour.mutable_entity(),
                       ReadSummary(reading_, visited.id));
      neighbour.set_depth(visited.depth);
      if (visited.depth > 0) {
        ASSIGN_OR_RETURN(*neighbour.mutable_parent(), KeyOf(visited.parent));
      }
      RETURN_IF_ERROR(stream_.Add(&v1::NeighbourhoodResponse::mutable_entities,
                                  std::move(neighbour)));
    }
    return absl::OkStatus();
  }

  using Relationships = google::protobuf::RepeatedPtrField<v1::Relationship>;
  absl::Status WriteRelationships(
      absl::Span<const RelationshipId> relationships,
      Relationships* (v1::NeighbourhoodResponse::*field)()) {
    for (const RelationshipId id : relationships) {
      RETURN_IF_ERROR(call_.CheckGoing());
      ASSIGN_OR_RETURN(
          const std::vector<RelationshipView> views,
          reading_.snapshot.ReadRelationship(id, reading_.lens, evidence_));
      for (const RelationshipView& view : views) {
        RETURN_IF_ERROR(stream_.Add(field, ToProto(view)));
      }
    }
    return absl::OkStatus();
  }

  absl::Status WriteHubs(absl::Span<const traverse::Hub> hubs) {
    for (const traverse::Hub& hub : hubs) {
      RETURN_IF_ERROR(call_.CheckGoing());
      v1::Hub written;
      ASSIGN_OR_RETURN(*written.mutable_entity(),
                       ReadSummary(reading_, hub.id));
      written.set_depth(hub.depth);
      written.set_left_out(hub.left_out);
      RETURN_IF_ERROR(stream_.Add(&v1::NeighbourhoodResponse::mutable_hubs,
                                  std::move(written)));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> KeyOf(EntityId id) const {
    const store::Snapshot& snapshot = reading_.snapshot;
    return snapshot.identity(reading_.lens).KeyOf(snapshot.standpoint(), id);
  }

  const Reading& reading_;
  const Evidence evidence_;
  const Call& call_;
  NeighbourhoodStream& stream_;
  size_t relationships_ = 0;
};

}  // namespace

absl::Status Neighbourhood(
    const Serving& serving, const v1::NeighbourhoodRequest& request, Call& call,
    grpc::ServerWriter<v1::NeighbourhoodResponse>* writer) {
  call.Note("entity", request.entity());
  ASSIGN_OR_RETURN(NeighbourhoodSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(const Evidence evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(const Continuation parts,
                   BeginPart(serving, request, call, reading, &spec.traversal));
  RETURN_IF_ERROR(ReadHops(request, reading.snapshot.schema(), &spec));
  ASSIGN_OR_RETURN(
      const EntityId start,
      ResolveEntity(reading, request.entity(), FieldPath("entity")));

  NeighbourhoodStream stream(serving.settings, call, writer);
  *stream.pending().mutable_moment() = reading.moment();
  NeighbourhoodWriter answer(reading, evidence, call, stream);
  ASSIGN_OR_RETURN(const traverse::Neighbourhood found,
                   traverse::FindNeighbourhood(
                       reading.ground(), start, spec,
                       [&](const traverse::NeighbourhoodFinds& finds) {
                         return answer.Write(finds);
                       }));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("relationships", absl::StrCat(answer.relationships()));
  answer.WriteCounts(found.counts);
  *stream.pending().mutable_completeness() =
      parts.ToProto(found.completeness, reading, call);
  return stream.Finish();
}

}  // namespace guanxi::server
