#include "graph/store/showing.h"

#include <utility>

#include "graph/base/status_macros.h"

namespace guanxi::store {
namespace {

Showing ShowingOf(const RecordFact& fact, const Stretch& stretch) {
  const Winner& winner = fact.winners[stretch.slice->winner];
  Showing showing{.mode = winner.mode,
                  .confidence = winner.confidence,
                  .implicit = winner.claim == 0};
  Show(stretch, showing);
  return showing;
}

}  // namespace

void Show(const Stretch& stretch, Showing& showing) {
  const Slice& slice = *stretch.slice;
  showing.days = stretch.days;
  showing.holds =
      slice.presence == Presence::kYes ? Holds::kYes : Holds::kMaybe;
  showing.conflict = slice.conflict;
  showing.disputed = slice.disputed;
  showing.undated = slice.undated;
}

void ForEachShown(const RecordFact& fact, const Lens& lens, TakeShown take) {
  for (const Stretch& stretch : ShowFact(fact.slices, lens)) {
    const Winner& winner = fact.winners[stretch.slice->winner];
    take({fact.key,
          winner.value,
          winner.qualifiers,
          ShowingOf(fact, stretch),
          {}});
  }
}

absl::Status ForEachShown(const RecordView& record, size_t index,
                          const Catalog& catalog, const Lens& lens,
                          TakeShown take) {
  SoleFact sole;
  ASSIGN_OR_RETURN(const bool is_sole,
                   record.ReadSoleFact(index, catalog, sole));
  if (!is_sole) {
    ASSIGN_OR_RETURN(const RecordFact fact, record.ReadFact(index, catalog));
    ForEachShown(fact, lens, take);
    return absl::OkStatus();
  }
  const Stretches shown = ShowFact(sole.slices, lens);
  for (size_t i = 0; i < shown.size(); ++i) {
    Show(shown[i], sole.stated.showing);
    if (i + 1 == shown.size()) {
      take(std::move(sole.stated));
    } else {
      take(PropertyView(sole.stated));
    }
  }
  return absl::OkStatus();
}

absl::Status ForEachShown(const StoredEntity& stored, const FactName& name,
                          const Catalog& catalog, const Lens& lens,
                          TakeShown take) {
  if (stored.record.has_value()) {
    const auto [begin, end] = stored.record->Find(name.kind, name.id);
    for (size_t i = begin; i < end; ++i) {
      RETURN_IF_ERROR(ForEachShown(*stored.record, i, catalog, lens, take));
    }
    return absl::OkStatus();
  }
  for (const RecordFact& fact : stored.facts) {
    if (fact.key.kind != name.kind || fact.key.name != name.name) continue;
    ForEachShown(fact, lens, take);
  }
  return absl::OkStatus();
}

absl::Status ForEachShown(const StoredEntity& stored, const Portion& portion,
                          const Catalog& catalog, const Lens& lens,
                          TakeShown take) {
  if (!stored.record.has_value()) {
    for (const RecordFact& fact : stored.facts) ForEachShown(fact, lens, take);
    return absl::OkStatus();
  }
  for (const uint32_t index : stored.record->Order(portion, catalog)) {
    RETURN_IF_ERROR(ForEachShown(*stored.record, index, catalog, lens, take));
  }
  return absl::OkStatus();
}

absl::StatusOr<Showing> MakeShowing(const RecordFact& fact,
                                    const Stretch& stretch, const Lens& lens,
                                    Evidence evidence, OwnerEvidence& claims) {
  Showing showing = ShowingOf(fact, stretch);
  const Day day = lens.valid_at.value_or(stretch.days.first);
  ASSIGN_OR_RETURN(showing.claims,
                   claims.ClaimsOf(fact, *stretch.slice, day, evidence));
  return showing;
}

absl::StatusOr<FactClaims> ListClaims(const RecordFact& fact,
                                      const Stretch* shown, const Lens& lens,
                                      OwnerEvidence& claims) {
  FactClaims listed{.key = fact.key};
  Day day = lens.valid_at.value_or(kBeginningOfTime);
  if (shown != nullptr) {
    day = lens.valid_at.value_or(shown->days.first);
    ASSIGN_OR_RETURN(listed.showing,
                     MakeShowing(fact, *shown, lens, Evidence::kNone, claims));
  }
  ASSIGN_OR_RETURN(
      listed.claims,
      claims.AllClaims(fact.key, shown ? shown->slice : nullptr, day));
  return listed;
}

}  // namespace guanxi::store
