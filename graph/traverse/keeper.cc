#include "graph/traverse/keeper.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/traverse/number_ranges.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

constexpr double kLast = kInfinity;

}  // namespace

absl::StatusOr<std::optional<RelationshipId>> Keeper::Offer(const Hop& hop,
                                                            int64_t share) {
  const auto precedes = [this](const Candidate& one, const Candidate& other) {
    return Precedes(one, other);
  };
  ASSIGN_OR_RETURN(Candidate candidate, Read(hop));
  std::optional<RelationshipId> gone;
  if (static_cast<int64_t>(kept_.size()) == share) {
    if (!Precedes(candidate, kept_.front())) {
      RETURN_IF_ERROR(failure_);
      return hop.relationship;
    }
    std::ranges::pop_heap(kept_, precedes);
    gone = kept_.back().hop.relationship;
    kept_.pop_back();
  } else {
    meter_.CountBytes(
        static_cast<int64_t>(sizeof(Candidate) + candidate.key.size()));
  }
  kept_.push_back(std::move(candidate));
  std::ranges::push_heap(kept_, precedes);
  RETURN_IF_ERROR(failure_);
  return gone;
}

absl::StatusOr<std::vector<Hop>> Keeper::Finish() && {
  const auto precedes = [this](const Candidate& one, const Candidate& other) {
    return Precedes(one, other);
  };
  // Sorting a heap is taking the last one away, again and again.
  for (auto end = kept_.end(); end != kept_.begin(); --end) {
    if (!meter_.CountStep()) break;
    std::ranges::pop_heap(kept_.begin(), end, precedes);
  }
  RETURN_IF_ERROR(failure_);
  std::vector<Hop> hops;
  hops.reserve(kept_.size());
  for (const Candidate& candidate : kept_) hops.push_back(candidate.hop);
  return hops;
}

absl::StatusOr<Keeper::Candidate> Keeper::Read(const Hop& hop) const {
  Candidate candidate{.hop = hop};
  ASSIGN_OR_RETURN(candidate.key, snapshot_.EntityKey(hop.neighbour));
  if (rule_.order() != KeepOrder::kKey) {
    ASSIGN_OR_RETURN(candidate.rank, ReadRank(hop.relationship));
  }
  return candidate;
}

// Of what the lens shows the best; what says no number comes last.
absl::StatusOr<double> Keeper::ReadRank(RelationshipId id) const {
  ASSIGN_OR_RETURN(const std::vector<RelationshipView> views,
                   snapshot_.ReadRelationship(id, lens_, Evidence::kNone,
                                              {.property = rule_.property()}));
  double rank = kLast;
  for (const RelationshipView& view : views) {
    if (rule_.order() == KeepOrder::kSurest) {
      rank = std::min(rank, -view.showing.confidence);
      continue;
    }
    for (const NumberRange& range : NumberRangesOf(view, rule_.property())) {
      const bool lowest = rule_.order() == KeepOrder::kLowest;
      rank = std::min(rank, lowest ? range.least : -range.greatest);
    }
  }
  return rank;
}

bool Keeper::Precedes(const Candidate& one, const Candidate& other) {
  if (one.rank != other.rank) return one.rank < other.rank;
  if (one.key != other.key) return one.key < other.key;
  if (one.hop == other.hop) return false;
  const ParallelRank& rank = ReadParallel(one);
  return rank < ReadParallel(other);
}

const ParallelRank& Keeper::ReadParallel(const Candidate& candidate) {
  if (!candidate.parallel.has_value()) {
    absl::StatusOr<ParallelRank> rank =
        ReadParallelRank(snapshot_, candidate.hop.relationship, lens_);
    failure_.Update(rank.status());
    candidate.parallel = rank.ok() ? *std::move(rank) : ParallelRank();
    const auto& [type, text] = *candidate.parallel;
    meter_.CountBytes(static_cast<int64_t>(type.size() + text.size()));
  }
  return *candidate.parallel;
}

}  // namespace guanxi::traverse
