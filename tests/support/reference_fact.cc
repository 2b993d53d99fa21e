#include "tests/support/reference_fact.h"

#include <algorithm>
#include <compare>
#include <utility>

namespace guanxi::test {
namespace {

// Numbers before days before all else, for an order of unlike things.
int Sort(const Meaning& meaning) {
  if (meaning.numbers.has_value()) return 0;
  return meaning.days.has_value() ? 1 : 2;
}

int MissingEnds(const DayRange& days) {
  return (days.first == kBeginningOfTime ? 1 : 0) +
         (days.last == kEndOfTime ? 1 : 0);
}

std::weak_ordering CompareDayWidths(const DayRange& a, const DayRange& b) {
  if (MissingEnds(a) != MissingEnds(b) || MissingEnds(a) > 0) {
    return MissingEnds(a) <=> MissingEnds(b);
  }
  return a.last.number - a.first.number <=> b.last.number - b.first.number;
}

std::weak_ordering ComparePrecision(const Meaning& a, const Meaning& b) {
  if (Sort(a) != Sort(b)) return Sort(a) <=> Sort(b);
  if (a.numbers) return CompareWidths(*a.numbers, *b.numbers);
  if (a.days) return CompareDayWidths(*a.days, *b.days);
  return std::weak_ordering::equivalent;
}

std::weak_ordering CompareLowerBounds(const Meaning& a, const Meaning& b) {
  if (a.numbers && b.numbers) return CompareLowerEnds(*a.numbers, *b.numbers);
  if (a.days && b.days) return a.days->first <=> b.days->first;
  return std::weak_ordering::equivalent;
}

// Narrows `a` to what `b` admits too; false if that is nothing.
bool Narrow(Meaning& a, const Meaning& b) {
  if (Sort(a) != Sort(b)) return false;
  if (a.numbers) {
    a.numbers = Intersect(*a.numbers, *b.numbers);
    return !a.numbers->empty();
  }
  if (a.days) {
    a.days = Intersect(*a.days, *b.days);
    return !a.days->empty();
  }
  return *a.itself == *b.itself;
}

bool Meets(const Meaning& a, const Meaning& b) {
  Meaning both = a;
  return Narrow(both, b);
}

Mode ClassOf(const Claim& claim) { return ModeClass(claim.mode); }

bool IsNegated(const Claim& claim) { return claim.mode == Mode::kNegated; }

bool IsDeprecated(const Claim& claim) {
  return claim.rank == Rank::kDeprecated;
}

// The days on which the time of a dated claim can have begun. `during D` is
// throughout D, so it began on its first day.
DayRange BeginningOf(const Claim& claim) {
  const When& when = *claim.valid.when;
  if (claim.valid.kind == ValidTime::Kind::kDuring && when.is_date()) {
    return {.first = when.days().first, .last = when.days().first};
  }
  const Date* start = std::get_if<Date>(&when.start());
  if (start != nullptr) return start->days();
  return {.first = kBeginningOfTime, .last = kBeginningOfTime};
}

Decimal ConfidenceOf(const Claim& claim) {
  return claim.confidence.value_or(Decimal(1));
}

Stand ToStand(Holds holds) {
  switch (holds) {
    case Holds::kNo:
      return Stand::kNo;
    case Holds::kMaybe:
      return Stand::kMaybe;
    case Holds::kYes:
      return Stand::kYes;
  }
  return Stand::kNo;
}

bool Standing(Stand stand) { return stand >= Stand::kMaybe; }

// Everything by which a group is compared with another (domain.md §6.4).
struct Merit {
  int tier = 2;
  std::set<std::string> roots;
  const Meaning* narrowest = nullptr;
  std::optional<DayRange> published;
  Decimal confidence;
  std::string id;
};

std::weak_ordering CompareRecency(const std::optional<DayRange>& a,
                                  const std::optional<DayRange>& b) {
  if (a.has_value() != b.has_value()) return a.has_value() <=> b.has_value();
  if (!a.has_value()) return std::weak_ordering::equivalent;
  return *a <=> *b;
}

// The first rule that sets the two apart, and whether `a` wins by it.
std::pair<LossRule, bool> Decide(const Merit& a, const Merit& b) {
  if (a.tier != b.tier) return {LossRule::kTier, a.tier < b.tier};
  if (a.roots.size() != b.roots.size()) {
    return {LossRule::kRoots, a.roots.size() > b.roots.size()};
  }
  if (const auto order = ComparePrecision(*a.narrowest, *b.narrowest);
      order != 0) {
    return {LossRule::kPrecision, order < 0};
  }
  if (const auto order = CompareRecency(a.published, b.published); order != 0) {
    return {LossRule::kRecency, order > 0};
  }
  if (const auto order = CompareNumbers(a.confidence, b.confidence);
      order != 0) {
    return {LossRule::kConfidence, order > 0};
  }
  return {LossRule::kId, a.id < b.id};
}

Merit MeritOf(const std::vector<size_t>& group,
              const std::vector<Witness>& witnesses,
              const std::vector<Meaning>& meanings) {
  const size_t narrowest = group.front();
  Merit merit = {.narrowest = &meanings[narrowest],
                 .confidence = ConfidenceOf(*witnesses[narrowest].claim),
                 .id = witnesses[narrowest].claim->id};
  for (const size_t i : group) {
    const Weight& weight = witnesses[i].weight;
    merit.tier = std::min(merit.tier, weight.tier);
    merit.roots.insert(weight.roots.begin(), weight.roots.end());
    if (CompareRecency(weight.published, merit.published) > 0) {
      merit.published = weight.published;
    }
    const Decimal confidence = ConfidenceOf(*witnesses[i].claim);
    if (CompareNumbers(confidence, merit.confidence) > 0) {
      merit.confidence = confidence;
    }
    merit.id = std::min(merit.id, witnesses[i].claim->id);
  }
  return merit;
}

void AddDate(const Date& date, const std::optional<Duration>& stale_after,
             std::set<Day>& days) {
  for (const Day day : {date.days().first, date.days().last}) {
    days.insert({day, After(day)});
    if (!stale_after.has_value()) continue;
    const Day end = AddDuration(day, *stale_after);
    days.insert({end, After(end)});
  }
}

std::vector<size_t> NarrowestFirst(const std::vector<Witness>& witnesses,
                                   const std::vector<Meaning>& meanings) {
  std::vector<size_t> order(witnesses.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, [&](size_t a, size_t b) {
    if (const auto by = ComparePrecision(meanings[a], meanings[b]); by != 0) {
      return by < 0;
    }
    if (const auto by = CompareLowerBounds(meanings[a], meanings[b]); by != 0) {
      return by < 0;
    }
    return witnesses[a].claim->id < witnesses[b].claim->id;
  });
  return order;
}

Meaning MeaningOf(const Value& value) {
  Meaning meaning = {.itself = &value};
  if (const auto* integer = value.get_if<int64_t>()) {
    meaning.numbers = Interval::Point(Decimal(*integer));
  } else if (const auto* decimal = value.get_if<Decimal>()) {
    meaning.numbers = PrintedPrecision(*decimal);
  } else if (const auto* quantity = value.get_if<Quantity>()) {
    meaning.numbers = quantity->Tolerance();
  } else if (const auto* date = value.get_if<Date>()) {
    meaning.days = date->days();
  } else if (const auto* when = value.get_if<When>()) {
    meaning.days = when->days();
  }
  return meaning;
}

std::vector<Meaning> MeaningsOf(const std::vector<Witness>& witnesses) {
  static const Value kNoValue;
  std::vector<Meaning> meanings;
  meanings.reserve(witnesses.size());
  for (const Witness& witness : witnesses) {
    meanings.push_back(
        MeaningOf(witness.value.has_value() ? *witness.value : kNoValue));
  }
  return meanings;
}

// Each, in this order, joins the first group whose running intersection it
// meets.
std::vector<std::vector<size_t>> JoinGroups(
    const std::vector<size_t>& order, const std::vector<Meaning>& meanings) {
  std::vector<std::vector<size_t>> groups;
  std::vector<Meaning> running;
  for (const size_t i : order) {
    const auto place = std::ranges::find_if(running, [&](const Meaning& other) {
      return Meets(other, meanings[i]);
    });
    if (place == running.end()) {
      groups.push_back({i});
      running.push_back(meanings[i]);
    } else {
      Narrow(*place, meanings[i]);
      groups[static_cast<size_t>(place - running.begin())].push_back(i);
    }
  }
  return groups;
}

}  // namespace

// Who competes on a day, and who is out before values are looked at.
struct ReferenceFact::Contest {
  std::vector<size_t> competing;
  std::vector<Beaten> beaten;
};

ReferenceFact::ReferenceFact(TimeKind kind, std::optional<Duration> stale_after,
                             std::vector<Witness> witnesses)
    : kind_(kind),
      stale_after_(stale_after),
      witnesses_(std::move(witnesses)),
      meanings_(MeaningsOf(witnesses_)),
      narrowest_first_(NarrowestFirst(witnesses_, meanings_)) {
  for (const Meaning& a : meanings_) {
    for (const Meaning& b : meanings_) compatible_.push_back(Meets(a, b));
  }
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    relations_.push_back(RelationsOf(i));
  }
}

