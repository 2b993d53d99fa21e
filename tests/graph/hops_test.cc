// Hops that differ, caps and hubs: neighbourhoods of random small graphs are
// compared with a slow walk that sorts everything and forgets nothing.

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/order.h"
#include "tests/support/both_ways.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::BothWays;
using test::Entity;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomStatements;
using test::RandomTraversal;
using test::Relationship;
using test::SlowGraph;
using test::Step;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using topology::Ground;

constexpr int kGraphs = 200;
constexpr int kQuestions = 10;  // of each graph

// --- The slow walk ----------------------------------------------------------

using Visit = std::tuple<EntityId, int, EntityId>;

struct Expected {
  std::vector<Visit> entities;
  std::vector<RelationshipId> relationships;
  std::set<RelationshipId> denied;
  std::vector<Hub> hubs;
  std::vector<HopLeftOut> left_out;
  Stop reason = Stop::kNone;
};

class SlowWalk {
 public:
  SlowWalk(const Snapshot& snapshot, const NeighbourhoodSpec& spec)
      : snapshot_(snapshot), spec_(spec) {
    const std::vector<HopSpec> one(1);
    for (const HopSpec& hop : spec.hops.empty() ? one : spec.hops) {
      hops_.push_back(hop);
      // The whole and the hop: labels and types of both.
      TraversalSpec own = spec.traversal;
      own.direction = hop.direction.value_or(own.direction);
      own.types = hop.types;
      own.labels = hop.labels;
      own_specs_.push_back(own);
    }
    for (const TraversalSpec& own : own_specs_)
      own_.emplace_back(snapshot, own);
    whole_spec_ = spec.traversal;
    whole_spec_.direction = Direction::kBoth;
    whole_.emplace_back(snapshot, whole_spec_);
  }

  Expected Run(EntityId start) {
    start_ = start;
    expected_.entities = {{start, 0, start}};
    std::vector<EntityId> level = {start};
    std::set<std::pair<EntityId, size_t>> expanded;
    for (int depth = 0; depth < spec_.depth; ++depth) {
      next_.clear();
      for (const EntityId from : level) {
        if (!expanded.insert({from, Index(depth)}).second) continue;
        ExpandFrom(from, depth);
      }
      level = next_;
    }
    for (const auto& [id, place] : left_) {
      HopLeftOut& counts = counts_[place.first];
      ++(place.second ? counts.to_hubs : counts.capped);
    }
    for (auto& [hop, counts] : counts_) {
      counts.hop = hop;
      expected_.left_out.push_back(counts);
    }
    return expected_;
  }

 private:
  size_t Index(int depth) const {
    return std::min(static_cast<size_t>(depth), hops_.size() - 1);
  }

  // In the order in which the store has them.
  std::vector<Step> StepsFrom(EntityId from, size_t index) const {
    std::vector<Step> steps;
    const auto& types = whole_spec_.types;
    for (const Step& step : own_[index].StepsFrom(from)) {
      const bool wanted =
          types.empty() || std::ranges::count(types, step.edge.type) > 0;
      if (wanted) steps.push_back(step);
    }
    std::ranges::sort(steps, [this](const Step& a, const Step& b) {
      return Place(a) < Place(b);
    });
    return steps;
  }

  std::tuple<Direction, uint64_t, EntityId, RelationshipId> Place(
      const Step& step) const {
    const auto type = snapshot_.catalog().types.Find(step.edge.type);
    return {step.direction, type->value, step.to, step.edge.id};
  }

  // Those with an affirmative claim; a denial is none of the degree.
  bool IsHub(EntityId id, size_t index) const {
    int64_t degree = 0;
    for (const Step& step : StepsFrom(id, index)) degree += IsAffirmed(step);
    return degree > spec_.hubs->max_degree;
  }
  bool IsAffirmed(const Step& step) const {
    Lens any = spec_.traversal.lens;
    any.valid_at = std::nullopt;
    any.min_confidence = 0;
    any.certain = false;
    for (const Mode mode : {Mode::kPlanned, Mode::kOpinion})
      any.modes.Add(mode);
    return snapshot_.Admit(step.edge.id, any)->admission ==
           store::Admission::kShown;
  }

