#include "graph/traverse/shared_neighbours.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/admission.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

// A step from one given entity.
struct Step {
  EntityId neighbour;
  RelationshipId relationship;
};

// What the steps to one entity come to.
struct Tally {
  EntityId id;
  uint32_t count = 0;  // of the given entities that share it
  uint32_t last = 0;   // the last one that was counted
};

// A common neighbour that is to be listed.
struct Ranked {
  uint32_t count = 0;
  std::string key;
  CommonNeighbour neighbour;
};

constexpr int64_t kBytesPerSharedStep = sizeof(Step);
constexpr int64_t kBytesPerTally =
    sizeof(std::pair<EntityId, size_t>) + sizeof(Tally);

absl::Status CheckEntities(const char* field, int64_t found, size_t most) {
  return CheckRange(field, found, CommonNeighboursSpec::kMinEntities,
                    static_cast<int64_t>(most));
}

std::vector<EntityId> Distinct(const std::vector<EntityId>& entities) {
  std::vector<EntityId> distinct;
  for (const EntityId id : entities) {
    if (std::ranges::count(distinct, id) == 0) distinct.push_back(id);
  }
  return distinct;
}

// One search: collects the steps of each given entity, then compares them.
class SharedSearch {
 public:
  SharedSearch(const topology::Ground& ground, std::vector<EntityId> given,
               const CommonNeighboursSpec& spec)
      : snapshot_(ground.snapshot),
        given_(std::move(given)),
        least_(spec.min_shared == 0 ? given_.size()
                                    : static_cast<size_t>(spec.min_shared)),
        direction_(spec.traversal.direction),
        topology_(ground, spec.traversal.lens),
        admission_(snapshot_, spec.traversal),
        done_(spec.traversal.done),
        meter_(spec.traversal.budget, done_.used),
        steps_(given_.size()) {}

  absl::StatusOr<CommonNeighbours> Run() {
    if (!admission_.MatchesNothing()) RETURN_IF_ERROR(Collect());
    if (Going()) Compare();
    if (Going()) RETURN_IF_ERROR(Rank());
    if (Going()) Gather();
    if (Going()) List();
    Finish();
    return std::move(answer_);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  absl::Status Collect() {
    for (size_t i = 0; i < given_.size() && Going(); ++i) {
      from_ = i;
      RETURN_IF_ERROR(Expand());
      if (Going()) continue;
      ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(given_[i]));
      where_ = absl::StrCat("at ", key);
    }
    return absl::OkStatus();
  }

  absl::Status Expand() {
    if (!meter_.CountStep()) return absl::OkStatus();
    RETURN_IF_ERROR(
        topology_.Expand(given_[from_], direction_, admission_.types(),
                         [this](const Hop& hop) { return Take(hop); }));
    RETURN_IF_ERROR(failure_);
    if (!Going()) return absl::OkStatus();
    RETURN_IF_ERROR(topology_.ExpandDenied(
        given_[from_], direction_, admission_.types(),
        [this](const Hop& hop) { return TakeDenied(hop); }));
    return failure_;
  }

  // Returns whether the expansion goes on, as the next one does.
  bool Take(const Hop& hop) {
    if (!meter_.CountRelationship()) return false;
    const absl::StatusOr<bool> admitted = Admits(hop);
    failure_ = admitted.status();
    if (!admitted.ok()) return false;
    if (!*admitted || hop.neighbour == given_[from_]) return true;
    if (!meter_.CountBytes(kBytesPerSharedStep)) return false;
    steps_[from_].push_back({hop.neighbour, hop.relationship});
    return true;
  }

  bool TakeDenied(const Hop& hop) {
    if (!meter_.CountRelationship()) return false;
    const absl::StatusOr<bool> wanted = admission_.AdmitsEntity(hop.neighbour);
    failure_ = wanted.status();
    if (wanted.ok() && *wanted) failure_ = admission_.CountDenied(hop).status();
    return failure_.ok();
  }

  // What is not shown is left out only on the way to an admitted entity. Of
  // others that is asked when they are common.
  absl::StatusOr<bool> Admits(const Hop& hop) {
    if (!hop.plain || hop.inside) {
      ASSIGN_OR_RETURN(const bool wanted,
                       admission_.AdmitsEntity(hop.neighbour));
      if (!wanted) return false;
    }
    return admission_.Admits(hop);
  }

  // Counts by whom each neighbour is shared, beginning with the shortest lists:
  // whom none of these has met cannot be shared by enough any more.
  void Compare() {
    where_ = "while neighbours were compared";
    std::vector<size_t> order(given_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, {},
                             [this](size_t i) { return steps_[i].size(); });
    const size_t begins = given_.size() - least_ + 1;
    for (size_t i = 0; i < order.size() && Going(); ++i) {
      i < begins ? Begin(order[i]) : Narrow(order[i]);
    }
  }