bool ReferenceFact::Compatible(size_t a, size_t b) const {
  return compatible_[a * witnesses_.size() + b];
}

bool ReferenceFact::IsDated(size_t witness) const {
  return witnesses_[witness].claim->valid.kind != ValidTime::Kind::kNone;
}

// "ended by a later one: an incompatible `at` or `during` claim of the same
// fact and mode class, not deprecated, whose first possible day follows the
// last possible day of this one". Negated claims never end an observation.
bool ReferenceFact::Ends(size_t later, size_t earlier) const {
  const Claim& a = *witnesses_[earlier].claim;
  const Claim& b = *witnesses_[later].claim;
  return IsDated(later) && ClassOf(a) == ClassOf(b) && !IsNegated(b) &&
         !IsDeprecated(b) && a.valid.when->days().last < BeginningOf(b).first &&
         !Compatible(earlier, later);
}

// Where an undated claim takes its time from.
bool ReferenceFact::GivesTime(size_t dated, size_t undated) const {
  const Claim& claim = *witnesses_[dated].claim;
  return IsDated(dated) && !IsNegated(claim) && !IsDeprecated(claim) &&
         ClassOf(claim) == ClassOf(*witnesses_[undated].claim) &&
         Compatible(dated, undated);
}

ReferenceFact::Relations ReferenceFact::RelationsOf(size_t witness) const {
  Relations relations;
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    if (!IsDated(witness)) {
      if (GivesTime(i, witness)) relations.time_givers.push_back(i);
    } else if (Ends(i, witness)) {
      relations.successors.push_back(BeginningOf(*witnesses_[i].claim));
    }
  }
  return relations;
}

