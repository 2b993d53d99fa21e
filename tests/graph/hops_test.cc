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
#include "tests/support/parts.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::Append;
using test::AskInParts;
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
using ::testing::SizeIs;
using topology::Ground;

const int kGraphs = test::GraphCount(200);
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

// --- Parts ------------------------------------------------------------------

TEST(HopsTest, AnswerInPartsIsTheWhole) {
  Random random;
  int cut = 0;
  for (int i = 0; i < kGraphs / 2 && !testing::Test::HasFailure(); ++i) {
    const Graph graph(Weighted(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const EntityId start = Find(snapshot, absl::StrCat("e", random.Below(8)));
      NeighbourhoodSpec spec = RandomSpec(random);
      ASSERT_OK_AND_ASSIGN(const Neighbourhood whole,
                           FindNeighbourhood({snapshot}, start, spec));

      Neighbourhood joined;
      const int parts = AskInParts(
          random, spec.traversal,
          [&] { return FindNeighbourhood(ways.Pick(random), start, spec); },
          [&joined](const Neighbourhood& part) {
            Append(part.entities, joined.entities);
            Append(part.relationships, joined.relationships);
            Append(part.denied, joined.denied);
            Append(part.hubs, joined.hubs);
            joined.completeness = part.completeness;
            return part.completeness.progress;
          });

      EXPECT_EQ(Rows(joined.entities), Rows(whole.entities));
      EXPECT_EQ(joined.relationships, whole.relationships);
      EXPECT_EQ(joined.denied, whole.denied);
      EXPECT_EQ(joined.hubs, whole.hubs);
      EXPECT_EQ(joined.completeness.left_out.hops,
                whole.completeness.left_out.hops);
      EXPECT_EQ(joined.completeness.outcome, whole.completeness.outcome);
      EXPECT_EQ(joined.completeness.reason, whole.completeness.reason);
      EXPECT_EQ(joined.completeness.where, whole.completeness.where);
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, kGraphs / 2);
}

// --- Other states -----------------------------------------------------------

TEST(HopsTest, PastAnswersAsItDid) {
  Random random;
  for (int i = 0; i < kGraphs / 10 && !testing::Test::HasFailure(); ++i) {
    Graph graph(Weighted(random));
    std::vector<std::pair<NeighbourhoodSpec, Neighbourhood>> answers;
    const EntityId start = Find(graph.Read(), "e0");
    for (int j = 0; j < kQuestions; ++j) {
      const NeighbourhoodSpec spec = RandomSpec(random);
      ASSERT_OK_AND_ASSIGN(Neighbourhood answer,
                           FindNeighbourhood({graph.Read()}, start, spec));
      answers.emplace_back(spec, std::move(answer));
    }
    ASSERT_OK(graph.store().Commit({.statements = Weighted(random)}));

    Snapshot past = graph.Read();
    ASSERT_OK(past.GoTo({.revision = Revision{1}}));
    for (const auto& [spec, before] : answers) {
      ASSERT_OK_AND_ASSIGN(const Neighbourhood answer,
                           FindNeighbourhood({past}, start, spec));

      EXPECT_EQ(Rows(answer.entities), Rows(before.entities));
      EXPECT_EQ(answer.relationships, before.relationships);
      EXPECT_EQ(answer.hubs, before.hubs);
      EXPECT_EQ(answer.completeness.left_out.hops,
                before.completeness.left_out.hops);
    }
  }
}

// What an answer says, by keys.
struct ByKey {
  std::map<std::string, int> depths;
  std::multiset<std::pair<std::string, int>> hubs;
  size_t relationships = 0;
  std::vector<HopLeftOut> left_out;

  friend bool operator==(const ByKey&, const ByKey&) = default;
};

ByKey AskByKey(const Ground& ground, const std::string& start,
               const NeighbourhoodSpec& spec) {
  const Snapshot& snapshot = ground.snapshot;
  const Neighbourhood answer =
      *FindNeighbourhood(ground, Find(snapshot, start), spec);
  ByKey by_key{.relationships = answer.relationships.size(),
               .left_out = answer.completeness.left_out.hops};
  for (const VisitedEntity& one : answer.entities) {
    by_key.depths[*snapshot.EntityKey(one.id)] = one.depth;
  }
  for (const Hub& hub : answer.hubs) {
    by_key.hubs.emplace(*snapshot.EntityKey(hub.id), hub.depth);
  }
  return by_key;
}

// Entities "e0" to "e9", of which "e0" is one with "e8" and "e1" with "e9"; or
// written as the two that they are.
TEST(HopsTest, EntitiesThatAreOneAreMetAsOne) {
  Random random;
  const std::vector<std::string> types = {"OWNS", "KNOWS", "ODD"};
  for (int i = 0; i < kGraphs / 4 && !testing::Test::HasFailure(); ++i) {
    std::vector<Statement> apart;
    std::vector<Statement> merged;
    const auto one = [](size_t index) {
      return index >= 8 ? index - 8 : index;
    };
    for (size_t e = 0; e < 10; ++e) {
      apart.push_back(Entity(absl::StrCat("e", e)));
      merged.push_back(Entity(absl::StrCat("e", one(e))));
    }
    for (int r = 0; r < 18; ++r) {
      const size_t from = random.Below(10);
      const size_t to = random.Below(10);
      const std::string type = random.Pick(types);
      apart.push_back(
          Relationship(absl::StrCat("e", from), type, absl::StrCat("e", to)));
      // Between two that are one, or of one with itself, it is hidden there.
      const bool inside = one(from) == one(to) && one(from) < 2;
      if (inside) continue;
      merged.push_back(Relationship(absl::StrCat("e", one(from)), type,
                                    absl::StrCat("e", one(to))));
    }
    for (const auto& [first, second] : {std::pair("e0", "e8"), {"e1", "e9"}}) {
      apart.push_back(
          {JudgementStatement{
               .judgement = Judgement::kSame, .first = first, .second = second},
           {}});
    }
    const Graph graph(std::move(apart));
    const Graph written(std::move(merged));
    const Snapshot snapshot = graph.Read();
    const Snapshot other = written.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      NeighbourhoodSpec spec = RandomSpec(random);
      spec.traversal = {};
      // What a cap keeps goes by how each is written, or by the store.
      spec.max_per_entity = 0;
      for (HopSpec& hop : spec.hops) {
        hop.max_per_entity = 0;
        hop.labels.clear();
      }
      if (spec.hubs.has_value() && spec.hubs->action == HubAction::kCap) {
        spec.hubs->action = HubAction::kSkip;
      }
      const ByKey expected = AskByKey({other}, "e0", spec);

      for (const Ground& ground : ways) {
        EXPECT_EQ(AskByKey(ground, "e0", spec), expected);
      }
    }
  }
}

// --- By hand ----------------------------------------------------------------

// A start beside a hub with many leaves, and one with few.
std::vector<Statement> HubAndOther(int leaves) {
  std::vector<Statement> statements = {Entity("start"),
                                       Entity("hub"),
                                       Entity("other"),
                                       Entity("end"),
                                       Relationship("start", "ODD", "hub"),
                                       Relationship("start", "ODD", "other"),
                                       Relationship("other", "ODD", "end")};
  for (int i = 0; i < leaves; ++i) {
    const std::string leaf = absl::StrCat("leaf", i);
    statements.push_back(Entity(leaf));
    statements.push_back(Relationship("hub", "ODD", leaf));
  }
  return statements;
}

TEST(HopsTest, HubIsKnownByALookThatIsBounded) {
  const Graph graph(HubAndOther(500));
  const Snapshot snapshot = graph.Read();
  NeighbourhoodSpec spec{.depth = 3};
  spec.traversal.budget.max_relationships = 60;

  for (const Ground& ground : BothWays(snapshot)) {
    for (const HubAction action : {HubAction::kSkip, HubAction::kStop}) {
      spec.hubs = HubPolicy{.action = action, .max_degree = 10};

      ASSERT_OK_AND_ASSIGN(
          const Neighbourhood answer,
          FindNeighbourhood(ground, Find(snapshot, "start"), spec));

      const bool stops = action == HubAction::kStop;
      EXPECT_EQ(answer.completeness.reason, Stop::kHub);
      EXPECT_EQ(answer.completeness.where, "at depth 1, at hub");
      EXPECT_THAT(answer.entities, SizeIs(stops ? 4 : 3));
      EXPECT_THAT(answer.hubs, ElementsAre(Hub{Find(snapshot, "hub"), 1}));
      EXPECT_THAT(
          answer.completeness.left_out.hops,
          stops ? ElementsAre(HopLeftOut{.hop = 2, .hubs = 1})
                : ElementsAre(HopLeftOut{.hop = 1, .to_hubs = 1, .hubs = 1}));
    }
  }
}

TEST(HopsTest, CappedHubSaysHowMuchIsLeftOut) {
  const Graph graph(HubAndOther(100));
  const Snapshot snapshot = graph.Read();
  NeighbourhoodSpec spec{.depth = 2};
  spec.hubs = HubPolicy{.action = HubAction::kCap, .max_degree = 10, .keep = 7};

  ASSERT_OK_AND_ASSIGN(
      const Neighbourhood answer,
      FindNeighbourhood({snapshot}, Find(snapshot, "start"), spec));

  EXPECT_THAT(answer.relationships, SizeIs(2 + 7 + 1));
  EXPECT_THAT(answer.hubs, ElementsAre(Hub{Find(snapshot, "hub"), 1, 93}));
  EXPECT_THAT(answer.completeness.left_out.hops,
              ElementsAre(HopLeftOut{.hop = 2, .capped = 93, .hubs = 1}));
}

// By the first hop "b" is met, and by the second again, whence the third goes.
TEST(HopsTest, EntityIsExpandedForEachHopThatMeetsIt) {
  const Graph graph(
      {Entity("a"), Entity("b"), Entity("c"), Entity("d"),
       Relationship("a", "OWNS", "b"), Relationship("a", "OWNS", "c"),
       Relationship("c", "ODD", "b"), Relationship("b", "KNOWS", "d")});
  const Snapshot snapshot = graph.Read();
  NeighbourhoodSpec spec{.depth = 3};
  for (const char* type : {"OWNS", "ODD", "KNOWS"}) {
    spec.hops.push_back({.types = {type}});
  }

  ASSERT_OK_AND_ASSIGN(
      const Neighbourhood answer,
      FindNeighbourhood({snapshot}, Find(snapshot, "a"), spec));

  EXPECT_THAT(answer.relationships, SizeIs(4));
  ASSERT_THAT(answer.entities, SizeIs(4));
  EXPECT_EQ(answer.entities[3].depth, 3);
  EXPECT_EQ(answer.entities[3].parent, Find(snapshot, "b"));
}

TEST(HopsTest, NumberOutOfRangeIsRefused) {
  const Graph graph({Entity("a")});
  const Snapshot snapshot = graph.Read();
  std::vector<NeighbourhoodSpec> specs(4);
  specs[0].hops.resize(NeighbourhoodSpec::kMaxDepth + 1);
  specs[1].hubs = HubPolicy{};
  specs[2].hubs = HubPolicy{.max_degree = HubPolicy::kMaxDegree + 1};
  specs[3].hubs = HubPolicy{.action = HubAction::kCap, .max_degree = 1};

  for (const NeighbourhoodSpec& spec : specs) {
    const auto answer =
        FindNeighbourhood({snapshot}, Find(snapshot, "a"), spec);
    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

}  // namespace
}  // namespace guanxi::traverse
