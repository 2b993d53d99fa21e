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

// Adds what one fact shows.
absl::Status Add(PropertyView&& shown, RelationshipView& view) {
  switch (shown.key.kind) {
    case FactKind::kExistence:
      view.showing = std::move(shown.showing);
      break;
    case FactKind::kDate: {
      const When* date = shown.value.get_if<When>();
      if (date == nullptr) return Damaged("the date of a relationship is none");
      view.date = DateView{*date, std::move(shown.showing)};
      break;
    }
    case FactKind::kLabel:
    case FactKind::kProperty:
      view.properties.push_back(std::move(shown));
      break;
  }
  return absl::OkStatus();
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
  state.existence = SliceOn(existence->slices, lens_.modes, day);
  if (state.existence == nullptr) {
    state.existence = SliceOfClassOn(existence->slices, Mode::kNegated, day);
  }
  if (state.existence == nullptr) return state;
  const bool denied = state.existence->mode_class == Mode::kNegated;
  for (const RecordFact& fact : facts_) {
    const Slice* slice =
        IsExistence(fact) || denied
            ? nullptr
            : SliceOfClassOn(fact.slices, state.existence->mode_class, day);
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
  std::vector<absl::Span<const Slice>> all;
  for (const RecordFact& fact : facts_) all.push_back(fact.slices);
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
    return MakeShowing(fact, {state.days, &slice}, lens_, evidence_, claims);
  };
  view.denied = state.existence->mode_class == Mode::kNegated;
  ASSIGN_OR_RETURN(view.showing, show(*ExistenceOf(facts_), *state.existence));
  for (size_t i = 0; i < facts_.size(); ++i) {
    const Slice* slice = state.others[i];
    if (slice == nullptr) continue;
    const RecordFact& fact = facts_[i];
    ASSIGN_OR_RETURN(Showing showing, show(fact, *slice));
    const Winner& winner = fact.winners[slice->winner];
    RETURN_IF_ERROR(
        Add({fact.key, winner.value, {}, std::move(showing)}, view));
  }
  return view;
}

// What is shown around the lens's day, or on all days if nothing changes, of
// facts that show one claim each. nullopt: it takes States() to tell.
absl::StatusOr<std::optional<RelationshipView>> RelationshipReader::ReadAround(
    const StoredRelationship& stored, const Portion& portion) const {
  const auto order = stored.record->Order(portion, at_.catalog);
  std::vector<SoleFact> facts(order.size());
  bool holds_always = true;
  for (size_t i = 0; i < order.size(); ++i) {
    ASSIGN_OR_RETURN(const bool is_sole, stored.record->ReadSoleFact(
                                             order[i], at_.catalog, facts[i]));
    if (!is_sole) return std::nullopt;
    holds_always = holds_always && HoldsAlways(facts[i].slices);
  }
  // Existence comes first.
  if (facts.empty() || facts[0].stated.key.kind != FactKind::kExistence ||
      !(lens_.valid_at.has_value() || holds_always)) {
    return std::nullopt;
  }
  return ShowAround(lens_.valid_at.value_or(kBeginningOfTime), facts);
}

// The same; consumes `facts`.
absl::StatusOr<std::optional<RelationshipView>> RelationshipReader::ShowAround(
    Day day, std::vector<SoleFact>& facts) const {
  const Stretches existence = ShowFact(facts[0].slices, lens_);
  if (existence.empty()) return std::nullopt;
  DayRange days = existence.front().days;
  absl::InlinedVector<const Slice*, 8> shown = {existence.front().slice};
  for (const SoleFact& fact : absl::MakeSpan(facts).subspan(1)) {
    const Stretch around =
        StretchOfClassOn(fact.slices, shown[0]->mode_class, lens_.certain, day);
    days = Intersect(days, around.days);
    shown.push_back(around.slice);
  }
  RelationshipView view;
  view.properties.reserve(facts.size() - 1);
  for (size_t i = 0; i < facts.size(); ++i) {
    if (shown[i] == nullptr) continue;
    PropertyView& stated = facts[i].stated;
    Show({days, shown[i]}, stated.showing);
    RETURN_IF_ERROR(Add(std::move(stated), view));
  }
  return view;
}

absl::StatusOr<std::vector<RelationshipView>> RelationshipReader::ReadPortion(
    StoredRelationship stored, const Portion& portion) {
  std::vector<RelationshipView> views;
  ASSIGN_OR_RETURN(std::optional<RelationshipView> around,
                   ReadAround(stored, portion));
  if (!around.has_value()) {
    ASSIGN_OR_RETURN(stored.facts,
                     ReadFacts(*stored.record, at_.catalog, portion));
    return Read(stored);
  }
  if (around->showing.confidence < lens_.min_confidence) return views;
  around->id = stored.id;
  around->key = std::move(stored.key);
  around->symmetric = stored.symmetric;
  views.push_back(*std::move(around));
  return views;
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
