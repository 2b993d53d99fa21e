#include "graph/model/resolve.h"

#include <algorithm>
#include <compare>
#include <set>
#include <utility>

#include "graph/model/extent.h"
#include "graph/model/timing.h"

namespace guanxi {
namespace {

using Claims = std::vector<TimedCandidate>;

bool Competes(const TimedCandidate& claim, Mode mode_class, Day day) {
  return ModeClass(claim.claim().mode) == mode_class &&
         claim.claim().rank != Rank::kDeprecated &&
         claim.timing.HoldsOn(day) != Holds::kNo;
}

// The claims that are grouped: those that compete, without the implicit one
// where another stands and without the normal ones where one is preferred.
std::vector<size_t> Grouped(const Claims& claims, Mode mode_class, Day day) {
  std::vector<size_t> grouped;
  bool sourced = false;
  bool preferred = false;
  for (size_t i = 0; i < claims.size(); ++i) {
    if (!Competes(claims[i], mode_class, day)) continue;
    grouped.push_back(i);
    sourced = sourced || !claims[i].claim().implicit;
    preferred = preferred || claims[i].claim().rank == Rank::kPreferred;
  }
  std::erase_if(grouped, [&](size_t i) {
    const Claim& claim = claims[i].claim();
    return (sourced && claim.implicit) ||
           (preferred && claim.rank != Rank::kPreferred);
  });
  return grouped;
}

// What the order of groups compares, best first.
struct Weight {
  Standing::Tier tier = Standing::Tier::kWeak;
  std::set<std::string> roots;
  std::optional<DayRange> published;
  Decimal confidence;
  std::string id;
};

Decimal ConfidenceOf(const Claim& claim) {
  return claim.confidence.value_or(Decimal(1));
}

Weight WeightOf(const Claims& claims, const std::vector<size_t>& members) {
  Weight weight{.confidence = ConfidenceOf(claims[members[0]].claim()),
                .id = claims[members[0]].claim().id};
  for (const size_t i : members) {
    const Claim& claim = claims[i].claim();
    const Standing& standing = *claims[i].candidate.standing;
    weight.tier = std::min(weight.tier, standing.tier);
    weight.roots.insert(standing.roots.begin(), standing.roots.end());
    weight.published = std::max(weight.published, standing.published);
    weight.id = std::min(weight.id, claim.id);
    if (CompareNumbers(ConfidenceOf(claim), weight.confidence) > 0) {
      weight.confidence = ConfidenceOf(claim);
    }
  }
  return weight;
}

struct WeighedGroup {
  std::vector<size_t> members;  // narrowest first
  Extent extent;                // what all members admit
  Weight weight;
};

// The first rule by which `a` and `b` differ, and who wins by it.
std::pair<LossRule, std::weak_ordering> Compare(const Claims& claims,
                                                const WeighedGroup& a,
                                                const WeighedGroup& b) {
  const std::pair<LossRule, std::weak_ordering> rules[] = {
      {LossRule::kTier, a.weight.tier <=> b.weight.tier},
      {LossRule::kRoots, b.weight.roots.size() <=> a.weight.roots.size()},
      {LossRule::kPrecision,
       Extent::CompareWidths(claims[a.members[0]].extent,
                             claims[b.members[0]].extent)},
      {LossRule::kRecency, b.weight.published <=> a.weight.published},
      {LossRule::kConfidence,
       CompareNumbers(b.weight.confidence, a.weight.confidence)},
  };
  for (const auto& rule : rules) {
    if (rule.second != 0) return rule;
  }
  return {LossRule::kId, a.weight.id <=> b.weight.id};
}

// Groups compatible values, narrowest first; the shown group comes first.
std::vector<WeighedGroup> MakeGroups(const Claims& claims,
                                     std::vector<size_t> grouped) {
  std::ranges::sort(grouped, [&](size_t a, size_t b) {
    const auto narrower =
        Extent::CompareNarrowness(claims[a].extent, claims[b].extent);
    return narrower != 0 ? narrower < 0
                         : claims[a].claim().id < claims[b].claim().id;
  });
  std::vector<WeighedGroup> groups;
  for (const size_t i : grouped) {
    const auto joined = std::ranges::find_if(groups, [&](const auto& group) {
      return group.extent.Meets(claims[i].extent);
    });
    if (joined == groups.end()) {
      groups.push_back({{i}, claims[i].extent, {}});
    } else {
      joined->members.push_back(i);
      joined->extent = joined->extent.Intersect(claims[i].extent);
    }
  }
  for (WeighedGroup& group : groups) {
    group.weight = WeightOf(claims, group.members);
  }
  std::ranges::sort(groups, [&](const auto& a, const auto& b) {
    return Compare(claims, a, b).second < 0;
  });
  return groups;
}

bool Disputed(const Claims& claims, const TimedCandidate& shown, Day day) {
  return std::ranges::any_of(claims, [&](const TimedCandidate& claim) {
    return Competes(claim, Mode::kNegated, day) &&
           (claim.candidate.value == nullptr ||
            claim.extent.Meets(shown.extent));
  });
}

// Whether a claim that agrees on the value says that it does not hold that day.
bool DeniedByDate(const Claims& claims, const TimedCandidate& shown, Day day) {
  return std::ranges::any_of(claims, [&](const TimedCandidate& claim) {
    return claim.timing.denies_outside &&
           ModeClass(claim.claim().mode) == ModeClass(shown.claim().mode) &&
           claim.claim().rank != Rank::kDeprecated &&
           claim.claim().rank >= shown.claim().rank &&
           claim.timing.HoldsOn(day) == Holds::kNo &&
           claim.extent.Meets(shown.extent);
  });
}

bool UnrecordedOn(const Claims& claims, Mode mode_class, Day day) {
  return std::ranges::any_of(claims, [&](const TimedCandidate& claim) {
    return ModeClass(claim.claim().mode) == mode_class &&
           claim.claim().rank != Rank::kDeprecated &&
           claim.timing.UnrecordedOn(day);
  });
}

std::optional<Slice> Evaluate(const Claims& claims, Mode mode_class, Day day) {
  Slice slice{.mode_class = mode_class};
  const std::vector<size_t> grouped = Grouped(claims, mode_class, day);
  if (grouped.empty()) {
    if (!UnrecordedOn(claims, mode_class, day)) return std::nullopt;
    slice.presence = Presence::kUnrecorded;
    return slice;
  }
  const std::vector<WeighedGroup> groups = MakeGroups(claims, grouped);
  const std::vector<size_t>& members = groups.front().members;
  const bool yes = std::ranges::any_of(members, [&](size_t i) {
    return claims[i].timing.HoldsOn(day) == Holds::kYes;
  });
  slice.winner = members.front();
  const TimedCandidate& shown = claims[slice.winner];
  slice.presence = yes ? Presence::kYes : Presence::kMaybe;
  slice.conflict =
      groups.size() > 1 || (yes && DeniedByDate(claims, shown, day));
  slice.disputed = mode_class != Mode::kNegated && Disputed(claims, shown, day);
  slice.undated = shown.timing.undated;
  return slice;
}

// The first days of the stretches in which nothing changes.
std::vector<Day> ChangeDays(const Claims& claims) {
  std::set<Day> days = {kBeginningOfTime};
  const auto add = [&days](const DayRange& range) {
    days.insert(range.first);
    if (range.last != kEndOfTime) days.insert(After(range.last));
  };
  for (const TimedCandidate& claim : claims) {
    for (const Span& span : claim.timing.spans) {
      add(span.possible);
      if (!span.certain.empty()) add(span.certain);
    }
    for (const DayRange& range : claim.timing.unrecorded) add(range);
  }
  return {days.begin(), days.end()};
}

bool SameButDays(const Slice& a, const Slice& b) {
  Slice moved = b;
  moved.days = a.days;
  return a == moved;
}

void AddSlices(const Claims& claims, Mode mode_class,
               const std::vector<Day>& change_days, std::vector<Slice>& out) {
  const size_t begin = out.size();
  for (size_t i = 0; i < change_days.size(); ++i) {
    std::optional<Slice> slice = Evaluate(claims, mode_class, change_days[i]);
    if (!slice.has_value()) continue;
    const bool last = i + 1 == change_days.size();
    slice->days = {change_days[i],
                   last ? kEndOfTime : Before(change_days[i + 1])};
    const bool joins = out.size() > begin && SameButDays(out.back(), *slice) &&
                       After(out.back().days.last) == slice->days.first;
    if (joins) {
      out.back().days.last = slice->days.last;
    } else {
      out.push_back(*slice);
    }
  }
}

// The values that lost without being grouped: each is beaten if it holds, has
// not the shown value, and `lost` says so of it.
template <typename Lost>
void AddBeaten(const Claims& claims, const TimedCandidate& shown, Day day,
               std::pair<LossRule, Lost> rule, std::vector<Loser>& out) {
  for (size_t i = 0; i < claims.size(); ++i) {
    const TimedCandidate& claim = claims[i];
    if (ModeClass(claim.claim().mode) == ModeClass(shown.claim().mode) &&
        claim.timing.HoldsOn(day) != Holds::kNo && rule.second(claim.claim()) &&
        !claim.extent.Meets(shown.extent)) {
      out.push_back({i, rule.first});
    }
  }
}

}  // namespace

absl::string_view ToString(LossRule rule) {
  return kLossRuleNames.at(static_cast<size_t>(rule));
}

std::vector<Slice> Resolve(const FactTime& time,
                           absl::Span<const Candidate> candidates) {
  const Claims claims = TimeClaims(time, candidates);
  const std::vector<Day> change_days = ChangeDays(claims);
  std::set<Mode> classes;
  for (const TimedCandidate& claim : claims) {
    // A deprecated one affirms nothing that a denial could stand back behind.
    if (claim.claim().rank == Rank::kDeprecated) continue;
    classes.insert(ModeClass(claim.claim().mode));
  }
  if (classes.size() > 1) classes.erase(Mode::kNegated);
  std::vector<Slice> slices;
  for (const Mode mode_class : classes) {
    AddSlices(claims, mode_class, change_days, slices);
  }
  return slices;
}

std::vector<Loser> ExplainLosers(const FactTime& time,
                                 absl::Span<const Candidate> candidates,
                                 Mode mode_class, Day day) {
  const Claims claims = TimeClaims(time, candidates);
  const std::vector<size_t> grouped = Grouped(claims, mode_class, day);
  if (grouped.empty()) return {};
  const std::vector<WeighedGroup> groups = MakeGroups(claims, grouped);
  const TimedCandidate& shown = claims[groups.front().members.front()];
  const bool shown_implicit = shown.claim().implicit;
  const bool shown_preferred = shown.claim().rank == Rank::kPreferred;

  std::vector<Loser> losers;
  AddBeaten(
      claims, shown, day,
      std::pair(LossRule::kDeprecated,
                [](const Claim& c) { return c.rank == Rank::kDeprecated; }),
      losers);
  AddBeaten(
      claims, shown, day,
      std::pair(LossRule::kImplicit,
                [&](const Claim& c) { return !shown_implicit && c.implicit; }),
      losers);
  AddBeaten(claims, shown, day,
            std::pair(LossRule::kRank,
                      [&](const Claim& c) {
                        return shown_preferred && !c.implicit &&
                               c.rank == Rank::kNormal;
                      }),
            losers);
  for (size_t i = 1; i < groups.size(); ++i) {
    losers.push_back({groups[i].members.front(),
                      Compare(claims, groups.front(), groups[i]).first});
  }
  return losers;
}

std::vector<Group> CompetingGroups(const FactTime& time,
                                   absl::Span<const Candidate> candidates,
                                   Mode mode_class, Day day) {
  const Claims claims = TimeClaims(time, candidates);
  std::vector<Group> result;
  for (const WeighedGroup& group :
       MakeGroups(claims, Grouped(claims, mode_class, day))) {
    result.push_back(
        {group.members, group.weight.tier, group.weight.roots.size()});
  }
  return result;
}

}  // namespace guanxi
