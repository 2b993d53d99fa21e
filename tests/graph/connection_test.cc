// Networks of random small graphs are held against what a slow search and an
// enumeration of all networks say of them, in both ways of walking.

#include "graph/traverse/connection.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/base/error.h"
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
using ::testing::ElementsAre;
using ::testing::SizeIs;
using topology::Ground;

const int kGraphs = test::GraphCount(300);
constexpr int kQuestions = 5;  // of each graph

using Keys = std::vector<std::string>;

std::vector<EntityId> FindAll(const Snapshot& snapshot, const Keys& keys) {
  std::vector<EntityId> ids;
  for (const std::string& key : keys) ids.push_back(Find(snapshot, key));
  return ids;
}

Keys KeysOf(const Snapshot& snapshot, const std::vector<EntityId>& ids) {
  Keys keys;
  for (const EntityId id : ids) keys.push_back(*snapshot.EntityKey(id));
  return keys;
}

// A question in words that mean the same in any store.
struct Question {
  Keys entities;
  Keys excluded;
  ConnectionSpec spec;

  ConnectionSpec Spec(const Snapshot& snapshot) const {
    ConnectionSpec ready = spec;
    ready.traversal.exclude_entities = FindAll(snapshot, excluded);
    return ready;
  }
};

Keys RandomKeys(Random& random, size_t count) {
  std::set<std::string> keys;
  while (keys.size() < count) {
    keys.insert(absl::StrCat("e", random.Below(8)));
  }
  return {keys.begin(), keys.end()};
}

Question RandomQuestion(Random& random) {
  Question question;
  question.entities =
      RandomKeys(random, random.OneIn(4) ? 2 : 2 + random.Below(4));
  if (random.OneIn(4)) question.excluded = RandomKeys(random, 2);
  question.spec.traversal = RandomTraversal(random);
  question.spec.traversal.direction = Direction::kBoth;
  if (random.OneIn(3)) {
    question.spec.max_distance = static_cast<int>(1 + random.Below(5));
  }
  return question;
}

// --- Slowly -----------------------------------------------------------------

// The entities that a network may have and the admitted steps between them, as
// bits: the given ones first, in their order.
class SmallGraph {
 public:
  SmallGraph(const SlowGraph& slow, const std::vector<EntityId>& given)
      : given_(given.size()) {
    for (const EntityId id : given) Add(id);
    // What can be reached is all that can be of use.
    for (size_t i = 0; i < ids_.size(); ++i) {
      for (const test::Step& step : slow.StepsFrom(ids_[i])) {
        if (!slow.Shows(step.edge) || step.to == ids_[i]) continue;
        if (!places_.contains(step.to) && slow.Carries(step.to)) Add(step.to);
        const auto to = places_.find(step.to);
        if (to != places_.end()) next_[i] |= 1U << to->second;
      }
    }
  }

  // What `from` is joined with inside `within`.
  uint32_t Spread(uint32_t from, uint32_t within) const {
    for (uint32_t before = 0; before != from;) {
      before = from;
      for (size_t i = 0; i < ids_.size(); ++i) {
        if ((before >> i & 1) != 0) from |= next_[i] & within;
      }
    }
    return from;
  }

  uint32_t all() const { return (1U << ids_.size()) - 1; }

  // Steps from one given entity to another; 0: there is no way.
  int Distance(size_t from, size_t to) const {
    uint32_t reached = 1U << from;
    for (int distance = 0;; ++distance) {
      if ((reached >> to & 1) != 0) return distance;
      uint32_t further = reached;
      for (size_t i = 0; i < ids_.size(); ++i) {
        if ((reached >> i & 1) != 0) further |= next_[i];
      }
      if (further == reached) return 0;
      reached = further;
    }
  }

