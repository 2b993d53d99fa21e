// Path searches over random small graphs are compared with an enumeration of
// all simple paths.

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/traverse/path.h"
#include "tests/support/both_ways.h"
#include "tests/support/path_oracle.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::Entity;
using test::EnumeratePaths;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomStatements;
using test::RandomTraversal;
using test::Relationship;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const int kGraphs = test::GraphCount(250);
constexpr int kQuestions = 8;    // of each graph
constexpr size_t kLongest = 14;  // no simple path of these graphs is longer
constexpr PathMode kModes[] = {PathMode::kAnyShortest, PathMode::kAllShortest,
                               PathMode::kAll};

using Keys = std::vector<std::string>;

Keys RandomKeys(Random& random, size_t most) {
  Keys keys;
  const size_t count = 1 + random.Below(most);
  for (size_t i = 0; i < count; ++i) {
    keys.push_back(absl::StrCat("e", random.Below(8)));
  }
  return keys;
}

std::vector<EntityId> FindAll(const Snapshot& snapshot, const Keys& keys) {
  std::vector<EntityId> ids;
  for (const std::string& key : keys) ids.push_back(Find(snapshot, key));
  return ids;
}

// A question in words that mean the same in any store.
struct Question {
  Keys from;
  Keys to;
  Keys excluded;
  PathSpec spec;

  PathEnds Ends(const Snapshot& snapshot) const {
    return {FindAll(snapshot, from), FindAll(snapshot, to)};
  }
  PathSpec Spec(const Snapshot& snapshot, PathMode mode) const {
    PathSpec ready = spec;
    ready.mode = mode;
    ready.traversal.exclude_entities = FindAll(snapshot, excluded);
    return ready;
  }
};

Question RandomQuestion(Random& random) {
  Question question;
  question.from = RandomKeys(random, random.OneIn(3) ? 3 : 1);
  question.to = RandomKeys(random, random.OneIn(3) ? 3 : 1);
  if (random.OneIn(4)) question.excluded = RandomKeys(random, 3);
  question.spec.traversal = RandomTraversal(random);
  if (random.OneIn(2)) {
    question.spec.max_length = static_cast<int>(1 + random.Below(5));
  }
  return question;
}

std::vector<std::string> Texts(const Snapshot& snapshot,
                               const std::vector<Path>& paths) {
  std::vector<std::string> texts;
  for (const Path& path : paths) texts.push_back(test::ToText(snapshot, path));
  return texts;
}

// --- Against the enumeration ------------------------------------------------

void ExpectAnswer(const Snapshot& snapshot, const PathAnswer& answer,
                  const PathSpec& spec, std::vector<Path> expected,
                  bool exists) {
  const Completeness& completeness = answer.completeness;
  EXPECT_FALSE(completeness.progress.has_value());
  if (expected.empty()) {
    EXPECT_THAT(answer.paths, IsEmpty());
    const bool proven = completeness.outcome == Outcome::kProvenNone;
    EXPECT_FALSE(exists && proven);
    if (!exists && spec.max_length > static_cast<int>(kLongest)) {
      EXPECT_TRUE(proven);
    }
    EXPECT_EQ(completeness.reason, proven ? Stop::kNone : Stop::kLength);
    return;
  }
  EXPECT_EQ(completeness.outcome, Outcome::kComplete);
  if (spec.mode != PathMode::kAll) {
    const size_t shortest = expected[0].relationships.size();
    std::erase_if(expected, [shortest](const Path& path) {
      return path.relationships.size() > shortest;
    });
  }
  if (spec.mode != PathMode::kAnyShortest) {
    EXPECT_EQ(Texts(snapshot, answer.paths), Texts(snapshot, expected));
  } else {
    ASSERT_THAT(answer.paths, SizeIs(1));
    EXPECT_THAT(expected, Contains(answer.paths[0]));
  }
}

TEST(PathsTest, RandomQuestionsAreAnsweredAsByEnumeration) {
  Random random;
  size_t found = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const test::BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      const Question question = RandomQuestion(random);
      const PathEnds ends = question.Ends(snapshot);
      for (const PathMode mode : kModes) {
        SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j, ", mode ",
                                  static_cast<int>(mode)));
        const PathSpec spec = question.Spec(snapshot, mode);
        const std::vector<Path> all =
            EnumeratePaths(snapshot, ends, spec, kLongest);
        std::vector<Path> expected = all;
        std::erase_if(expected, [&](const Path& path) {
          return static_cast<int>(path.relationships.size()) > spec.max_length;
        });

        for (const topology::Ground& ground : ways) {
          ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                               FindPaths(ground, ends, spec));

          ExpectAnswer(snapshot, answer, spec, expected, !all.empty());
        }
        found += expected.size();
      }
    }
  }
  EXPECT_GT(found, static_cast<size_t>(kGraphs));
}

std::string ToText(const Snapshot& snapshot, const PathAnswer& answer) {
  std::string text =
      absl::StrCat(static_cast<int>(answer.completeness.outcome), " ",
                   static_cast<int>(answer.completeness.reason), "\n");
  for (const Path& path : answer.paths) {
    absl::StrAppend(&text, test::ToText(snapshot, path), "\n");
  }
  return text;
}

