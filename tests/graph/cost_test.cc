// Cheapest paths of random small graphs are compared with an enumeration of all
// paths, each with its cost added up by hand.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/traverse/path.h"
#include "tests/support/both_ways.h"
#include "tests/support/path_oracle.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::Entity;
using test::EnumeratePaths;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomCostSpec;
using test::RandomStatements;
using test::Relationship;
using test::SlowGraph;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const int kGraphs = test::GraphCount(150);
constexpr int kQuestions = 10;   // of each graph
constexpr size_t kLongest = 14;  // no path of these graphs is longer
constexpr double kNear = 1e-9;

// Random statements in which most relationships have a weight: quarters, so
// that sums are exact.
std::vector<Statement> WeightedStatements(Random& random) {
  std::vector<Statement> statements = RandomStatements(random);
  for (Statement& statement : statements) {
    auto* relationship = std::get_if<RelationshipStatement>(&statement.body);
    if (relationship == nullptr || random.OneIn(6)) continue;
    const auto quarters = static_cast<int64_t>(random.Below(9)) * 25;
    relationship->properties.emplace(
        "weight", Value(*Decimal::Parse(
                      absl::StrCat(quarters / 100, ".", quarters % 100))));
  }
  return statements;
}

// What the enumeration's paths cost.
class Bill {
 public:
  Bill(const Snapshot& snapshot, const PathSpec& spec)
      : snapshot_(snapshot),
        spec_(spec),
        everything_(Everything()),
        graph_(snapshot, everything_) {}

  // nullopt: the path takes what has no price.
  std::optional<double> Of(const Path& path) const {
    double cost = 0;
    for (size_t i = 0; i < path.relationships.size(); ++i) {
      if (i > 0) cost += Toll(path.entities[i]);
      const std::optional<double> price = Price(path.relationships[i]);
      if (!price.has_value()) return std::nullopt;
      cost += *price;
    }
    return cost;
  }

 private:
  // On any day, in any mode.
  static TraversalSpec Everything() {
    TraversalSpec all;
    for (const Mode mode : {Mode::kExpected, Mode::kPlanned, Mode::kInferred,
                            Mode::kOpinion, Mode::kSuggested}) {
      all.lens.modes.Add(mode);
    }
    return all;
  }

  std::optional<double> Price(RelationshipId id) const {
    if (spec_.cost->basis == PriceBasis::kOne) return 1;
    std::optional<double> least;
    const auto views =
        snapshot_.ReadRelationship(id, spec_.traversal.lens, Evidence::kNone);
    for (const RelationshipView& view : *views) {
      double number = view.showing.confidence;
      if (spec_.cost->basis == PriceBasis::kProperty) {
        const auto weight = std::ranges::find_if(
            view.properties,
            [](const auto& property) { return property.key.name == "weight"; });
        if (weight == view.properties.end()) continue;
        number = weight->value.get_if<Decimal>()->ToDouble();
      }
      const double price = Apply(number);
      const bool counts = price >= 0 && std::isfinite(price);
      if (counts) least = std::min(price, least.value_or(price));
    }
    return least.has_value() ? least : spec_.cost->otherwise;
  }

  double Apply(double number) const {
    switch (spec_.cost->function) {
      case PriceFunction::kValue:
        return number;
      case PriceFunction::kInverse:
        return 1 / number;
      case PriceFunction::kNegativeLogarithm:
        return -std::log(number);
    }
    return number;
  }

  double Toll(EntityId id) const {
    int degree = 0;
    for (const test::Step& step : graph_.StepsFrom(id)) {
      if (graph_.Shows(step.edge)) ++degree;
    }
    return spec_.cost->hub_penalty * std::log(std::max(degree, 1));
  }

  const Snapshot& snapshot_;
  const PathSpec& spec_;
  const TraversalSpec everything_;
  SlowGraph graph_;
};

struct Billed {
  double cost = 0;
  Path path;
};

bool IsAmong(const Path& path, const std::vector<Billed>& all) {
  return std::ranges::any_of(all, [&](const Billed& one) {
    return one.path.entities == path.entities &&
           one.path.relationships == path.relationships &&
           std::abs(one.cost - path.cost) < kNear;
  });
}

size_t CountAsked(const PathSpec& spec, const std::vector<Billed>& all) {
  switch (spec.mode) {
    case PathMode::kAnyShortest:
      return std::min<size_t>(all.size(), 1);
    case PathMode::kAllShortest:
      return static_cast<size_t>(std::ranges::count_if(
          all, [&](const Billed& one) { return one.cost == all[0].cost; }));
    case PathMode::kAll:
      return all.size();
    case PathMode::kKShortest:
      return std::min(all.size(), static_cast<size_t>(spec.max_paths));
  }
  return 0;
}