  // Relationships of the smallest network that joins these given entities: one
  // fewer than it has entities, and every set of entities is tried.
  int Smallest(uint32_t given) const {
    int smallest = std::popcount(all());
    const uint32_t others = all() & ~given;
    for (uint32_t more = others;; more = (more - 1) & others) {
      const uint32_t set = given | more;
      const int size = std::popcount(set) - 1;
      if (size < smallest && Spread(given & -given, set) == set) {
        smallest = size;
      }
      if (more == 0) return smallest;
    }
  }

  // The given entities in parts that ways of at most this length join.
  std::set<std::set<EntityId>> Parts(int longest) const {
    std::vector<size_t> part(given_);
    for (size_t i = 0; i < given_; ++i) part[i] = i;
    for (size_t i = 0; i < given_; ++i) {
      for (size_t j = 0; j < i; ++j) {
        const int distance = Distance(i, j);
        if (distance == 0 || distance > longest) continue;
        std::ranges::replace(part, size_t{part[i]}, size_t{part[j]});
      }
    }
    std::map<size_t, std::set<EntityId>> parts;
    for (size_t i = 0; i < given_; ++i) parts[part[i]].insert(ids_[i]);
    std::set<std::set<EntityId>> sets;
    for (const auto& [first, one] : parts) sets.insert(one);
    return sets;
  }

  uint32_t BitsOf(const std::vector<EntityId>& ids) const {
    uint32_t bits = 0;
    for (const EntityId id : ids) bits |= 1U << places_.at(id);
    return bits;
  }

 private:
  void Add(EntityId id) {
    places_.emplace(id, ids_.size());
    ids_.push_back(id);
    next_.push_back(0);
  }

  size_t given_;
  std::vector<EntityId> ids_;
  std::map<EntityId, size_t> places_;
  std::vector<uint32_t> next_;
};

// Each relationship is admitted and joins the next entity to one before it, so
// that the network is a tree; what lies between is admitted, and no leaf is
// there for nothing.
void ExpectTree(const Network& network, const SlowGraph& slow) {
  ASSERT_EQ(network.entities.size(), network.relationships.size() + 1);
  std::map<EntityId, int> degrees = {{network.entities[0], 0}};
  for (size_t i = 0; i < network.relationships.size(); ++i) {
    const EntityId to = network.entities[i + 1];
    bool joins = false;
    for (const test::Step& step : slow.StepsFrom(to)) {
      if (step.edge.id != network.relationships[i]) continue;
      joins = degrees.contains(step.to) && slow.Shows(step.edge);
      ++degrees[step.to];
    }
    EXPECT_TRUE(joins);
    EXPECT_TRUE(degrees.emplace(to, 1).second);
  }
  for (const auto& [id, degree] : degrees) {
    if (std::ranges::count(network.given, id) > 0) continue;
    EXPECT_TRUE(slow.Carries(id));
    EXPECT_GE(degree, 2);
  }
}

void ExpectSmall(const Network& network, const SmallGraph& small) {
  const auto size = static_cast<int>(network.relationships.size());
  const auto given = static_cast<int>(network.given.size());
  const int smallest = small.Smallest(small.BitsOf(network.given));
  EXPECT_GE(size, smallest);
  EXPECT_LE(size * given, 2 * (given - 1) * smallest);
}

