#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/showing.h"
#include "graph/store/view_reader.h"

namespace guanxi::store {
namespace {

bool IsExistence(const RecordFact& fact) {
  return fact.key.kind == FactKind::kExistence;
}

const RecordFact* ExistenceOf(absl::Span<const RecordFact> facts) {
  const auto found = std::ranges::find_if(facts, IsExistence);
  return found == facts.end() ? nullptr : &*found;
}

}  // namespace

// A relationship that is denied shows its denial: only then are there slices of
// negated claims.
RelationshipReader::State RelationshipReader::StateOn(Day day) const {
  State state;
  const RecordFact* existence = ExistenceOf(facts_);
  if (existence == nullptr) return state;
  state.existence = SliceOn(*existence, lens_.modes, day);
  if (state.existence == nullptr) {
    state.existence = SliceOfClassOn(*existence, Mode::kNegated, day);
  }
  if (state.existence == nullptr) return state;
  const bool denied = state.existence->mode_class == Mode::kNegated;
  for (const RecordFact& fact : facts_) {
    const Slice* slice =
        IsExistence(fact) || denied
            ? nullptr
            : SliceOfClassOn(fact, state.existence->mode_class, day);
    const bool hidden =
        slice && lens_.certain && slice->presence == Presence::kMaybe;
    state.others.push_back(hidden ? nullptr : slice);
  }
  return state;
}

bool RelationshipReader::Hides(const State& state) const {
  if (state.existence == nullptr) return true;
  if (lens_.valid_at && !state.days.Contains(*lens_.valid_at)) return true;
  if (state.existence->mode_class == Mode::kNegated) return false;
  const Winner& winner = ExistenceOf(facts_)->winners[state.existence->winner];
  return (lens_.certain && state.existence->presence == Presence::kMaybe) ||
         winner.confidence < lens_.min_confidence;
}

std::vector<RelationshipReader::State> RelationshipReader::States() const {
  std::vector<const RecordFact*> all;
  for (const RecordFact& fact : facts_) all.push_back(&fact);
  const std::vector<Day> starts = SliceStarts(all);
  std::vector<State> states;
  for (size_t i = 0; i < starts.size(); ++i) {
    State state = StateOn(starts[i]);
    state.days = {starts[i],
                  i + 1 == starts.size() ? kEndOfTime : Before(starts[i + 1])};
    const bool joins = !states.empty() &&
                       states.back().existence == state.existence &&
                       states.back().others == state.others;
    if (joins) {
      states.back().days.last = state.days.last;
    } else {
      states.push_back(std::move(state));
    }
  }
  std::erase_if(states, [this](const State& state) { return Hides(state); });
  return states;
}

absl::StatusOr<RelationshipView> RelationshipReader::ViewOf(
    const State& state, OwnerEvidence& claims, RelationshipView view) const {
  const auto show = [&](const RecordFact& fact, const Slice& slice) {
    return MakeShowing(fact, slice, state.days, lens_, evidence_, claims);
  };
  view.denied = state.existence->mode_class == Mode::kNegated;
  ASSIGN_OR_RETURN(view.showing, show(*ExistenceOf(facts_), *state.existence));
  for (size_t i = 0; i < facts_.size(); ++i) {
    const Slice* slice = state.others[i];
    if (slice == nullptr) continue;
    const RecordFact& fact = facts_[i];
    ASSIGN_OR_RETURN(Showing showing, show(fact, *slice));
    const Winner& winner = fact.winners[slice->winner];
    if (fact.key.kind == FactKind::kDate) {
      const When* date = winner.value.get_if<When>();
      if (date == nullptr) return Damaged("the date of a relationship is none");
      view.date = DateView{*date, std::move(showing)};
    } else {
      view.properties.push_back(
          {fact.key, winner.value, {}, std::move(showing)});
    }
  }
  return view;
}

absl::StatusOr<std::vector<RelationshipView>> RelationshipReader::Read(
    const StoredRelationship& stored) {
  facts_ = stored.facts;
  OwnerEvidence claims(at_, stored);
  const RelationshipView base{
      .id = stored.id, .key = stored.key, .symmetric = stored.symmetric};
  std::vector<RelationshipView> views;
  for (const State& state : States()) {
    ASSIGN_OR_RETURN(RelationshipView view, ViewOf(state, claims, base));
    views.push_back(std::move(view));
  }
  return views;
}

absl::StatusOr<std::vector<FactClaims>> RelationshipReader::ReadClaims(
    const StoredRelationship& stored) {
  facts_ = stored.facts;
  OwnerEvidence claims(at_, stored);
  const std::vector<State> states = States();
  std::vector<FactClaims> result;
  for (size_t i = 0; i < facts_.size(); ++i) {
    Stretch shown;
    if (!states.empty()) {
      const State& state = states.back();
      shown = {state.days,
               IsExistence(facts_[i]) ? state.existence : state.others[i]};
    }
    ASSIGN_OR_RETURN(
        FactClaims listed,
        ListClaims(facts_[i], shown.slice ? &shown : nullptr, lens_, claims));
    listed.relationship = stored.key;
    result.push_back(std::move(listed));
  }
  return result;
}

}  // namespace guanxi::store
