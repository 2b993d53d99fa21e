// Patterns, restrictors, numbers of paths, confidences and cycles: random
// questions of random small graphs are compared with an enumeration that tries
// everything.

#include <algorithm>
#include <functional>
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
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::Entity;
using test::EnumerateCycles;
using test::EnumeratePaths;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomPathSpec;
using test::RandomStatements;
using test::Relationship;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const int kGraphs = test::GraphCount(120);
constexpr int kQuestions = 10;  // of each graph
constexpr int kDeeper = 2;      // a proof is tried by so many steps more

std::vector<std::string> Texts(const Snapshot& snapshot,
                               const std::vector<Path>& paths) {
  std::vector<std::string> texts;
  for (const Path& path : paths) texts.push_back(test::ToText(snapshot, path));
  return texts;
}

// The paths of the enumeration that a mode asks for.
std::vector<Path> Asked(const PathSpec& spec, std::vector<Path> all) {
  if (all.empty()) return all;
  const size_t shortest = all.front().relationships.size();
  std::erase_if(all, [&](const Path& path) {
    return spec.mode == PathMode::kAllShortest &&
           path.relationships.size() > shortest;
  });
  if (spec.mode == PathMode::kAnyShortest) all.resize(1);
  if (spec.mode == PathMode::kKShortest) {
    all.resize(std::min(all.size(), static_cast<size_t>(spec.max_paths)));
  }
  return all;
}

// `longer`: those of some more steps too.
void ExpectAnswer(const Snapshot& snapshot, const PathAnswer& answer,
                  const PathSpec& spec, const std::vector<Path>& longer) {
  std::vector<Path> expected = longer;
  std::erase_if(expected, [&](const Path& path) {
    return static_cast<int>(path.relationships.size()) > spec.max_length;
  });
  const Completeness& completeness = answer.completeness;
  EXPECT_EQ(Texts(snapshot, answer.paths),
            Texts(snapshot, Asked(spec, expected)));
  if (!expected.empty()) {
    EXPECT_EQ(completeness.outcome, Outcome::kComplete);
  } else if (completeness.outcome == Outcome::kProvenNone) {
    EXPECT_THAT(longer, IsEmpty());
  } else {
    EXPECT_EQ(completeness.reason, Stop::kLength);
  }
}

// FindPaths() or FindCycles().
using Ask = std::function<absl::StatusOr<PathAnswer>(const topology::Ground&,
                                                     const PathSpec&)>;

// That counting tells of the same paths.
void ExpectCounts(const PathAnswer& listed, const topology::Ground& ground,
                  PathSpec spec, const Ask& ask) {
  if (spec.mode != PathMode::kAll && spec.mode != PathMode::kAllShortest) {
    return;
  }
  PathCounts expected;
  std::set<EntityId> ends;
  for (const Path& path : listed.paths) {
    const size_t length = path.relationships.size();
    expected.by_length.resize(std::max(expected.by_length.size(), length + 1));
    ++expected.by_length[length];
    ends.insert(path.entities.back());
  }
  expected.ends = static_cast<int64_t>(ends.size());
  spec.counts_only = true;

  ASSERT_OK_AND_ASSIGN(const PathAnswer counted, ask(ground, spec));

  EXPECT_EQ(counted.counts.by_length, expected.by_length);
  EXPECT_EQ(counted.counts.ends, expected.ends);
  EXPECT_THAT(counted.paths, IsEmpty());
  EXPECT_EQ(counted.completeness.outcome, listed.completeness.outcome);
  EXPECT_EQ(counted.completeness.reason, listed.completeness.reason);
}

// What answers there were.
struct Seen {
  size_t found = 0;  // paths
  size_t proven = 0;
};

// Asks a question, and how many paths answer it, in all ways.
void ExpectAnswers(const test::BothWays& ways, const PathSpec& spec,
                   const std::vector<Path>& longer, const Ask& ask,
                   Seen& seen) {
  for (const topology::Ground& ground : ways) {
    ASSERT_OK_AND_ASSIGN(const PathAnswer answer, ask(ground, spec));
    ExpectAnswer(ground.snapshot, answer, spec, longer);
    ExpectCounts(answer, ground, spec, ask);
    seen.found += answer.paths.size();
    seen.proven += answer.completeness.outcome == Outcome::kProvenNone ? 1 : 0;
  }
}

// Whether any one of the shortest is an answer.
bool AnyWillDo(const PathSpec& spec) {
  return spec.mode == PathMode::kAnyShortest && spec.pattern.empty() &&
         spec.min_path_confidence == 0;
}

struct Question {
  PathEnds ends;
  PathSpec spec;
  int deeper = kDeeper;  // so much further the enumeration goes
};
using MakeQuestion = std::function<Question(Random&, const Snapshot&)>;