void ExpectOrder(const Snapshot& snapshot, const Connections& answer) {
  std::vector<std::pair<int, std::string>> order;
  for (const Network& network : answer.networks) {
    const Keys given = KeysOf(snapshot, network.given);
    EXPECT_TRUE(std::ranges::is_sorted(given));
    EXPECT_EQ(network.entities[0], network.given[0]);
    order.emplace_back(-static_cast<int>(given.size()), given[0]);
  }
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

std::set<std::set<EntityId>> PartsOf(const Connections& answer) {
  std::set<std::set<EntityId>> parts;
  for (const Network& network : answer.networks) {
    parts.emplace(network.given.begin(), network.given.end());
  }
  return parts;
}

void ExpectOutcome(const Connections& answer, const ConnectionSpec& spec,
                   const SmallGraph& small) {
  constexpr int kLongest = 30;  // no way in these graphs is longer
  const Completeness& completeness = answer.completeness;
  EXPECT_FALSE(completeness.progress.has_value());
  EXPECT_EQ(PartsOf(answer), small.Parts(spec.max_distance));
  if (completeness.outcome == Outcome::kTruncated) {
    EXPECT_EQ(completeness.reason, Stop::kLength);
    EXPECT_LT(spec.max_distance, 16);
    EXPECT_GT(answer.networks.size(), 1U);
    return;
  }
  EXPECT_EQ(PartsOf(answer), small.Parts(kLongest));
  const bool none = answer.networks[0].given.size() == 1;
  EXPECT_EQ(completeness.outcome == Outcome::kProvenNone, none);
}

TEST(ConnectionTest, RandomGraphsAreConnectedAsByHand) {
  Random random;
  size_t joined = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const Question question = RandomQuestion(random);
      const ConnectionSpec spec = question.Spec(snapshot);
      const auto given = FindAll(snapshot, question.entities);
      const SlowGraph slow(snapshot, spec.traversal);
      const SmallGraph small(slow, given);

      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const Connections answer,
                             FindConnections(ground, given, spec));

        ExpectOrder(snapshot, answer);
        ExpectOutcome(answer, spec, small);
        for (const Network& network : answer.networks) {
          ExpectTree(network, slow);
          ExpectSmall(network, small);
          joined += network.relationships.size();
        }
        if (given.size() == 2) {
          EXPECT_TRUE(
              answer.networks.size() == 2 ||
              static_cast<int>(answer.networks[0].relationships.size()) ==
                  small.Distance(0, 1));
        }
      }
    }
  }
  EXPECT_GT(joined, static_cast<size_t>(kGraphs * kQuestions));
}

// --- Whatever the ids -------------------------------------------------------

std::string ToText(const Snapshot& snapshot, RelationshipId id,
                   const Lens& lens) {
  const auto views = snapshot.ReadRelationship(id, lens, Evidence::kNone);
  return views->front().key.ToString();
}

Keys TextsOf(const Snapshot& snapshot, const Network& network,
             const Lens& lens) {
  Keys texts;
  for (const RelationshipId id : network.relationships) {
    texts.push_back(ToText(snapshot, id, lens));
  }
  return texts;
}

std::string ToText(const Snapshot& snapshot, const Connections& answer,
                   const Lens& lens) {
  const Completeness& completeness = answer.completeness;
  const LeftOut& left = completeness.left_out;
  std::string text =
      absl::StrCat(static_cast<int>(completeness.outcome), " ",
                   static_cast<int>(completeness.reason), ", ", left.denied,
                   " ", left.unrecorded, " ", left.uncertain, " ",
                   left.low_confidence, " ", left.hidden, "\n");
  for (const auto& [mode, count] : left.modes) {
    absl::StrAppend(&text, static_cast<int>(mode), ": ", count, "\n");
  }
  for (const Network& network : answer.networks) {
    absl::StrAppend(
        &text, absl::StrJoin(KeysOf(snapshot, network.given), " "), ": ",
        absl::StrJoin(KeysOf(snapshot, network.entities), " "), ": ",
        absl::StrJoin(TextsOf(snapshot, network, lens), " "), "\n");
  }
  return text;
}