  void ExpandFrom(EntityId from, int depth) {
    const size_t index = Index(depth);
    const HopSpec& hop = hops_[index];
    int64_t share = hop.max_per_entity > 0 ? hop.max_per_entity
                    : spec_.max_per_entity > 0
                        ? spec_.max_per_entity
                        : std::numeric_limits<int64_t>::max();
    const auto acts = [this](HubAction action) {
      return spec_.hubs.has_value() && spec_.hubs->action == action;
    };
    if (acts(HubAction::kStop) && from != start_ && IsHub(from, index)) {
      Tell({from, depth}, depth + 1);
      return;
    }
    bool by_hub = false;
    if (acts(HubAction::kCap) && IsHub(from, index)) {
      by_hub = spec_.hubs->keep < share;
      share = std::min(share, spec_.hubs->keep);
    }

    std::vector<Step> wanted;
    for (const Step& step : StepsFrom(from, index)) {
      if (!whole_.front().Carries(step.to) || !own_[index].Carries(step.to)) {
        continue;
      }
      const auto admission = whole_.front().Admit(step.edge).admission;
      if (admission == store::Admission::kDenied) {
        expected_.denied.insert(step.edge.id);
      }
      if (admission != store::Admission::kShown) continue;
      if (acts(HubAction::kSkip) && Skip(step, depth)) continue;
      wanted.push_back(step);
    }
    const bool chooses = hop.order != KeepOrder::kAsMet &&
                         share < std::numeric_limits<int64_t>::max();
    if (chooses) {
      // What is there already is followed before the others are chosen.
      std::ranges::stable_sort(wanted, [&](const Step& a, const Step& b) {
        const bool old = taken_.contains(a.edge.id);
        if (old || taken_.contains(b.edge.id)) {
          return old && !taken_.contains(b.edge.id);
        }
        return Rank(a, hop) < Rank(b, hop);
      });
    }
    Take(wanted, {from, depth}, share, by_hub);
  }

  void Take(const std::vector<Step>& wanted, Hub from, int64_t share,
            bool by_hub) {
    std::set<RelationshipId> beyond;
    for (const Step& step : wanted) {
      const RelationshipId id = step.edge.id;
      if (!taken_.contains(id)) {
        if (share == 0) {
          beyond.insert(id);
          left_.emplace(id, std::pair(from.depth + 1, false));
          if (expected_.reason == Stop::kNone) {
            expected_.reason = Stop::kPerEntity;
          }
          continue;
        }
        --share;
        taken_.insert(id);
        left_.erase(id);
        expected_.relationships.push_back(id);
      }
      const bool known = std::ranges::any_of(
          expected_.entities,
          [&](const Visit& visit) { return std::get<0>(visit) == step.to; });
      if (!known) {
        expected_.entities.emplace_back(step.to, from.depth + 1, from.id);
      }
      next_.push_back(step.to);
    }
    from.left_out = static_cast<int64_t>(beyond.size());
    if (by_hub && !beyond.empty()) Tell(from, from.depth + 1);
  }

  bool Skip(const Step& step, int depth) {
    if (step.to == start_) return false;
    const size_t index = Index(depth + 1);
    if (!IsHub(step.to, index)) return false;
    if (skipped_.insert({step.to, index}).second) {
      Tell({step.to, depth + 1}, depth + 1);
    }
    if (!taken_.contains(step.edge.id)) {
      left_.emplace(step.edge.id, std::pair(depth + 1, true));
    }
    return true;
  }

  void Tell(const Hub& hub, int hop) {
    expected_.hubs.push_back(hub);
    ++counts_[hop].hubs;
    expected_.reason = Stop::kHub;
  }

  std::tuple<double, std::string, ParallelRank> Rank(const Step& step,
                                                     const HopSpec& hop) const {
    double rank = std::numeric_limits<double>::infinity();
    const auto views = snapshot_.ReadRelationship(
        step.edge.id, spec_.traversal.lens, Evidence::kNone);
    for (const RelationshipView& view : *views) {
      if (hop.order == KeepOrder::kSurest) {
        rank = std::min(rank, -view.showing.confidence);
      }
      for (const PropertyView& shown : view.properties) {
        const auto* number = shown.value.get_if<int64_t>();
        if (number == nullptr || shown.key.name != hop.property) continue;
        const auto value = static_cast<double>(*number);
        if (hop.order == KeepOrder::kHighest) rank = std::min(rank, -value);
        if (hop.order == KeepOrder::kLowest) rank = std::min(rank, value);
      }
    }
    if (hop.order == KeepOrder::kKey) rank = 0;
    return {rank, *snapshot_.EntityKey(step.to),
            *ReadParallelRank(snapshot_, step.edge.id, spec_.traversal.lens)};
  }