Stand ReferenceFact::ObservationStandOn(size_t witness, Day day) const {
  const DayRange seen = witnesses_[witness].claim->valid.when->days();
  if (day < seen.first) return Stand::kUnrecorded;
  Stand stand = day < seen.last ? Stand::kMaybe : Stand::kYes;
  for (const DayRange& beginning : relations_[witness].successors) {
    if (day >= beginning.last) return Stand::kNo;
    if (day >= beginning.first) stand = Stand::kMaybe;
  }
  if (stale_after_.has_value()) {
    if (day > AddDuration(seen.last, *stale_after_)) return Stand::kUnrecorded;
    if (day > AddDuration(seen.first, *stale_after_)) stand = Stand::kMaybe;
  }
  return stand;
}

Stand ReferenceFact::DatedStandOn(size_t witness, Day day) const {
  const ValidTime& valid = witnesses_[witness].claim->valid;
  switch (kind_) {
    case TimeKind::kPeriod:
      return Stand::kYes;
    case TimeKind::kEvent:
      return ToStand(valid.when->Happened().HoldsOn(day));
    case TimeKind::kState:
      if (valid.kind == ValidTime::Kind::kAt) {
        return ObservationStandOn(witness, day);
      }
      return ToStand(valid.when->During().HoldsOn(day));
  }
  return Stand::kNo;
}

bool ReferenceFact::AlwaysHolds(size_t witness) const {
  return !IsDated(witness) && relations_[witness].time_givers.empty();
}

Stand ReferenceFact::StandOn(size_t witness, Day day) const {
  if (IsDated(witness)) return DatedStandOn(witness, day);
  if (AlwaysHolds(witness)) return Stand::kYes;
  Stand best = Stand::kNo;
  for (const size_t i : relations_[witness].time_givers)
    best = std::max(best, DatedStandOn(i, day));
  return best;
}

bool ReferenceFact::UnrecordedOn(Mode mode_class, Day day) const {
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    const Claim& claim = *witnesses_[i].claim;
    if (ClassOf(claim) != mode_class || IsDeprecated(claim)) continue;
    if (StandOn(i, day) == Stand::kUnrecorded) return true;
  }
  return false;
}