TEST(ConnectionTest, OrderOfLoadingAndOfAskingAndWayOfWalkingChangeNothing) {
  Random random;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    std::vector<Statement> statements = RandomStatements(random);
    const Graph graph(statements);
    for (size_t at = statements.size(); at > 1; --at) {
      std::swap(statements[at - 1], statements[random.Below(at)]);
    }
    const Graph shuffled(statements);
    const Snapshot one = graph.Read();
    const Snapshot other = shuffled.Read();
    const BothWays ways(one);
    const BothWays other_ways(other);
    for (int j = 0; j < kQuestions; ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      Question question = RandomQuestion(random);
      const Lens& lens = question.spec.traversal.lens;
      ASSERT_OK_AND_ASSIGN(
          const Connections here,
          FindConnections({one}, FindAll(one, question.entities),
                          question.Spec(one)));
      const std::string expected = ToText(one, here, lens);
      std::ranges::reverse(question.entities);
      question.entities.push_back(question.entities[0]);

      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(
            const Connections again,
            FindConnections(ground, FindAll(one, question.entities),
                            question.Spec(one)));
        EXPECT_EQ(again.networks, here.networks);
        EXPECT_EQ(again.completeness.where, here.completeness.where);
      }
      for (const Ground& ground : other_ways) {
        ASSERT_OK_AND_ASSIGN(
            const Connections there,
            FindConnections(ground, FindAll(other, question.entities),
                            question.Spec(other)));
        EXPECT_EQ(ToText(other, there, lens), expected);
      }
    }
  }
}

// --- Single cases -----------------------------------------------------------

// "a ODD b" for each step of a chain "a b c". The last key has the first id.
std::vector<Statement> Chains(const std::vector<Keys>& chains) {
  std::set<std::string> keys;
  std::vector<Statement> statements;
  for (const Keys& chain : chains) {
    keys.insert(chain.begin(), chain.end());
    for (size_t i = 1; i < chain.size(); ++i) {
      statements.push_back(Relationship(chain[i - 1], "ODD", chain[i]));
    }
  }
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    statements.push_back(Entity(*key));
  }
  return statements;
}

// What each network is made of, as text.
Keys Ask(const Ground& ground, const Keys& given, const ConnectionSpec& spec,
         Completeness* completeness) {
  const auto answer =
      FindConnections(ground, FindAll(ground.snapshot, given), spec);
  EXPECT_OK(answer);
  *completeness = answer->completeness;
  Keys networks;
  for (const Network& network : answer->networks) {
    networks.push_back(
        absl::StrJoin(KeysOf(ground.snapshot, network.entities), " "));
  }
  return networks;
}

TEST(ConnectionTest, StarIsJoinedByItsHub) {
  const Graph graph(Chains({{"a", "hub"}, {"hub", "b"}, {"c", "hub", "x"}}));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    Completeness end;
    EXPECT_THAT(Ask(ground, {"c", "a", "b"}, {}, &end),
                ElementsAre("a hub b c"));
    EXPECT_EQ(end.outcome, Outcome::kComplete);
  }
}

TEST(ConnectionTest, NeighboursAndAGivenEntityBetweenOthersNeedNobodyElse) {
  const Graph graph(Chains({{"a", "b", "c", "d"}, {"a", "x", "d"}}));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "b"}, {}, &end), ElementsAre("a b"));
    EXPECT_THAT(Ask(ground, {"a", "b", "c"}, {}, &end), ElementsAre("a b c"));
    // A given one is passed whatever it is, for it is there already.
    ConnectionSpec spec;
    spec.traversal.exclude_entities = FindAll(snapshot, {"b", "x"});
    EXPECT_THAT(Ask(ground, {"a", "b", "c"}, spec, &end), ElementsAre("a b c"));
    EXPECT_THAT(Ask(ground, {"a", "d"}, spec, &end), ElementsAre("a", "d"));
    EXPECT_EQ(end.outcome, Outcome::kProvenNone);
  }
}

TEST(ConnectionTest, OfParallelRelationshipsTheFirstByTypeAndTextIsTaken) {
  const Graph graph({Entity("b"), Entity("a"), Relationship("a", "ODDER", "b"),
                     Relationship("b", "ODD", "a"),
                     Relationship("a", "ODD", "b")});
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ASSERT_OK_AND_ASSIGN(
        const Connections answer,
        FindConnections(ground, FindAll(snapshot, {"a", "b"}), {}));

    EXPECT_THAT(TextsOf(snapshot, answer.networks[0], {}),
                ElementsAre("(a)-[:ODD]->(b)"));
  }
}

