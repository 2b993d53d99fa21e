#include "graph/store/precondition.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/catalog.h"
#include "graph/store/claim_table.h"
#include "graph/store/damage.h"
#include "graph/store/fact_codec.h"
#include "graph/store/history.h"
#include "graph/store/log.h"

namespace guanxi::store {
namespace {

// How something stands: whether anything is believed of it, and whether that
// has changed since a revision.
struct State {
  bool exists = false;
  bool changed = false;
};

absl::StatusOr<std::optional<EntityId>> FindId(const Standpoint& at,
                                               const std::string& key) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   at.txn.Get(at.tables.entity_key, key));
  if (!found.has_value()) return std::nullopt;
  EntityId id;
  ASSIGN_OR_RETURN(id.value, ReadIdRow(*found, "an entity's key"));
  return id;
}

// The facts of a record with this property's name (all if it is empty), as
// bytes.
absl::StatusOr<std::string> FactsOf(const RecordView& record,
                                    const Catalog& catalog,
                                    const std::string& property) {
  std::string bytes;
  ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                   ReadFacts(record, catalog));
  for (const RecordFact& fact : facts) {
    const bool wanted =
        property.empty() ||
        (fact.key.kind == FactKind::kProperty && fact.key.name == property);
    if (!wanted) continue;
    PutFactKey(fact.key, &bytes);
    PutFact(fact, &bytes);
  }
  return bytes;
}

// Whether an owner was given its id after a revision.
absl::StatusOr<bool> IsLater(const Standpoint& at, Owner owner,
                             Revision since) {
  ASSIGN_OR_RETURN(const std::optional<LogRow> head,
                   ReadLogHead(at.txn, at.tables, since));
  if (!head.has_value()) return since.number == 0;
  const uint64_t next = owner.kind == OwnerKind::kEntity
                            ? head->next_entity
                            : head->next_relationship;
  return owner.id >= next;
}

// Of an owner that was there at `since`, or given its id later.
template <typename Id>
absl::StatusOr<State> StateOf(const Standpoint& at, Id id,
                              const std::string& property, Revision since) {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
  ASSIGN_OR_RETURN(const std::string now,
                   FactsOf(record, at.catalog, property));
  State state{.exists = !now.empty()};
  ASSIGN_OR_RETURN(const bool later, IsLater(at, Owner::Of(id), since));
  if (later) {
    state.changed = state.exists;
    return state;
  }
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> image,
                   FindImage(at.txn, at.tables, Owner::Of(id), since));
  if (!image.has_value()) return state;
  ASSIGN_OR_RETURN(const RecordView before, RecordView::Parse(*image));
  ASSIGN_OR_RETURN(const std::string then,
                   FactsOf(before, at.catalog, property));
  state.changed = then != now;
  return state;
}

absl::StatusOr<State> Look(const Standpoint& at,
                           const Precondition::Entity& entity, Revision since) {
  ASSIGN_OR_RETURN(const std::optional<EntityId> id, FindId(at, entity.key));
  if (!id.has_value()) return State();
  ASSIGN_OR_RETURN(State state, StateOf(at, *id, "", since));
  if (state.exists) return state;
  ASSIGN_OR_RETURN(state.exists, IsTouched(at, *id));
  return state;
}

absl::StatusOr<State> Look(const Standpoint& at,
                           const Precondition::Property& property,
                           Revision since) {
  ASSIGN_OR_RETURN(const std::optional<EntityId> id, FindId(at, property.key));
  if (!id.has_value()) return State();
  return StateOf(at, *id, property.name, since);
}

absl::StatusOr<State> Look(const Standpoint& at, const RelationshipKey& key,
                           Revision since) {
  const std::optional<TypeId> type = at.catalog.types.Find(key.type);
  ASSIGN_OR_RETURN(const std::optional<EntityId> subject,
                   FindId(at, key.subject));
  ASSIGN_OR_RETURN(const std::optional<EntityId> object,
                   FindId(at, key.object));
  if (!type || !subject || !object) return State();
  ASSIGN_OR_RETURN(
      std::vector<RelationshipId> between,
      RelationshipsBetween(at.txn, at.tables, *subject, *type, *object));
  if (IsSymmetric(at.catalog, *type)) {
    ASSIGN_OR_RETURN(
        const std::vector<RelationshipId> reversed,
        RelationshipsBetween(at.txn, at.tables, *object, *type, *subject));
    between.insert(between.end(), reversed.begin(), reversed.end());
  }
  for (const RelationshipId id : between) {
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
    ASSIGN_OR_RETURN(const RelationshipHead head,
                     record.ReadRelationshipHead());
    if (head.name == key.name && head.keys == key.keys) {
      return StateOf(at, id, "", since);
    }
  }
  return State();
}

absl::StatusOr<State> Look(const Standpoint& at,
                           const Precondition::Claim& claim, Revision since) {
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> ref,
                   FindClaimById(at.txn, at.tables, claim.id));
  if (!ref.has_value()) return State();
  ASSIGN_OR_RETURN(const std::optional<StoredClaim> stored,
                   ReadClaim(at.txn, at.tables, *ref));
  if (!stored.has_value()) return State();
  const StoredClaim::Belief& last = stored->beliefs.back();
  return State{.exists = stored->believed(),
               .changed = since < last.from || (last.to && since < *last.to)};
}

std::string NameOf(const Precondition::Target& target) {
  struct Namer {
    std::string operator()(const Precondition::Entity& entity) const {
      return absl::StrCat("entity '", entity.key, "'");
    }
    std::string operator()(const Precondition::Property& property) const {
      return absl::StrCat("property '", property.name, "' of '", property.key,
                          "'");
    }
    std::string operator()(const RelationshipKey& key) const {
      return key.ToString();
    }
    std::string operator()(const Precondition::Claim& claim) const {
      return absl::StrCat("claim '", claim.id, "'");
    }
  };
  return std::visit(Namer(), target);
}

absl::Status Failed(absl::StatusCode code, const Precondition& precondition,
                    size_t index, absl::string_view problem) {
  const std::string name = NameOf(precondition.target);
  return MakeError(code, "PRECONDITION_FAILED",
                   absl::StrCat(name, " ", problem, "; nothing was applied"),
                   {{"precondition", absl::StrCat(index)}, {"target", name}});
}

}  // namespace

absl::Status CheckPrecondition(const Standpoint& at,
                               const Precondition& precondition, size_t index) {
  const Revision since = precondition.unchanged_since.value_or(at.revision);
  ASSIGN_OR_RETURN(
      const State state,
      std::visit([&](const auto& target) { return Look(at, target, since); },
                 precondition.target));
  using Presence = Precondition::Presence;
  if (precondition.presence == Presence::kExists && !state.exists) {
    return Failed(absl::StatusCode::kFailedPrecondition, precondition, index,
                  "does not exist");
  }
  if (precondition.presence == Presence::kAbsent && state.exists) {
    return Failed(absl::StatusCode::kFailedPrecondition, precondition, index,
                  "exists already");
  }
  if (state.changed) {
    return Failed(absl::StatusCode::kAborted, precondition, index,
                  absl::StrCat("has changed since revision ", since.number,
                               ": read it again"));
  }
  return absl::OkStatus();
}

}  // namespace guanxi::store