auto Tie(const LeftOut& left) {
  return std::tie(left.denied, left.unrecorded, left.uncertain,
                  left.low_confidence, left.modes);
}

// Ids follow from the order of loading; answers must not.
TEST(PathsTest, OrderOfLoadingChangesNothing) {
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
    for (int j = 0; j < kQuestions; ++j) {
      const Question question = RandomQuestion(random);
      for (const PathMode mode : kModes) {
        SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j, ", mode ",
                                  static_cast<int>(mode)));

        ASSERT_OK_AND_ASSIGN(
            const PathAnswer here,
            FindPaths({one}, question.Ends(one), question.Spec(one, mode)));
        ASSERT_OK_AND_ASSIGN(const PathAnswer there,
                             FindPaths({other}, question.Ends(other),
                                       question.Spec(other, mode)));

        const bool any = mode == PathMode::kAnyShortest && !here.paths.empty();
        if (any) continue;  // any of them, and the search ends with it
        EXPECT_EQ(ToText(one, here), ToText(other, there));
        EXPECT_EQ(Tie(here.completeness.left_out),
                  Tie(there.completeness.left_out));
      }
    }
  }
}

// --- Single cases -----------------------------------------------------------

// A ladder of `rungs` diamonds: 2 to the power of that many shortest paths, all
// of length 2 * rungs.
std::vector<Statement> Ladder(int rungs) {
  std::vector<Statement> statements = {Entity("n0")};
  for (int i = 0; i < rungs; ++i) {
    const std::string from = absl::StrCat("n", i);
    const std::string to = absl::StrCat("n", i + 1);
    statements.push_back(Entity(to));
    for (const char* side : {"a", "b"}) {
      const std::string between = absl::StrCat(side, i);
      statements.push_back(Entity(between));
      statements.push_back(Relationship(from, "ODD", between));
      statements.push_back(Relationship(between, "ODD", to));
    }
  }
  return statements;
}

TEST(PathsTest, LongestLengthIsReached) {
  const Graph graph(Ladder(PathSpec::kMaxLength / 2));
  const Snapshot snapshot = graph.Read();
  const PathEnds ends{{Find(snapshot, "n0")}, {Find(snapshot, "n32")}};
  for (const PathMode mode : kModes) {
    PathSpec spec{.mode = mode, .max_length = PathSpec::kMaxLength};
    spec.traversal.budget.max_results = 3;
    ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                         FindPaths({snapshot}, ends, spec));

    const bool is_any = mode == PathMode::kAnyShortest;
    ASSERT_THAT(answer.paths, SizeIs(is_any ? 1 : 3));
    EXPECT_THAT(answer.paths[0].relationships, SizeIs(PathSpec::kMaxLength));
    EXPECT_EQ(answer.completeness.reason,
              is_any ? Stop::kNone : Stop::kResults);
    EXPECT_EQ(answer.completeness.where, is_any ? "" : "at length 64, at n32");

    spec.max_length = PathSpec::kMaxLength - 1;
    ASSERT_OK_AND_ASSIGN(const PathAnswer none,
                         FindPaths({snapshot}, ends, spec));
    EXPECT_THAT(none.paths, IsEmpty());
    EXPECT_EQ(none.completeness.reason, Stop::kLength);
  }
}

// Every step of a list is counted, so that one that finds nothing for long ends
// all the same.
TEST(PathsTest, ListingStopsWhenItIsCancelled) {
  const Graph graph(Ladder(20));
  const Snapshot snapshot = graph.Read();
  const PathEnds ends{{Find(snapshot, "n0")}, {Find(snapshot, "n20")}};
  PathSpec spec{.mode = PathMode::kAllShortest, .max_length = 40};
  spec.traversal.budget.max_results = int64_t{1} << 40;
  int looks = 0;
  spec.traversal.budget.cancelled = [&looks] { return ++looks == 10; };

  ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                       FindPaths({snapshot}, ends, spec));

  EXPECT_EQ(answer.completeness.outcome, Outcome::kTruncated);
  EXPECT_EQ(answer.completeness.reason, Stop::kCancelled);
  EXPECT_LT(answer.paths.size(), size_t{10 * Meter::kStepsBetweenLooks});
}

TEST(PathsTest, ParallelRelationshipsMakePathsOfTheirOwnInOrder) {
  const Graph graph({Entity("b"), Entity("a"), Relationship("a", "ODDER", "b"),
                     Relationship("b", "ODD", "a"),
                     Relationship("a", "ODD", "b")});
  const Snapshot snapshot = graph.Read();

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer answer,
      FindPaths({snapshot}, {{Find(snapshot, "a")}, {Find(snapshot, "b")}},
                {.mode = PathMode::kAll}));

  EXPECT_THAT(Texts(snapshot, answer.paths),
              ElementsAre("a (a)-[:ODD]->(b) b", "a (b)-[:ODD]->(a) b",
                          "a (a)-[:ODDER]->(b) b"));
}

}  // namespace
}  // namespace guanxi::traverse