// One or two of the entities.
std::vector<EntityId> RandomEnds(Random& random, const Snapshot& snapshot) {
  std::vector<EntityId> ends;
  do {
    ends.push_back(Find(snapshot, absl::StrCat("e", random.Below(8))));
  } while (ends.size() < 2 && random.OneIn(3));
  return ends;
}

// Asks random questions of random graphs, in all ways.
void ExpectAnswersOfTheEnumeration(const MakeQuestion& make_question) {
  Random random;
  Seen seen;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const test::BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const Question question = make_question(random, snapshot);
      const PathSpec& spec = question.spec;
      if (AnyWillDo(spec)) continue;
      const std::vector<Path> longer = EnumeratePaths(
          snapshot, question.ends, spec,
          static_cast<size_t>(spec.max_length + question.deeper));

      ExpectAnswers(
          ways, spec, longer,
          [&](const topology::Ground& ground, const PathSpec& asked) {
            return FindPaths(ground, question.ends, asked);
          },
          seen);
    }
  }
  EXPECT_GT(seen.found, static_cast<size_t>(kGraphs));
  EXPECT_GT(seen.proven, static_cast<size_t>(kGraphs / 4));
}

PathSpec AllOf(std::vector<PathStep> pattern) {
  PathSpec spec;
  spec.mode = PathMode::kAll;
  spec.pattern = std::move(pattern);
  return spec;
}

PathStep Repeated(std::string type, int min, int max) {
  PathStep step;
  step.types = {std::move(type)};
  step.min = min;
  step.max = max;
  return step;
}

TEST(PatternTest, RandomQuestionsAreAnsweredAsByEnumeration) {
  ExpectAnswersOfTheEnumeration([](Random& random, const Snapshot& snapshot) {
    return Question{.ends = {.from = RandomEnds(random, snapshot),
                             .to = RandomEnds(random, snapshot)},
                    .spec = RandomPathSpec(random)};
  });
}

TEST(PatternTest, RandomPathsToAnywhereAreThoseOfTheEnumeration) {
  ExpectAnswersOfTheEnumeration([](Random& random, const Snapshot& snapshot) {
    Question question{
        .ends = {.from = RandomEnds(random, snapshot), .anywhere = true},
        .spec = RandomPathSpec(random),
        .deeper = 1};
    PathSpec& spec = question.spec;
    if (spec.mode != PathMode::kKShortest) spec.mode = PathMode::kAll;
    spec.max_length = std::min(spec.max_length, 4);
    return question;
  });
}

TEST(PatternTest, PathToAnywhereIsAskedForByLengthAndListed) {
  const Graph graph({Entity("a"), Relationship("a", "KNOWS", "a")});
  const Snapshot snapshot = graph.Read();
  const EntityId a = Find(snapshot, "a");
  const auto ask = [&](const PathEnds& ends, const PathSpec& spec) {
    return FindPaths({snapshot}, ends, spec).status().code();
  };
  const PathEnds anywhere = {.from = {a}, .anywhere = true};
  constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

  EXPECT_EQ(ask(anywhere, {.mode = PathMode::kAnyShortest}), kRefused);
  EXPECT_EQ(ask(anywhere, {.mode = PathMode::kAllShortest}), kRefused);
  EXPECT_EQ(ask(anywhere, {.mode = PathMode::kAll, .cost = PathCost{}}),
            kRefused);
  EXPECT_EQ(
      ask({.from = {a}, .to = {a}, .anywhere = true}, {.mode = PathMode::kAll}),
      kRefused);
}

TEST(PatternTest, PathsAreCountedThatAreAllOfALength) {
  const Graph graph({Entity("a"), Relationship("a", "KNOWS", "a")});
  const Snapshot snapshot = graph.Read();
  const EntityId a = Find(snapshot, "a");
  const auto ask = [&](const PathSpec& spec) {
    return FindPaths({snapshot}, {.from = {a}, .to = {a}}, spec)
        .status()
        .code();
  };
  constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

  EXPECT_EQ(ask({.counts_only = true}), kRefused);
  EXPECT_EQ(
      ask({.mode = PathMode::kKShortest, .max_paths = 1, .counts_only = true}),
      kRefused);
  EXPECT_EQ(
      ask({.mode = PathMode::kAll, .cost = PathCost{}, .counts_only = true}),
      kRefused);
  EXPECT_EQ(ask({.mode = PathMode::kAll, .counts_only = true}),
            absl::StatusCode::kOk);
}