// Deprecated claims never compete; implicit ones only where no explicit one
// does; if one is preferred, only the preferred ones do.
ReferenceFact::Contest ReferenceFact::Compete(Mode mode_class, Day day) const {
  Contest contest;
  for (const size_t i : narrowest_first_) {
    const Claim& claim = *witnesses_[i].claim;
    if (ClassOf(claim) != mode_class || !Standing(StandOn(i, day))) continue;
    if (IsDeprecated(claim)) {
      contest.beaten.push_back({i, LossRule::kDeprecated});
    } else {
      contest.competing.push_back(i);
    }
  }
  const auto keep_only = [&](LossRule rule, auto admits) {
    if (std::ranges::none_of(contest.competing, admits)) return;
    std::vector<size_t> kept;
    for (const size_t i : contest.competing) {
      if (admits(i)) {
        kept.push_back(i);
      } else {
        contest.beaten.push_back({i, rule});
      }
    }
    contest.competing = std::move(kept);
  };
  keep_only(LossRule::kImplicit,
            [&](size_t i) { return !witnesses_[i].claim->implicit; });
  keep_only(LossRule::kRank, [&](size_t i) {
    return witnesses_[i].claim->rank == Rank::kPreferred;
  });
  return contest;
}

// "A yes sets `conflict` where a compatible `during` claim or event date says
// no."
bool ReferenceFact::DeniedByDate(size_t winner, Day day) const {
  const Claim& shown = *witnesses_[winner].claim;
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    const Claim& claim = *witnesses_[i].claim;
    const bool says_when = kind_ == TimeKind::kEvent
                               ? IsDated(i)
                               : claim.valid.kind == ValidTime::Kind::kDuring;
    if (says_when && ClassOf(claim) == ClassOf(shown) && !IsDeprecated(claim) &&
        claim.rank >= shown.rank && Compatible(i, winner) &&
        DatedStandOn(i, day) == Stand::kNo) {
      return true;
    }
  }
  return false;
}

bool ReferenceFact::DisputedOn(size_t winner, Day day) const {
  for (size_t i = 0; i < witnesses_.size(); ++i) {
    const Claim& claim = *witnesses_[i].claim;
    if (IsNegated(claim) && !IsDeprecated(claim) &&
        !witnesses_[i].speaks_of_parts && Compatible(i, winner) &&
        Standing(StandOn(i, day))) {
      return true;
    }
  }
  return false;
}

std::optional<Judged> ReferenceFact::JudgeOn(Mode mode_class, Day day) const {
  const Contest contest = Compete(mode_class, day);
  if (contest.competing.empty()) return std::nullopt;
  const auto groups = JoinGroups(contest.competing, meanings_);
  std::vector<Merit> merits;
  for (size_t i = 0; groups.size() > 1 && i < groups.size(); ++i) {
    merits.push_back(MeritOf(groups[i], witnesses_, meanings_));
  }
  size_t best = 0;
  for (size_t i = 1; i < groups.size(); ++i) {
    if (Decide(merits[i], merits[best]).second) best = i;
  }

  Judged judged = {.winner = groups[best].front(), .holds = Holds::kMaybe};
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i == best) continue;
    judged.losers.push_back(
        {groups[i].front(), Decide(merits[best], merits[i]).first});
  }
  for (const Beaten& beaten : contest.beaten) {
    if (Compatible(beaten.witness, judged.winner)) continue;
    judged.losers.push_back(beaten);
  }
  bool dated = false;  // some dated claim lets the group hold as it does
  for (const size_t i : groups[best]) {
    if (StandOn(i, day) == Stand::kYes && judged.holds == Holds::kMaybe) {
      judged.holds = Holds::kYes;
      dated = false;
    }
    const bool best_stand =
        (StandOn(i, day) == Stand::kYes) == (judged.holds == Holds::kYes);
    dated = dated || (best_stand && !AlwaysHolds(i));
  }
  judged.undated = !dated;
  judged.conflict = groups.size() > 1 || (judged.holds == Holds::kYes &&
                                          DeniedByDate(judged.winner, day));
  judged.disputed = DisputedOn(judged.winner, day);
  return judged;
}

void ReferenceFact::AddChangeDays(std::set<Day>& days) const {
  for (const Witness& witness : witnesses_) {
    const ValidTime& valid = witness.claim->valid;
    if (!valid.when.has_value()) continue;
    for (const Bound& bound : {valid.when->start(), valid.when->end()}) {
      const Date* date = std::get_if<Date>(&bound);
      if (date != nullptr) AddDate(*date, stale_after_, days);
    }
  }
}

}  // namespace guanxi::test