void ExpectAnswer(const PathAnswer& answer, const PathSpec& spec,
                  const std::vector<Billed>& all, bool any_dearer) {
  const size_t asked = CountAsked(spec, all);
  ASSERT_THAT(answer.paths, SizeIs(asked));
  // Between several ends one relationship can be a path either way.
  std::set<std::pair<std::vector<EntityId>, std::vector<RelationshipId>>>
      different;
  for (size_t i = 0; i < asked; ++i) {
    EXPECT_NEAR(answer.paths[i].cost, all[i].cost, kNear);
    EXPECT_TRUE(IsAmong(answer.paths[i], all));
    const Path& path = answer.paths[i];
    EXPECT_TRUE(different.emplace(path.entities, path.relationships).second);
  }
  const Completeness& completeness = answer.completeness;
  if (asked > 0) {
    EXPECT_EQ(completeness.outcome, Outcome::kComplete);
  } else if (completeness.outcome == Outcome::kProvenNone) {
    EXPECT_FALSE(any_dearer);
  } else {
    EXPECT_EQ(completeness.reason, Stop::kCost);
    EXPECT_LT(spec.max_cost, std::numeric_limits<double>::infinity());
  }
}

TEST(CostTest, RandomQuestionsAreAnsweredAsByEnumeration) {
  Random random;
  size_t found = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(WeightedStatements(random));
    const Snapshot snapshot = graph.Read();
    const test::BothWays ways(snapshot, graph.store(), "weight");
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const PathSpec spec = RandomCostSpec(random);
      const auto some = [&] {
        return Find(snapshot, absl::StrCat("e", random.Below(8)));
      };
      PathEnds ends = {.from = {some()}, .to = {some()}};
      if (random.OneIn(3)) ends.from.push_back(some());
      if (random.OneIn(3)) ends.to.push_back(some());
      const Bill bill(snapshot, spec);
      std::vector<Billed> all;
      bool any_dearer = false;
      for (Path& path : EnumeratePaths(snapshot, ends, spec, kLongest)) {
        const std::optional<double> cost = bill.Of(path);
        if (!cost.has_value()) continue;
        if (*cost > spec.max_cost) any_dearer = true;
        if (*cost <= spec.max_cost) all.push_back({*cost, std::move(path)});
      }
      std::ranges::stable_sort(all, {}, &Billed::cost);

      for (const topology::Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                             FindPaths(ground, ends, spec));

        ExpectAnswer(answer, spec, all, any_dearer);
        found += answer.paths.size();
      }
    }
  }
  EXPECT_GT(found, static_cast<size_t>(kGraphs));
}

// --- Single cases -----------------------------------------------------------

Statement Weighted(std::string subject, std::string object, Value weight) {
  Statement statement =
      Relationship(std::move(subject), "ODD", std::move(object));
  std::get<RelationshipStatement>(statement.body)
      .properties.emplace("weight", std::move(weight));
  return statement;
}

Statement Weighted(std::string subject, std::string object,
                   const std::string& weight) {
  return Weighted(std::move(subject), std::move(object),
                  Value(*Quantity::Parse(weight)));
}

PathSpec ByWeight(PriceFunction function) {
  PathSpec spec;
  spec.cost.emplace();
  spec.cost->basis = PriceBasis::kProperty;
  spec.cost->property = "weight";
  spec.cost->function = function;
  return spec;
}

absl::StatusOr<PathAnswer> AskAToC(const Graph& graph, const PathSpec& spec) {
  const Snapshot snapshot = graph.Read();
  const PathEnds ends = {{Find(snapshot, "a")}, {Find(snapshot, "c")}};
  absl::StatusOr<PathAnswer> first = FindPaths({snapshot}, ends, spec);
  const test::BothWays ways(snapshot, graph.store(), "weight");
  for (const topology::Ground& ground : ways) {
    const auto answer = FindPaths(ground, ends, spec);
    EXPECT_EQ(answer.status(), first.status());
    if (!first.ok() || !answer.ok()) continue;
    EXPECT_EQ(answer->paths, first->paths);
    EXPECT_EQ(answer->completeness.left_out.unpriced,
              first->completeness.left_out.unpriced);
  }
  return first;
}

// 50% of 50% is more than 20%.
TEST(CostTest, NegativeLogarithmFindsTheGreatestProduct) {
  const Graph graph({Entity("a"), Entity("b"), Entity("c"),
                     Weighted("a", "c", "20%"), Weighted("a", "b", "50%"),
                     Weighted("b", "c", "50%")});

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer answer,
      AskAToC(graph, ByWeight(PriceFunction::kNegativeLogarithm)));

  ASSERT_THAT(answer.paths, SizeIs(1));
  EXPECT_THAT(answer.paths[0].relationships, SizeIs(2));
  EXPECT_NEAR(std::exp(-answer.paths[0].cost), 0.25, kNear);
}

// Of bounds that which costs least counts; what has none is 0 or more.
TEST(CostTest, BoundsCountAsTheLeastTheyCanCost) {
  const Graph graph(
      {Entity("a"), Entity("b"), Entity("c"), Weighted("a", "c", "3 'days'"),
       Weighted("a", "b", "1..9 'days'"), Weighted("b", "c", "<9 'days'")});

  ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                       AskAToC(graph, ByWeight(PriceFunction::kValue)));

  ASSERT_THAT(answer.paths, SizeIs(1));
  EXPECT_EQ(answer.paths[0].cost, 1);
}