// There are 1,024 ways to where the last step could begin, and one is missing.
TEST(PatternTest, CountingGoesNoWayThatLeadsToNoEnd) {
  std::vector<Statement> statements = {Entity("e0")};
  for (int i = 0; i < 10; ++i) {
    const std::string from = absl::StrCat("e", i);
    const std::string to = absl::StrCat("e", i + 1);
    statements.push_back(Entity(to));
    statements.push_back(Relationship(from, "ODD", to));
    statements.push_back(Relationship(from, "ODDER", to));
  }
  statements.push_back(Relationship("e0", "RARE", "e0"));
  const Graph graph(statements);
  const Snapshot snapshot = graph.Read();
  PathSpec spec = AllOf({Repeated("ODD", 10, 10), Repeated("RARE", 1, 1)});
  spec.pattern[0].types.emplace_back("ODDER");
  spec.traversal.direction = Direction::kOut;
  spec.traversal.budget.max_relationships = 100;
  spec.counts_only = true;

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer answer,
      FindPaths({snapshot}, {.from = {Find(snapshot, "e0")}, .anywhere = true},
                spec));

  EXPECT_EQ(answer.completeness.outcome, Outcome::kProvenNone);
  EXPECT_THAT(answer.counts.by_length, IsEmpty());
}

TEST(PatternTest, WhereNothingLeadsOnThereIsNoPathToAnywhere) {
  const Graph graph(
      {Entity("a"), Entity("b"), Relationship("b", "KNOWS", "b")});
  const Snapshot snapshot = graph.Read();
  PathSpec spec{.mode = PathMode::kAll,
                .max_length = 1,
                .restrictor = PathRestrictor::kWalk};
  const PathEnds from_a = {.from = {Find(snapshot, "a")}, .anywhere = true};
  const PathEnds from_b = {.from = {Find(snapshot, "b")}, .anywhere = true};

  ASSERT_OK_AND_ASSIGN(const PathAnswer none,
                       FindPaths({snapshot}, from_a, spec));
  ASSERT_OK_AND_ASSIGN(const PathAnswer loop,
                       FindPaths({snapshot}, from_b, spec));

  EXPECT_EQ(none.completeness.outcome, Outcome::kProvenNone);
  EXPECT_THAT(loop.paths, SizeIs(1));
}

// There are more rounds than the search has entities and states.
TEST(PatternTest, WalkGoesRoundAsOftenAsItIsLongEnough) {
  const Graph graph({Entity("a"), Relationship("a", "KNOWS", "a")});
  const Snapshot snapshot = graph.Read();
  const test::BothWays ways(snapshot);
  const EntityId a = Find(snapshot, "a");
  PathSpec spec{.mode = PathMode::kAll,
                .max_length = 7,
                .restrictor = PathRestrictor::kWalk};
  spec.traversal.direction = Direction::kOut;
  for (const topology::Ground& ground : ways) {
    ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                         FindPaths(ground, {.from = {a}, .to = {a}}, spec));
    EXPECT_THAT(answer.paths, SizeIs(8));
  }
}

TEST(PatternTest, RandomCyclesAreFoundAsByEnumeration) {
  Random random;
  Seen seen;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const test::BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const PathSpec spec = RandomPathSpec(random);
      const EntityId entity =
          Find(snapshot, absl::StrCat("e", random.Below(8)));
      const std::vector<Path> longer =
          EnumerateCycles(snapshot, entity, spec,
                          static_cast<size_t>(spec.max_length) + kDeeper);

      ExpectAnswers(
          ways, spec, longer,
          [&](const topology::Ground& ground, const PathSpec& asked) {
            return FindCycles(ground, entity, asked);
          },
          seen);
    }
  }
  EXPECT_GT(seen.found, static_cast<size_t>(kGraphs));
}

// --- Single cases -----------------------------------------------------------

// Two ways to read the same path make one answer.
TEST(PatternTest, AmbiguousPatternListsEachPathOnce) {
  const Graph graph({Entity("a"), Entity("b"), Entity("c"),
                     Relationship("a", "ODD", "b"),
                     Relationship("b", "ODD", "c")});
  const Snapshot snapshot = graph.Read();
  const PathEnds ends = {{Find(snapshot, "a")}, {Find(snapshot, "c")}};

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer answer,
      FindPaths({snapshot}, ends,
                AllOf({Repeated("ODD", 0, PathStep::kAnyNumber),
                       Repeated("ODD", 1, 2),
                       Repeated("ODD", 0, PathStep::kAnyNumber)})));

  EXPECT_THAT(Texts(snapshot, answer.paths),
              ElementsAre("a (a)-[:ODD]->(b) b (b)-[:ODD]->(c) c"));
}