  void Begin(size_t from) {
    for (const Step& step : steps_[from]) {
      const auto [place, is_new] =
          places_.try_emplace(step.neighbour, tallies_.size());
      const bool counted =
          is_new ? meter_.CountEntity() && meter_.CountBytes(kBytesPerTally)
                 : meter_.CountStep();
      if (!counted) return;
      if (is_new) tallies_.push_back({.id = step.neighbour});
      Count(tallies_[place->second], from);
    }
  }

  void Narrow(size_t from) {
    for (const Step& step : steps_[from]) {
      if (!meter_.CountStep()) return;
      const auto place = places_.find(step.neighbour);
      if (place != places_.end()) Count(tallies_[place->second], from);
    }
  }

  // Several relationships with one given entity are one share.
  static void Count(Tally& tally, size_t from) {
    if (tally.count > 0 && tally.last == from) return;
    ++tally.count;
    tally.last = static_cast<uint32_t>(from);
  }

  // Finds out who is common, and puts them in order.
  absl::Status Rank() {
    for (const Tally& tally : tallies_) {
      if (!meter_.CountStep()) return absl::OkStatus();
      if (tally.count < least_) continue;
      ASSIGN_OR_RETURN(const bool wanted, admission_.AdmitsEntity(tally.id));
      if (!wanted) continue;
      ASSIGN_OR_RETURN(std::string key, snapshot_.EntityKey(tally.id));
      const auto bytes = static_cast<int64_t>(sizeof(Ranked) + key.size());
      if (!meter_.CountBytes(bytes)) return absl::OkStatus();
      ranked_.push_back({tally.count, std::move(key), {.id = tally.id}});
    }
    std::ranges::sort(ranked_, [](const Ranked& a, const Ranked& b) {
      return std::tie(b.count, a.key) < std::tie(a.count, b.key);
    });
    return absl::OkStatus();
  }

  // Gives each common neighbour its relationships.
  void Gather() {
    places_.clear();
    for (size_t i = 0; i < ranked_.size(); ++i) {
      places_.emplace(ranked_[i].neighbour.id, i);
    }
    for (size_t from = 0; from < given_.size(); ++from) {
      for (const Step& step : steps_[from]) {
        if (!meter_.CountStep()) return;
        const auto place = places_.find(step.neighbour);
        if (place == places_.end()) continue;
        CommonNeighbour& common = ranked_[place->second].neighbour;
        if (common.relationships.empty() ||
            common.shared_by.back() != given_[from]) {
          common.shared_by.push_back(given_[from]);
        }
        common.relationships.push_back(step.relationship);
      }
    }
  }

  void List() {
    for (Ranked& next : ranked_) {
      CommonNeighbour& common = next.neighbour;
      const size_t ids = common.shared_by.size() + common.relationships.size();
      where_ = absl::StrCat("at ", next.key);
      if (!meter_.CountResult() ||
          !meter_.CountBytes(static_cast<int64_t>(ids * sizeof(EntityId)))) {
        return;
      }
      if (listed_++ < done_.entities) continue;
      answer_.neighbours.push_back(std::move(common));
    }
  }

  void Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = admission_.left_out();
    if (Going()) return;
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = meter_.stop();
    completeness.where = where_;
    completeness.progress =
        Progress{.used = Max(meter_.used(), done_.used),
                 .entities = std::max(listed_, done_.entities)};
  }

  const store::Snapshot& snapshot_;
  const std::vector<EntityId> given_;  // each once
  const size_t least_;                 // that must share a neighbour
  const Direction direction_;
  topology::Topology topology_;
  Admission admission_;
  const Progress& done_;
  Meter meter_;
  std::vector<std::vector<Step>> steps_;  // by given entity
  size_t from_ = 0;                       // the one that is expanded
  absl::Status failure_;
  // Of entities in `tallies_`; later in `ranked_`.
  absl::flat_hash_map<EntityId, size_t> places_;
  std::vector<Tally> tallies_;
  std::vector<Ranked> ranked_;
  int64_t listed_ = 0;  // in this part or an earlier one
  std::string where_;   // the work is
  CommonNeighbours answer_;
};

}  // namespace

absl::StatusOr<CommonNeighbours> FindCommonNeighbours(
    const topology::Ground& ground, const std::vector<EntityId>& given,
    const CommonNeighboursSpec& spec) {
  std::vector<EntityId> distinct = Distinct(given);
  RETURN_IF_ERROR(CheckEntities("entities",
                                static_cast<int64_t>(distinct.size()),
                                CommonNeighboursSpec::kMaxEntities));
  if (spec.min_shared != 0) {
    RETURN_IF_ERROR(
        CheckEntities("min_shared", spec.min_shared, distinct.size()));
  }
  return SharedSearch(ground, std::move(distinct), spec).Run();
}

}  // namespace guanxi::traverse
