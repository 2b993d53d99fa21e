#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/shared_neighbours.h"
#include "server/answer_stream.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

namespace guanxi::server {
namespace {

using Spec = traverse::CommonNeighboursSpec;

absl::StatusOr<Spec> ReadSpec(const v1::CommonNeighboursRequest& request,
                              const Settings& settings) {
  Spec spec;
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                FieldPath("traversal"), &spec.traversal));
  spec.min_shared = request.min_shared();
  return spec;
}

// The given entities, each once. How many they are says what `min_shared` may
// be.
absl::StatusOr<std::vector<EntityId>> ReadGiven(
    const Reading& reading, const v1::CommonNeighboursRequest& request) {
  const FieldPath field("entities");
  if (request.entities().empty()) {
    return Missing(field, "keys or names of entities");
  }
  ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                   ResolveEntities(reading, request.entities(), field));
  std::vector<EntityId> given;
  for (const EntityId id : ids) {
    if (std::ranges::count(given, id) == 0) given.push_back(id);
  }
  if (given.size() < Spec::kMinEntities) {
    return Invalid(field, "one entity", "2 that are different, or more");
  }
  const int64_t least = request.min_shared();
  const bool is_possible = least >= int64_t{Spec::kMinEntities} &&
                           least <= static_cast<int64_t>(given.size());
  if (least == 0 || is_possible) return given;
  return Invalid(FieldPath("min_shared"), absl::StrCat(least),
                 absl::StrCat("0 for all, or 2 to ", given.size()));
}

// Writes common neighbours; reads what it needs of each thing as it goes, the
// keys of the given entities once.
class SharedWriter {
 public:
  SharedWriter(const Reading& reading, Evidence evidence,
               const Settings& settings, const Call& call)
      : reading_(reading),
        evidence_(evidence),
        settings_(settings),
        call_(call) {}

  absl::StatusOr<v1::CommonNeighbour> Write(
      const traverse::CommonNeighbour& common) {
    v1::CommonNeighbour proto;
    ASSIGN_OR_RETURN(*proto.mutable_entity(), ReadSummary(reading_, common.id));
    for (const EntityId id : common.shared_by) {
      std::string& key = keys_[id];
      if (key.empty()) {
        ASSIGN_OR_RETURN(key, reading_.snapshot.EntityKey(id));
      }
      proto.add_shared_by(key);
    }
    RETURN_IF_ERROR(AddRelationships(common.relationships, proto));
    return proto;
  }

 private:
  // A hub can have many with one entity: what is too large is not put together.
  absl::Status AddRelationships(const std::vector<RelationshipId>& ids,
                                v1::CommonNeighbour& proto) const {
    int64_t bytes = 0;
    for (const RelationshipId id : ids) {
      RETURN_IF_ERROR(call_.CheckGoing());
      ASSIGN_OR_RETURN(
          const std::vector<RelationshipView> views,
          reading_.snapshot.ReadRelationship(id, reading_.lens, evidence_));
      for (const RelationshipView& view : views) {
        v1::Relationship& added = *proto.add_relationships();
        added = ToProto(view);
        bytes += static_cast<int64_t>(added.ByteSizeLong());
      }
      if (bytes > settings_.max_answer_bytes) {
        return CheckAnswerSize(proto, settings_);
      }
    }
    return absl::OkStatus();
  }

  const Reading& reading_;
  const Evidence evidence_;
  const Settings& settings_;
  const Call& call_;
  absl::flat_hash_map<EntityId, std::string> keys_;
};

}  // namespace

absl::Status CommonNeighbours(
    const Serving& serving, const v1::CommonNeighboursRequest& request,
    Call& call, grpc::ServerWriter<v1::CommonNeighboursResponse>* writer) {
  ASSIGN_OR_RETURN(Spec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(const Evidence evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(const Continuation parts,
                   BeginPart(serving, request, call, reading, &spec.traversal));
  ASSIGN_OR_RETURN(const std::vector<EntityId> given,
                   ReadGiven(reading, request));
  ASSIGN_OR_RETURN(
      const traverse::CommonNeighbours found,
      traverse::FindCommonNeighbours(reading.ground(), given, spec));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("neighbours", absl::StrCat(found.neighbours.size()));

  AnswerStream stream(serving.settings, call, writer);
  *stream.pending().mutable_moment() = reading.moment();
  SharedWriter answer(reading, evidence, serving.settings, call);
  for (const traverse::CommonNeighbour& common : found.neighbours) {
    ASSIGN_OR_RETURN(v1::CommonNeighbour proto, answer.Write(common));
    RETURN_IF_ERROR(stream.Add(
        &v1::CommonNeighboursResponse::mutable_neighbours, std::move(proto)));
  }
  *stream.pending().mutable_completeness() =
      parts.ToProto(found.completeness, reading, call);
  return stream.Finish();
}

}  // namespace guanxi::server