// The shortest walk that fits goes through an entity twice; the path is longer.
TEST(PatternTest, ShortestPathThatFitsMayBeLongerThanTheShortestWalk) {
  const Graph graph(
      {Entity("a"), Entity("b"), Entity("c"), Entity("d"),
       Relationship("a", "ODD", "b"), Relationship("b", "ODDER", "a"),
       Relationship("b", "ODD", "c"), Relationship("c", "ODDER", "d"),
       Relationship("d", "ODD", "b")});
  const Snapshot snapshot = graph.Read();
  PathSpec spec =
      AllOf({Repeated("ODD", 1, PathStep::kAnyNumber), Repeated("ODDER", 1, 1),
             Repeated("ODD", 1, PathStep::kAnyNumber)});
  spec.mode = PathMode::kAnyShortest;
  spec.traversal.direction = Direction::kOut;
  const PathEnds to_b = {{Find(snapshot, "a")}, {Find(snapshot, "b")}};

  ASSERT_OK_AND_ASSIGN(const PathAnswer none,
                       FindPaths({snapshot}, to_b, spec));
  spec.restrictor = PathRestrictor::kTrail;
  ASSERT_OK_AND_ASSIGN(const PathAnswer trail,
                       FindPaths({snapshot}, to_b, spec));
  spec.restrictor = PathRestrictor::kWalk;
  ASSERT_OK_AND_ASSIGN(const PathAnswer walk,
                       FindPaths({snapshot}, to_b, spec));

  EXPECT_EQ(none.completeness.outcome, Outcome::kProvenNone);
  ASSERT_THAT(trail.paths, SizeIs(1));
  EXPECT_THAT(trail.paths[0].relationships, SizeIs(4));
  ASSERT_THAT(walk.paths, SizeIs(1));
  EXPECT_THAT(walk.paths[0].relationships, SizeIs(3));
}

// 0.7 times 0.7 is, as doubles multiply, somewhat less than 0.49.
TEST(PatternTest, ConfidenceOfJustWhatIsAskedIsEnough) {
  const Tail sure = {.confidence = *Decimal::Parse("0.7")};
  const Graph graph({Entity("a"), Entity("b"), Entity("c"),
                     Relationship("a", "ODD", "b", sure),
                     Relationship("b", "ODD", "c", sure)});
  const Snapshot snapshot = graph.Read();
  PathSpec spec;
  spec.min_path_confidence = 0.49;
  const PathEnds ends = {{Find(snapshot, "a")}, {Find(snapshot, "c")}};

  ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                       FindPaths({snapshot}, ends, spec));
  spec.min_path_confidence = 0.5;
  ASSERT_OK_AND_ASSIGN(const PathAnswer none,
                       FindPaths({snapshot}, ends, spec));

  EXPECT_THAT(answer.paths, SizeIs(1));
  EXPECT_EQ(none.completeness.outcome, Outcome::kProvenNone);
}

TEST(PatternTest, NumbersOutOfRangeAreRefused) {
  const Graph graph({Entity("a")});
  const Snapshot snapshot = graph.Read();
  const PathEnds ends = {{Find(snapshot, "a")}, {Find(snapshot, "a")}};
  PathSpec many = AllOf({Repeated("ODD", 1, 40), Repeated("ODD", 1, 24)});
  PathSpec backwards = AllOf({Repeated("ODD", 3, 2)});
  PathSpec countless;
  countless.mode = PathMode::kKShortest;
  PathSpec counted;
  counted.max_paths = 3;
  PathSpec unlikely;
  unlikely.min_path_confidence = 1.5;

  for (const PathSpec& spec : {many, backwards, countless, counted, unlikely}) {
    const auto answer = FindPaths({snapshot}, ends, spec);

    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

TEST(PatternTest, SixtyThreeRepetitionsAreSearched) {
  std::vector<Statement> chain = {Entity("n0")};
  for (int i = 1; i <= PathSpec::kMaxLength; ++i) {
    chain.push_back(Entity(absl::StrCat("n", i)));
    chain.push_back(
        Relationship(absl::StrCat("n", i - 1), "ODD", absl::StrCat("n", i)));
  }
  const Graph graph(std::move(chain));
  const Snapshot snapshot = graph.Read();
  PathSpec spec = AllOf({Repeated("ODD", 63, 63)});
  spec.max_length = PathSpec::kMaxLength;

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer near,
      FindPaths({snapshot}, {{Find(snapshot, "n0")}, {Find(snapshot, "n63")}},
                spec));
  ASSERT_OK_AND_ASSIGN(
      const PathAnswer far,
      FindPaths({snapshot}, {{Find(snapshot, "n0")}, {Find(snapshot, "n64")}},
                spec));

  EXPECT_THAT(near.paths, SizeIs(1));
  EXPECT_EQ(far.completeness.outcome, Outcome::kProvenNone);
}

}  // namespace
}  // namespace guanxi::traverse
