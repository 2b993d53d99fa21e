#include "graph/model/judge.h"

#include "graph/model/timing.h"

namespace guanxi {
namespace {

Verdict VerdictAlone(const TimedCandidate& claim, Mode mode_class, Day day) {
  if (claim.timing.HoldsOn(day) == Holds::kNo) return Verdict::kNotHolding;
  const Mode own = ModeClass(claim.claim().mode);
  if (own == Mode::kNegated) return Verdict::kDenies;
  return own == mode_class ? Verdict::kAgrees : Verdict::kOtherMode;
}

}  // namespace

std::vector<Judged> JudgeClaims(const FactTime& time,
                                absl::Span<const Candidate> candidates,
                                Mode mode_class, Day day) {
  std::vector<Judged> judged;
  for (const TimedCandidate& claim : TimeClaims(time, candidates)) {
    judged.push_back({VerdictAlone(claim, mode_class, day)});
  }
  const std::vector<Group> groups =
      CompetingGroups(time, candidates, mode_class, day);
  if (groups.empty()) return judged;
  judged[groups.front().candidates.front()].verdict = Verdict::kShown;
  for (const Loser& loser : ExplainLosers(time, candidates, mode_class, day)) {
    judged[loser.candidate] = {Verdict::kLost, loser.rule};
  }
  for (size_t g = 1; g < groups.size(); ++g) {
    const std::vector<size_t>& members = groups[g].candidates;
    for (size_t i = 1; i < members.size(); ++i) {
      judged[members[i]] = {Verdict::kLostToo, judged[members.front()].rule};
    }
  }
  return judged;
}

}  // namespace guanxi