  const Snapshot& snapshot_;
  const NeighbourhoodSpec& spec_;
  EntityId start_;
  std::vector<HopSpec> hops_;
  std::vector<TraversalSpec> own_specs_;
  std::vector<SlowGraph> own_;
  TraversalSpec whole_spec_;
  std::vector<SlowGraph> whole_;
  std::vector<EntityId> next_;
  std::set<RelationshipId> taken_;
  std::map<RelationshipId, std::pair<int, bool>> left_;  // hop, to a hub
  std::set<std::pair<EntityId, size_t>> skipped_;
  std::map<int, HopLeftOut> counts_;
  Expected expected_;
};

// --- Random questions -------------------------------------------------------

HopSpec RandomHop(Random& random) {
  HopSpec hop;
  if (random.OneIn(2)) {
    hop.direction = random.Pick<Direction>(
        {Direction::kBoth, Direction::kOut, Direction::kIn});
  }
  const std::vector<std::string> types = {"OWNS", "KNOWS", "FOUNDED", "ODD",
                                          "ODDER"};
  while (random.OneIn(2)) hop.types.push_back(random.Pick(types));
  if (random.OneIn(4)) {
    hop.labels = {random.Pick<std::string>({"Organization", "Person"})};
  }
  if (random.OneIn(3)) {
    hop.max_per_entity = static_cast<int64_t>(1 + random.Below(3));
  }
  hop.order = random.Pick<KeepOrder>({KeepOrder::kAsMet, KeepOrder::kKey,
                                      KeepOrder::kHighest, KeepOrder::kLowest,
                                      KeepOrder::kSurest});
  hop.property = "weight";
  return hop;
}

NeighbourhoodSpec RandomSpec(Random& random) {
  NeighbourhoodSpec spec{.traversal = RandomTraversal(random),
                         .depth = static_cast<int>(1 + random.Below(5)),
                         .include_denied = true};
  if (random.OneIn(2)) spec.traversal.types.clear();
  if (random.OneIn(2)) spec.traversal.labels.clear();
  for (size_t i = random.Below(4); i > 0; --i) {
    spec.hops.push_back(RandomHop(random));
  }
  if (random.OneIn(4)) {
    spec.max_per_entity = static_cast<int64_t>(1 + random.Below(4));
  }
  if (random.OneIn(2)) {
    spec.hubs =
        HubPolicy{.action = random.Pick<HubAction>(
                      {HubAction::kSkip, HubAction::kStop, HubAction::kCap}),
                  .max_degree = static_cast<int64_t>(1 + random.Below(5)),
                  .keep = static_cast<int64_t>(1 + random.Below(3))};
  }
  return spec;
}

// Some of the relationships have a weight.
std::vector<Statement> Weighted(Random& random) {
  std::vector<Statement> statements = RandomStatements(random);
  for (Statement& statement : statements) {
    auto* relationship = std::get_if<RelationshipStatement>(&statement.body);
    if (relationship == nullptr || random.OneIn(3)) continue;
    relationship->properties["weight"] =
        Value(static_cast<int64_t>(random.Below(4)));
  }
  return statements;
}

std::vector<Visit> Rows(const std::vector<VisitedEntity>& entities) {
  std::vector<Visit> rows;
  for (const VisitedEntity& one : entities) {
    rows.emplace_back(one.id, one.depth, one.parent);
  }
  return rows;
}

void ExpectSame(const Neighbourhood& actual, const Expected& expected) {
  EXPECT_EQ(Rows(actual.entities), expected.entities);
  EXPECT_EQ(actual.relationships, expected.relationships);
  EXPECT_EQ(
      std::set<RelationshipId>(actual.denied.begin(), actual.denied.end()),
      expected.denied);
  EXPECT_EQ(actual.hubs, expected.hubs);
  EXPECT_EQ(actual.completeness.left_out.hops, expected.left_out);
  EXPECT_EQ(actual.completeness.reason, expected.reason);
  EXPECT_EQ(actual.completeness.outcome, expected.reason == Stop::kNone
                                             ? Outcome::kComplete
                                             : Outcome::kTruncated);
  EXPECT_FALSE(actual.completeness.progress.has_value());
}

TEST(HopsTest, RandomQuestionsAreAnsweredAsByHand) {
  Random random;
  int cut = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(Weighted(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const EntityId start = Find(snapshot, absl::StrCat("e", random.Below(8)));
      const NeighbourhoodSpec spec = RandomSpec(random);
      const Expected expected = SlowWalk(snapshot, spec).Run(start);

      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const Neighbourhood answer,
                             FindNeighbourhood(ground, start, spec));

        ExpectSame(answer, expected);
      }
      cut += expected.reason != Stop::kNone;
    }
  }
  EXPECT_GT(cut, kGraphs);
}

}  // namespace
}  // namespace guanxi::traverse
