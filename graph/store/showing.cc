#include "graph/store/showing.h"

#include <utility>

#include "graph/base/status_macros.h"

namespace guanxi::store {

absl::StatusOr<Showing> MakeShowing(const RecordFact& fact, const Slice& slice,
                                    const DayRange& days, const Lens& lens,
                                    Evidence evidence, OwnerEvidence& claims) {
  const Winner& winner = fact.winners[slice.winner];
  Showing showing{
      .days = days,
      .holds = slice.presence == Presence::kYes ? Holds::kYes : Holds::kMaybe,
      .conflict = slice.conflict,
      .disputed = slice.disputed,
      .undated = slice.undated,
      .mode = winner.mode,
      .confidence = winner.confidence,
      .implicit = winner.claim == 0};
  ASSIGN_OR_RETURN(
      showing.claims,
      claims.ClaimsOf(fact, slice, lens.valid_at.value_or(days.first),
                      evidence));
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
                     MakeShowing(fact, *shown->slice, shown->days, lens,
                                 Evidence::kNone, claims));
  }
  ASSIGN_OR_RETURN(
      listed.claims,
      claims.AllClaims(fact.key, shown ? shown->slice : nullptr, day));
  return listed;
}

}  // namespace guanxi::store