TEST(CostTest, WhatHasNoPriceIsPassedOverAndCounted) {
  const Graph graph(
      {Entity("a"), Entity("b"), Entity("c"), Relationship("a", "ODD", "c"),
       Weighted("a", "b", Value(int64_t{-1})), Weighted("b", "c", "1 'days'")});
  PathSpec spec = ByWeight(PriceFunction::kValue);

  ASSERT_OK_AND_ASSIGN(const PathAnswer none, AskAToC(graph, spec));
  spec.cost->otherwise = 5;
  ASSERT_OK_AND_ASSIGN(const PathAnswer some, AskAToC(graph, spec));

  EXPECT_THAT(none.paths, IsEmpty());
  EXPECT_EQ(none.completeness.outcome, Outcome::kProvenNone);
  EXPECT_EQ(none.completeness.left_out.unpriced, 2);
  ASSERT_THAT(some.paths, SizeIs(1));
  EXPECT_EQ(some.paths[0].cost, 5);
}

TEST(CostTest, HubsAreGoneAround) {
  std::vector<Statement> statements = {Entity("a"),
                                       Entity("b"),
                                       Entity("c"),
                                       Entity("d"),
                                       Entity("hub"),
                                       Relationship("a", "ODD", "hub"),
                                       Relationship("hub", "ODD", "c"),
                                       Relationship("a", "ODD", "b"),
                                       Relationship("b", "ODD", "d"),
                                       Relationship("d", "ODD", "c")};
  for (int i = 0; i < 50; ++i) {
    statements.push_back(Entity(absl::StrCat("n", i)));
    statements.push_back(Relationship("hub", "ODD", absl::StrCat("n", i)));
  }
  const Graph graph(std::move(statements));
  PathSpec spec;
  spec.cost.emplace();

  ASSERT_OK_AND_ASSIGN(const PathAnswer through, AskAToC(graph, spec));
  spec.cost->hub_penalty = 1;
  ASSERT_OK_AND_ASSIGN(const PathAnswer around, AskAToC(graph, spec));

  ASSERT_THAT(through.paths, SizeIs(1));
  EXPECT_THAT(through.paths[0].relationships, SizeIs(2));
  ASSERT_THAT(around.paths, SizeIs(1));
  EXPECT_THAT(around.paths[0].relationships, SizeIs(3));
  EXPECT_NEAR(around.paths[0].cost, 3 + 2 * std::log(2), kNear);
}

// 0.1 + 0.2 + 0.3 is, as doubles add, somewhat more than 0.3 + 0.2 + 0.1.
TEST(CostTest, SumsInAnotherOrderAreEquallyCheap) {
  const Graph graph(
      {Entity("a"), Entity("b"), Entity("c"), Entity("d"), Entity("x"),
       Entity("y"), Weighted("a", "b", "0.1 'days'"),
       Weighted("b", "d", "0.2 'days'"), Weighted("d", "c", "0.3 'days'"),
       Weighted("a", "x", "0.3 'days'"), Weighted("x", "y", "0.2 'days'"),
       Weighted("y", "c", "0.1 'days'")});
  PathSpec spec = ByWeight(PriceFunction::kValue);
  spec.mode = PathMode::kAllShortest;
  spec.max_cost = 0.6;

  ASSERT_OK_AND_ASSIGN(const PathAnswer both, AskAToC(graph, spec));
  spec.mode = PathMode::kAnyShortest;
  ASSERT_OK_AND_ASSIGN(const PathAnswer one, AskAToC(graph, spec));

  EXPECT_THAT(both.paths, SizeIs(2));
  EXPECT_THAT(one.paths, SizeIs(1));
}

TEST(CostTest, SumThatNoDoubleHoldsIsNoProof) {
  const Graph graph({Entity("a"), Entity("b"), Entity("c"),
                     Relationship("a", "ODD", "b"),
                     Relationship("b", "ODD", "c")});
  PathSpec spec = ByWeight(PriceFunction::kValue);
  spec.cost->otherwise = 1e308;

  for (const PathMode mode : {PathMode::kAnyShortest, PathMode::kAll}) {
    spec.mode = mode;
    ASSERT_OK_AND_ASSIGN(const PathAnswer answer, AskAToC(graph, spec));

    EXPECT_THAT(answer.paths, IsEmpty());
    EXPECT_EQ(answer.completeness.reason, Stop::kCost);
  }
}

TEST(CostTest, WhatDoesNotGoWithACostIsRefused) {
  const Graph graph({Entity("a"), Entity("c")});
  PathSpec pattern = ByWeight(PriceFunction::kValue);
  pattern.pattern.resize(1);
  PathSpec trail = ByWeight(PriceFunction::kValue);
  trail.restrictor = PathRestrictor::kTrail;
  PathSpec negative = ByWeight(PriceFunction::kValue);
  negative.cost->hub_penalty = -1;
  PathSpec limit = ByWeight(PriceFunction::kValue);
  limit.max_cost = -1;

  for (const PathSpec& spec : {pattern, trail, negative, limit}) {
    const auto answer = AskAToC(graph, spec);

    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

}  // namespace
}  // namespace guanxi::traverse
