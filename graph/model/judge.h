#ifndef GUANXI_GRAPH_MODEL_JUDGE_H_
#define GUANXI_GRAPH_MODEL_JUDGE_H_

#include <vector>

#include "absl/types/span.h"

#include "graph/model/fact.h"
#include "graph/model/resolve.h"
#include "graph/model/view.h"
#include "graph/value/date.h"

namespace guanxi {

// What became of one claim.
struct Judged {
  Verdict verdict = Verdict::kNotHolding;
  LossRule rule = LossRule::kId;  // of kLost and kLostToo
};

// Judges each candidate of a fact on `day`, where the view shows the slice of
// `mode_class`, if any. A claim that is not grouped, because of its rank or
// because it is implicit, agrees unless its value is incompatible.
std::vector<Judged> JudgeClaims(const FactTime& time,
                                absl::Span<const Candidate> candidates,
                                Mode mode_class, Day day);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_JUDGE_H_
