#include "graph/traverse/pattern.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"

namespace guanxi::traverse {
namespace {

constexpr size_t kBits = std::numeric_limits<States>::digits;
static_assert(PathSpec::kMaxRepetitions < kBits);

// The states of one step: as many as its bound, or without one as many as must
// be gone through, and one that leads to itself.
int64_t CountStates(const PathStep& step) {
  return step.max < PathStep::kAnyNumber ? step.max : step.min + 1;
}

States Row(size_t first, size_t behind) {
  const auto below = [](size_t state) {
    return state < kBits ? (States{1} << state) - 1 : ~States{0};
  };
  return below(behind) & ~below(first);
}

}  // namespace

int64_t CountRepetitions(const std::vector<PathStep>& pattern) {
  int64_t repetitions = 0;
  for (const PathStep& step : pattern) repetitions += CountStates(step);
  return repetitions;
}

Pattern::Pattern(const store::Snapshot& snapshot, const PathSpec& spec,
                 const Admission& admission) {
  const size_t types = snapshot.catalog().types.size();
  out_.assign(types, 0);
  in_.assign(types, 0);
  for (const PathStep& step : spec.pattern) AddStep(snapshot, spec, step);
  if (spec.pattern.empty()) {
    AddStep(snapshot, spec, {.min = 0, .max = PathStep::kAnyNumber});
  }
  std::ranges::reverse(skips_);
  SumUp(admission, spec);
}

void Pattern::AddStep(const store::Snapshot& snapshot, const PathSpec& spec,
                      const PathStep& step) {
  const TraversalSpec own = OwnSpec(spec.traversal, step);
  const auto count = static_cast<size_t>(CountStates(step));
  const size_t first = size_ - 1;
  size_ += count;
  GUANXI_CHECK(size_ <= kBits);
  const size_t behind = size_ - 1;  // where the next step begins
  const States states = Row(first, behind);
  if (step.max >= PathStep::kAnyNumber) loops_ |= States{1} << (behind - 1);
  const size_t enough = first + static_cast<size_t>(step.min);
  exits_.push_back({Row(enough, behind), States{1} << behind});
  for (size_t state = enough; state < behind; ++state) {
    skips_.push_back({state, behind});
  }
  Admission admission(snapshot, own);
  if (!admission.MatchesNothing()) {
    AddTypes(snapshot, admission, own.direction, states);
  }
  const bool selects = !own.relationship_predicates.empty();
  steps_.push_back({states, std::move(admission), selects});
}

void Pattern::AddTypes(const store::Snapshot& snapshot,
                       const Admission& admission, Direction direction,
                       States states) {
  const std::vector<TypeId>& symmetric = snapshot.catalog().symmetric_types;
  for (uint64_t type = 0; type < out_.size(); ++type) {
    const std::vector<TypeId>& wanted = admission.types();
    if (!wanted.empty() && !std::ranges::binary_search(wanted, TypeId{type})) {
      continue;
    }
    const bool both = direction == Direction::kBoth ||
                      std::ranges::binary_search(symmetric, TypeId{type});
    if (both || direction == Direction::kOut) out_[type] |= states;
    if (both || direction == Direction::kIn) in_[type] |= states;
  }
}

// Works out what all steps read together.
void Pattern::SumUp(const Admission& admission, const PathSpec& spec) {
  std::vector<TypeId> read;
  for (uint64_t type = 0; type < out_.size(); ++type) {
    if ((out_[type] | in_[type]) != 0) read.push_back({type});
  }
  const bool reads_all = read.size() == out_.size();
  types_ = admission.types();
  if (types_.empty() && !reads_all) {
    types_ = std::move(read);
  } else if (!types_.empty()) {
    std::vector<TypeId> common;
    std::ranges::set_intersection(types_, read, std::back_inserter(common));
    types_ = std::move(common);
  }
  matches_nothing_ =
      admission.MatchesNothing() || (types_.empty() && !reads_all);
  direction_ = spec.traversal.direction;
  for (const PathStep& step : spec.pattern) {
    const Direction own = step.direction.value_or(spec.traversal.direction);
    if (&step == &spec.pattern.front()) direction_ = own;
    if (own != direction_) direction_ = Direction::kBoth;
  }
}

States Pattern::Close(States at) const {
  for (const Exit& exit : exits_) {
    if ((at & exit.from) != 0) at |= exit.to;
  }
  return at;
}

States Pattern::Retreat(States at, States admits) const {
  for (auto exit = exits_.rbegin(); exit != exits_.rend(); ++exit) {
    if ((at & exit->to) != 0) at |= exit->from;
  }
  return ((at >> 1 & ~loops_) | (at & loops_)) & admits;
}

absl::StatusOr<States> Pattern::Satisfied(const topology::Hop& hop,
                                          States states) const {
  for (const Step& step : steps_) {
    if (!step.selects || (states & step.states) == 0) continue;
    ASSIGN_OR_RETURN(const bool shown, step.admission.Shows(hop));
    if (!shown) states &= ~step.states;
  }
  return states;
}

absl::StatusOr<States> Pattern::Passes(EntityId entity) const {
  States passes = 0;
  for (const Step& step : steps_) {
    ASSIGN_OR_RETURN(const bool admitted, step.admission.AdmitsEntity(entity));
    if (admitted) passes |= step.states;
  }
  return passes;
}

}  // namespace guanxi::traverse
