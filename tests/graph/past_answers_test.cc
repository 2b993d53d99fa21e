// Whatever was answered at a revision is answered alike when it is past, by
// every kind of question.

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/traverse/components.h"
#include "graph/traverse/connection.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"
#include "graph/traverse/shared_neighbours.h"
#include "tests/support/both_ways.h"
#include "tests/support/path_oracle.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_clusters.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::CountOf;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomKey;
using test::RandomRelated;
using test::RandomTraversalOf;
using topology::Ground;

constexpr int kRounds = 3;  // of all kinds of question, for each graph

// --- What an answer says, as text -------------------------------------------

template <typename Id>
std::string Ids(const std::vector<Id>& ids) {
  std::string text = "[";
  for (const Id id : ids) absl::StrAppend(&text, id.value, " ");
  return text + "]";
}

std::string Text(const Completeness& completeness) {
  return absl::StrCat(static_cast<int>(completeness.outcome), " ",
                      static_cast<int>(completeness.reason), " ",
                      completeness.where, " left out ",
                      CountOf(completeness.left_out), ", unpriced ",
                      completeness.left_out.unpriced, "\n");
}

std::string Text(const Neighbourhood& answer) {
  std::string text = Text(answer.completeness);
  for (const VisitedEntity& one : answer.entities) {
    absl::StrAppend(&text, one.id.value, " at ", one.depth, " by ",
                    one.parent.value, "\n");
  }
  for (const TypeCount& one : answer.counts) {
    absl::StrAppend(&text, one.type, " ", one.count, "\n");
  }
  return absl::StrCat(text, Ids(answer.relationships), Ids(answer.denied));
}

std::string Text(const Reach& answer) {
  std::string text = Text(answer.completeness);
  for (const ReachedEntity& one : answer.entities) {
    absl::StrAppend(&text, one.id.value, " at ", one.depth, "\n");
  }
  return text;
}

std::string Text(const PathAnswer& answer) {
  std::string text = Text(answer.completeness);
  for (const Path& path : answer.paths) {
    absl::StrAppend(&text, Ids(path.entities), Ids(path.relationships), " ",
                    path.cost, "\n");
  }
  return text;
}

std::string Text(const Connections& answer) {
  std::string text = Text(answer.completeness);
  for (const Network& one : answer.networks) {
    absl::StrAppend(&text, Ids(one.given), Ids(one.entities),
                    Ids(one.relationships), "\n");
  }
  return text;
}

std::string Text(const CommonNeighbours& answer) {
  std::string text = Text(answer.completeness);
  for (const CommonNeighbour& one : answer.neighbours) {
    absl::StrAppend(&text, one.id.value, Ids(one.shared_by),
                    Ids(one.relationships), "\n");
  }
  return text;
}

std::string Text(const Components& answer) {
  std::string text = Text(answer.completeness);
  for (const Component& one : answer.components) {
    absl::StrAppend(&text, one.representative.value, " of ", one.entities,
                    "\n");
  }
  for (const SizeCount& one : answer.sizes) {
    absl::StrAppend(&text, one.count, " of ", one.size, "\n");
  }
  return text;
}

template <typename Answer>
std::string Text(const absl::StatusOr<Answer>& answer) {
  EXPECT_OK(answer.status());
  return answer.ok() ? Text(*answer) : "";
}

// --- Questions --------------------------------------------------------------

using Ask = std::function<std::string(const Ground&)>;

// One random question of each kind.
class Questions {
 public:
  Questions(Random& random, const Snapshot& snapshot)
      : random_(random), snapshot_(snapshot) {}

  std::vector<Ask> All() {
    return {AskNeighbourhood(),
            AskReach(),
            AskPaths(test::RandomPathSpec(random_)),
            AskPaths(test::RandomCostSpec(random_)),
            AskCycles(),
            AskConnections(),
            AskCommonNeighbours(),
            AskComponents()};
  }

 private:
  // One that is canonical as the spec sees it.
  EntityId Some(const TraversalSpec& spec) {
    const EntityId id = Find(snapshot_, RandomKey(random_));
    return (*snapshot_.ClusterOf(id, spec.lens))->canonical;
  }
  std::vector<EntityId> Some(size_t count, const TraversalSpec& spec) {
    std::vector<EntityId> ids;
    for (size_t i = 0; i < count; ++i) ids.push_back(Some(spec));
    return ids;
  }
  std::vector<EntityId> SomeDifferent(size_t count, const TraversalSpec& spec) {
    std::vector<EntityId> ids;
    while (ids.size() < count) {
      const EntityId id = Some(spec);
      if (std::ranges::count(ids, id) == 0) ids.push_back(id);
    }
    return ids;
  }
  TraversalSpec UndirectedTraversal() {
    TraversalSpec spec = RandomTraversalOf(random_, snapshot_);
    spec.direction = Direction::kBoth;
    return spec;
  }

