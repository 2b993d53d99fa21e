// What a search finds is given while it goes on: whoever takes it can end the
// search by what was found, and its error does.

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::Entity;
using test::Find;
using test::Graph;
using test::Relationship;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kRings = 12;     // depths
constexpr int kPerRing = 100;  // entities
constexpr int kAll = kRings * kPerRing;

// From "hub" to each entity of the first ring, and from each to one of the next
// ring: "r1e0", "r1e1" and so on.
std::vector<Statement> Rings() {
  std::vector<Statement> statements = {Entity("hub")};
  const auto key = [](int ring, int index) {
    return ring == 0 ? "hub" : absl::StrCat("r", ring, "e", index);
  };
  for (int ring = 1; ring <= kRings; ++ring) {
    for (int i = 0; i < kPerRing; ++i) {
      statements.push_back(Entity(key(ring, i)));
      statements.push_back(Relationship(key(ring - 1, i), "ODD", key(ring, i)));
    }
  }
  return statements;
}

class StreamTest : public testing::Test {
 protected:
  // A budget that is cancelled once something was found.
  Budget UntilFound() {
    return {.cancelled = [this] { return found_ > 0; }};
  }

  const Graph graph_{Rings()};
  const Snapshot snapshot_ = graph_.Read();
  const EntityId hub_ = Find(snapshot_, "hub");
  int64_t found_ = 0;
};

TEST_F(StreamTest, NeighboursComeBeforeTheWalkEnds) {
  NeighbourhoodSpec spec{.depth = kRings};
  spec.traversal.budget = UntilFound();

  ASSERT_OK_AND_ASSIGN(
      const Neighbourhood answer,
      FindNeighbourhood({snapshot_}, hub_, spec,
                        [&](const NeighbourhoodFinds& finds) {
                          found_ += static_cast<int64_t>(finds.entities.size());
                          return absl::OkStatus();
                        }));

  EXPECT_EQ(answer.completeness.reason, Stop::kCancelled);
  EXPECT_GE(found_, kPerRing);
  EXPECT_LT(found_, kAll);
  EXPECT_THAT(answer.entities, IsEmpty());
}

TEST_F(StreamTest, ReachedEntitiesComeDepthByDepth) {
  std::vector<int> depths;
  std::vector<size_t> counts;

  ASSERT_OK(FindReach({snapshot_}, {hub_}, {.max_depth = 3},
                      [&](absl::Span<const ReachedEntity> reached) {
                        depths.push_back(reached.front().depth);
                        counts.push_back(reached.size());
                        return absl::OkStatus();
                      })
                .status());

  EXPECT_THAT(depths, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(counts, ElementsAre(1, kPerRing, kPerRing, kPerRing));
}

TEST_F(StreamTest, PathsComeBeforeTheListEnds) {
  PathSpec spec{.mode = PathMode::kAll};
  spec.traversal.direction = Direction::kOut;
  spec.traversal.budget = UntilFound();

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer answer,
      FindPaths({snapshot_}, {.from = {hub_}, .anywhere = true}, spec,
                [&](const Path&) {
                  ++found_;
                  return absl::OkStatus();
                }));

  EXPECT_EQ(answer.completeness.reason, Stop::kCancelled);
  EXPECT_GE(found_, 1);
  EXPECT_LT(found_, kAll);
  EXPECT_THAT(answer.paths, IsEmpty());
}

TEST_F(StreamTest, ErrorOfWhoTakesEndsTheSearch) {
  const absl::Status gone = absl::CancelledError("nobody is there");
  const auto refuse = [&](const auto&) {
    ++found_;
    return gone;
  };
  const PathEnds anywhere = {.from = {hub_}, .anywhere = true};

  EXPECT_EQ(FindNeighbourhood({snapshot_}, hub_, {.depth = 2}, refuse).status(),
            gone);
  EXPECT_EQ(FindReach({snapshot_}, {hub_}, {}, refuse).status(), gone);
  EXPECT_EQ(FindPaths({snapshot_}, anywhere, {.mode = PathMode::kAll}, refuse)
                .status(),
            gone);

  EXPECT_EQ(found_, 3);
}

}  // namespace
}  // namespace guanxi::traverse