// Be it that the ways part at a bridge or behind it.
TEST(ConnectionTest, OfSeveralWaysTheSmallestKeyIsTaken) {
  const Graph graph(Chains({{"a", "z", "m", "n", "b"}, {"a", "y", "m"}}));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "n"}, {}, &end), ElementsAre("a y m n"));
    EXPECT_THAT(Ask(ground, {"a", "b"}, {}, &end), ElementsAre("a y m n b"));
  }
}

TEST(ConnectionTest, LongestDistanceIsKeptTo) {
  const Graph graph(Chains({{"a", "1", "2", "b", "c"}, {"a", "3"}}));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    for (const int distance : {1, 2}) {
      Completeness end;
      EXPECT_THAT(
          Ask(ground, {"a", "b", "c"}, {.max_distance = distance}, &end),
          ElementsAre("b c", "a"));
      EXPECT_EQ(end.outcome, Outcome::kTruncated);
      EXPECT_EQ(end.reason, Stop::kLength);
      EXPECT_FALSE(end.progress.has_value());
    }
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "b", "c"}, {.max_distance = 3}, &end),
                ElementsAre("a 1 2 b c"));
    EXPECT_EQ(end.outcome, Outcome::kComplete);
  }
}

// A bridge that is one too long is known, and is not taken for the end.
TEST(ConnectionTest, BridgeBeyondTheDistanceIsNotDenied) {
  const Graph graph(Chains({{"a", "m", "b"}}));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "b"}, {.max_distance = 1}, &end),
                ElementsAre("a", "b"));
    EXPECT_EQ(end.reason, Stop::kLength);
  }
}

// Nothing of the long chain can join what is closed.
TEST(ConnectionTest, SearchEndsWhenAllNetworksButOneAreClosed) {
  Keys chain = {"b"};
  for (int i = 0; i < 1'000; ++i) chain.push_back(absl::StrCat("n", i));
  const Graph graph(Chains({chain, {"a", "x"}, {"c", "b"}}));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ConnectionSpec spec;
    spec.traversal.budget.max_entities = 10;
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "b", "c"}, spec, &end),
                ElementsAre("b c", "a"));
    EXPECT_EQ(end.outcome, Outcome::kComplete);
    EXPECT_THAT(Ask(ground, {"a", "n500"}, spec, &end),
                ElementsAre("a", "n500"));
    EXPECT_EQ(end.outcome, Outcome::kProvenNone);
  }
}

TEST(ConnectionTest, EachLimitOfTheBudgetEndsTheSearch) {
  const Graph graph(Chains({{"a", "1", "2", "b"}, {"b", "3", "c"}}));
  const Snapshot snapshot = graph.Read();
  const std::pair<int64_t Budget::*, Stop> limits[] = {
      {&Budget::max_entities, Stop::kEntities},
      {&Budget::max_relationships, Stop::kRelationships},
      {&Budget::max_results, Stop::kResults},
      {&Budget::max_bytes, Stop::kBytes}};

  for (const Ground& ground : BothWays(snapshot)) {
    for (const auto& [limit, reason] : limits) {
      ConnectionSpec spec;
      spec.traversal.budget.*limit = 1;
      Completeness end;
      EXPECT_THAT(Ask(ground, {"a", "b", "c"}, spec, &end),
                  ElementsAre("a", "b", "c"));
      EXPECT_EQ(end.outcome, Outcome::kTruncated);
      EXPECT_EQ(end.reason, reason);
      EXPECT_TRUE(end.progress.has_value());
    }
    ConnectionSpec spec;
    spec.traversal.budget.max_results = 4;
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "b", "c"}, spec, &end),
                ElementsAre("b 3 c", "a"));
    EXPECT_EQ(end.where, "at distance 1, at 2");
  }
}