  Ask AskNeighbourhood() {
    NeighbourhoodSpec spec{.traversal = RandomTraversalOf(random_, snapshot_),
                           .depth = static_cast<int>(1 + random_.Below(4)),
                           .include_denied = random_.OneIn(2)};
    const EntityId start = Some(spec.traversal);
    return [=](const Ground& ground) {
      return Text(FindNeighbourhood(ground, start, spec));
    };
  }
  Ask AskReach() {
    const ReachSpec spec{.traversal = RandomTraversalOf(random_, snapshot_)};
    const std::vector<EntityId> starts = Some(2, spec.traversal);
    return [=](const Ground& ground) {
      return Text(FindReach(ground, starts, spec));
    };
  }
  Ask AskPaths(const PathSpec& spec) {
    PathEnds ends = {Some(1 + random_.Below(2), spec.traversal),
                     Some(1 + random_.Below(2), spec.traversal)};
    if (spec.mode == PathMode::kAll && !spec.cost.has_value()) {
      ends = {.from = ends.from, .anywhere = true};
    }
    return [=](const Ground& ground) {
      return Text(FindPaths(ground, ends, spec));
    };
  }
  Ask AskCycles() {
    const PathSpec spec = test::RandomPathSpec(random_);
    const EntityId entity = Some(spec.traversal);
    return [=](const Ground& ground) {
      return Text(FindCycles(ground, entity, spec));
    };
  }
  Ask AskConnections() {
    const ConnectionSpec spec{.traversal = UndirectedTraversal()};
    const std::vector<EntityId> given = SomeDifferent(2, spec.traversal);
    return [=](const Ground& ground) {
      return Text(FindConnections(ground, given, spec));
    };
  }
  Ask AskCommonNeighbours() {
    const CommonNeighboursSpec spec{.traversal =
                                        RandomTraversalOf(random_, snapshot_)};
    const std::vector<EntityId> given = SomeDifferent(2, spec.traversal);
    return [=](const Ground& ground) {
      return Text(FindCommonNeighbours(ground, given, spec));
    };
  }
  Ask AskComponents() {
    const ComponentsSpec spec{.traversal = UndirectedTraversal()};
    return [=](const Ground& ground) {
      return Text(FindComponents(ground, spec));
    };
  }

  Random& random_;
  const Snapshot& snapshot_;
};

// A question, and what was answered at present.
struct Asked {
  Ask ask;
  std::string answer;
};

// Some questions of each kind, answered alike in all ways.
std::vector<Asked> AskAll(Random& random, const Snapshot& snapshot) {
  std::vector<Asked> all;
  const test::BothWays ways(snapshot);
  for (int i = 0; i < kRounds; ++i) {
    for (Ask& ask : Questions(random, snapshot).All()) {
      std::string answer = ask({snapshot});
      for (const Ground& ground : ways) EXPECT_EQ(ask(ground), answer);
      all.push_back({std::move(ask), std::move(answer)});
    }
  }
  return all;
}

TEST(PastAnswersTest, EveryQuestionIsAnsweredAsItWasThen) {
  const int graphs = test::GraphCount(40);
  Random random;
  size_t lines = 0;
  for (int i = 0; i < graphs && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("graph ", i));
    Graph graph(RandomRelated(random));
    const std::vector<Asked> all = AskAll(random, graph.Read());
    ASSERT_OK(graph.store().Commit({.statements = RandomRelated(random)}));

    Snapshot past = graph.Read();
    ASSERT_OK(past.GoTo({.revision = Revision{1}}));
    for (const Asked& asked : all) {
      const std::string answer = asked.ask({past});
      EXPECT_EQ(answer, asked.answer);
      lines += static_cast<size_t>(std::ranges::count(answer, '\n'));
    }
  }
  // The first line of an answer says how complete it is, each other one what
  // was found.
  constexpr size_t kKinds = 8;
  EXPECT_GT(lines, 2 * kKinds * kRounds * static_cast<size_t>(graphs));
}

}  // namespace
}  // namespace guanxi::traverse
