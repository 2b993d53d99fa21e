#include "server/reading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "server/convert/predicate.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"

namespace guanxi::server {
namespace {

// Of an ambiguous name, this many entities are told, as far as their keys fit:
// error details travel in a header of 8 KiB.
constexpr size_t kMaxCandidates = 20;
constexpr size_t kMaxCandidateBytes = 500;

// Entities that one list of a request may name.
constexpr int kMaxEntityNames = 100;

absl::Status CheckRevision(Revision revision, uint64_t min_revision) {
  if (revision.number >= min_revision) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "REVISION_NOT_YET",
                   absl::StrCat("the store is at revision ", revision.number,
                                "; expected at least ", min_revision,
                                ", as options.min_revision asks"),
                   {{"min_revision", absl::StrCat(min_revision)},
                    {"latest_revision", absl::StrCat(revision.number)}});
}

absl::Status NotFound(const std::string& name, const FieldPath& field) {
  const std::string shown = Shorten(name, kMaxIdBytes);
  return MakeError(
      absl::StatusCode::kNotFound, "ENTITY_NOT_FOUND",
      absl::StrCat("no entity has the key or the name '", shown, "'"),
      {{"key", shown}, {"field", field.ToString()}});
}

absl::Status Ambiguous(const std::vector<std::string>& candidates,
                       const std::string& name, const FieldPath& field) {
  std::vector<std::string> quoted;
  size_t bytes = 0;
  for (const std::string& key : candidates) {
    bytes += key.size();
    if (bytes > kMaxCandidateBytes) break;
    quoted.push_back(QuoteString(key));
  }
  const std::string shown = Shorten(name, kMaxIdBytes);
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "ENTITY_AMBIGUOUS",
      absl::StrCat("several entities have the name '", shown,
                   "'; expected one of their keys"),
      {{"name", shown},
       {"candidates", absl::StrCat("[", absl::StrJoin(quoted, ", "), "]")},
       {"field", field.ToString()}});
}

}  // namespace

v1::ResolvedMoment Reading::moment() const {
  return ToProto(snapshot.revision(), lens);
}

absl::StatusOr<Reading> BeginReading(const Serving& serving,
                                     const v1::ReadOptions& options,
                                     Call& call) {
  ASSIGN_OR_RETURN(Lens lens,
                   FromProto(options, serving.today(), FieldPath("options")));
  ASSIGN_OR_RETURN(store::Snapshot snapshot,
                   serving.store.BeginSnapshot(FromProto(options.moment())));
  call.Note("revision", absl::StrCat(snapshot.revision().number));
  RETURN_IF_ERROR(
      CheckRevision(snapshot.latest_revision(), options.min_revision()));
  auto records = serving.columns.FindRecords(snapshot);
  if (records != nullptr) snapshot.Use(std::move(records));
  return Reading{std::move(snapshot), lens, nullptr};
}

absl::StatusOr<LookUp> LookUpEntity(const Reading& reading,
                                    const std::string& name,
                                    const FieldPath& field) {
  if (name.empty()) return Missing(field, "a key or a name of an entity");
  const store::Snapshot& snapshot = reading.snapshot;
  ASSIGN_OR_RETURN(const std::optional<EntityId> by_key,
                   snapshot.FindEntity(name));
  LookUp found;
  if (by_key.has_value()) {
    ASSIGN_OR_RETURN(const store::Cluster* cluster,
                     snapshot.ClusterOf(*by_key, reading.lens));
    found.id = cluster->canonical;
    return found;
  }
  ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                   snapshot.FindByName(name, reading.lens, kMaxCandidates));
  if (ids.size() == 1) found.id = ids.front();
  if (ids.size() <= 1) return found;
  for (const EntityId id : ids) {
    ASSIGN_OR_RETURN(std::string key, snapshot.EntityKey(id));
    found.candidates.push_back(std::move(key));
  }
  return found;
}

absl::Status WhyUnresolved(const LookUp& found, const std::string& name,
                           const FieldPath& field) {
  if (found.candidates.empty()) return NotFound(name, field);
  return Ambiguous(found.candidates, name, field);
}

absl::StatusOr<EntityId> ResolveEntity(const Reading& reading,
                                       const std::string& name,
                                       const FieldPath& field) {
  ASSIGN_OR_RETURN(const LookUp found, LookUpEntity(reading, name, field));
  if (!found.id.has_value()) return WhyUnresolved(found, name, field);
  return *found.id;
}

absl::StatusOr<std::vector<EntityId>> ResolveEntities(
    const Reading& reading,
    const google::protobuf::RepeatedPtrField<std::string>& names,
    const FieldPath& field) {
  if (names.size() > kMaxEntityNames) {
    return Invalid(field, absl::StrCat(names.size(), " names"),
                   absl::StrCat("at most ", kMaxEntityNames));
  }
  std::vector<EntityId> ids;
  for (int i = 0; i < names.size(); ++i) {
    ASSIGN_OR_RETURN(const EntityId id,
                     ResolveEntity(reading, names[i], FieldPath(field, i)));
    ids.push_back(id);
  }
  return ids;
}

absl::Status PrepareTraversal(const Serving& serving,
                              const v1::TraversalOptions& options,
                              const Call& call, Reading& reading,
                              traverse::TraversalSpec* spec) {
  reading.adjacency = serving.topology.Find(reading.snapshot);
  reading.columns = &serving.columns;
  reading.lens.min_confidence = spec->lens.min_confidence;
  spec->lens = reading.lens;
  const FieldPath traversal("traversal");
  ASSIGN_OR_RETURN(spec->exclude_entities,
                   ResolveEntities(reading, options.exclude_entities(),
                                   FieldPath(traversal, "exclude_entities")));
  RETURN_IF_ERROR(
      ReadPredicates(options, reading.snapshot.schema(), traversal, spec));
  call.Bind(&spec->budget);
  return absl::OkStatus();
}

absl::StatusOr<v1::EntitySummary> ReadSummary(const Reading& reading,
                                              EntityId id) {
  ASSIGN_OR_RETURN(const EntitySummary summary,
                   reading.snapshot.ReadSummary(id, reading.lens));
  return ToProto(summary);
}

absl::StatusOr<std::optional<v1::Relationship>> ReadNewest(
    const Reading& reading, RelationshipId id, Evidence evidence) {
  ASSIGN_OR_RETURN(
      const std::vector<RelationshipView> views,
      reading.snapshot.ReadRelationship(id, reading.lens, evidence));
  if (views.empty()) return std::nullopt;
  return ToProto(views.back());
}

absl::Status CheckAnswerSize(const google::protobuf::Message& answer,
                             const Settings& settings) {
  return CheckAnswerBytes(static_cast<int64_t>(answer.ByteSizeLong()),
                          settings);
}

absl::Status CheckAnswerBytes(int64_t bytes, const Settings& settings) {
  if (bytes <= settings.max_answer_bytes) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kResourceExhausted, "ANSWER_TOO_LARGE",
      absl::StrCat("the answer has ", bytes, " bytes; expected at most ",
                   settings.max_answer_bytes,
                   ": ask for fewer things or less evidence"),
      {{"bytes", absl::StrCat(bytes)},
       {"limit", absl::StrCat(settings.max_answer_bytes)}});
}

}  // namespace guanxi::server