TEST(ConnectionTest, CancellationIsSeen) {
  std::vector<Statement> statements;
  for (const char* hub : {"hub", "other"}) {
    statements.push_back(Entity(hub));
    for (int i = 0; i < 1'000; ++i) {
      const std::string leaf = absl::StrCat(hub, i);
      statements.push_back(Entity(leaf));
      statements.push_back(Relationship(hub, "ODD", leaf));
    }
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    int looks = 0;
    ConnectionSpec spec;
    spec.traversal.budget.cancelled = [&looks] { return ++looks > 5; };
    Completeness end;
    Ask(ground, {"hub", "other"}, spec, &end);
    EXPECT_EQ(end.reason, Stop::kCancelled);
    EXPECT_EQ(looks, 6);
  }
}

TEST(ConnectionTest, MergedEntitiesAreOne) {
  std::vector<Statement> statements =
      Chains({{"a", "b"}, {"b2", "c"}, {"b", "b2"}, {"x", "c"}});
  statements.push_back(Relationship("a", "ODD", "b2"));
  statements.push_back(
      {JudgementStatement{
           .judgement = Judgement::kSame, .first = "b", .second = "b2"},
       {}});
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ASSERT_OK_AND_ASSIGN(
        const Connections answer,
        FindConnections(ground, FindAll(snapshot, {"a", "c"}), {}));

    ASSERT_THAT(answer.networks, SizeIs(1));
    EXPECT_THAT(KeysOf(snapshot, answer.networks[0].entities),
                ElementsAre("a", "b", "c"));
    EXPECT_THAT(TextsOf(snapshot, answer.networks[0], {}),
                ElementsAre("(a)-[:ODD]->(b)", "(b)-[:ODD]->(c)"));
    ASSERT_OK_AND_ASSIGN(
        const Connections through,
        FindConnections(ground, FindAll(snapshot, {"a", "b", "c"}), {}));
    EXPECT_EQ(through.networks[0].entities, answer.networks[0].entities);
    EXPECT_EQ(through.completeness.left_out.hidden, 1);
  }
}

TEST(ConnectionTest, WhatIsPassedOverIsCounted) {
  std::vector<Statement> statements = Chains({{"a", "m", "b"}});
  Tail planned;
  planned.mode = Mode::kPlanned;
  statements.push_back(Relationship("a", "ODD", "b", planned));
  Tail denied;
  denied.mode = Mode::kNegated;
  statements.push_back(Relationship("a", "ODDER", "b", denied));
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    Completeness end;
    EXPECT_THAT(Ask(ground, {"a", "b"}, {}, &end), ElementsAre("a m b"));
    EXPECT_EQ(end.left_out.modes[Mode::kPlanned], 1);
    EXPECT_EQ(end.left_out.denied, 1);
  }
}

TEST(ConnectionTest, QuestionOutOfRangeIsRefused) {
  std::vector<Statement> statements;
  Keys keys;
  for (size_t i = 0; i <= ConnectionSpec::kMaxEntities; ++i) {
    keys.push_back(absl::StrCat("n", i));
    statements.push_back(Entity(keys.back()));
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();
  const auto ask = [&](const Keys& given, const ConnectionSpec& spec) {
    return FindConnections({snapshot}, FindAll(snapshot, given), spec).status();
  };
  const auto reason = [&](const Keys& given, const ConnectionSpec& spec) {
    return GetErrorInfo(ask(given, spec))->reason;
  };

  EXPECT_EQ(reason({}, {}), "SPEC_INVALID");
  EXPECT_EQ(reason({"n1", "n1"}, {}), "SPEC_INVALID");
  EXPECT_EQ(reason(keys, {}), "SPEC_INVALID");
  keys.pop_back();
  EXPECT_OK(ask(keys, {}));
  for (const int distance : {-1, 0, ConnectionSpec::kMaxDistance + 1}) {
    EXPECT_EQ(reason({"n1", "n2"}, {.max_distance = distance}), "SPEC_INVALID");
  }
  for (const Direction direction : {Direction::kOut, Direction::kIn}) {
    ConnectionSpec spec;
    spec.traversal.direction = direction;
    EXPECT_EQ(reason({"n1", "n2"}, spec), "SPEC_INVALID");
  }
}

}  // namespace
}  // namespace guanxi::traverse
