// Commits of many clients at once are as if they came one after the other, by
// revision. The world is a ring of entities, each of which says who is next;
// every commit moves some of them, on the word of what its client has read
// before, and a ring it must stay.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "tests/support/seed.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using std::chrono::steady_clock;
using test::TestServer;

constexpr int kClients = 8;
constexpr int kNodes = 10;

std::string Node(int number) { return absl::StrCat("n", number); }

using Ring = std::map<std::string, std::string>;  // who is next

// How long the clients write, and how much at least: however slow the machine
// is.
constexpr int kMoves = 100;
constexpr std::chrono::minutes kPatience(2);
std::chrono::seconds Duration() {
  if (std::getenv("GUANXI_TEST_LONG") != nullptr) {
    return std::chrono::minutes(10);
  }
  return std::chrono::seconds(2);
}

std::string Say(const Ring& ring) {
  std::string kg = "kg 1\n";
  for (const auto& [node, next] : ring) {
    absl::StrAppend(&kg, "(", node, " {next: \"", next, "\"})\n");
  }
  return kg;
}

// A node as it was read, and after which revision.
struct Read {
  std::string next;
  uint64_t revision;
};

// A commit that was acknowledged.
struct Move {
  uint64_t revision;
  Ring changed;
};

// What all have done together.
struct Tally {
  std::atomic<int> moved = 0;
  std::atomic<int> refused = 0;  // it came too late

  bool enough() const { return moved >= kMoves && refused > 0; }
};

void Require(const std::string& node, uint64_t revision,
             v1::CommitRequest& request) {
  v1::Precondition& unchanged = *request.add_preconditions();
  unchanged.mutable_property()->set_entity(node);
  unchanged.mutable_property()->set_property("next");
  unchanged.set_unchanged_since(revision);
}

class Mover {
 public:
  Mover(const TestServer& server, unsigned seed)
      : client_(server.Client()), random_(seed) {}

  void MoveUntil(steady_clock::time_point end, Tally& tally) {
    while ((steady_clock::now() < end || !tally.enough()) &&
           steady_clock::now() < end + kPatience &&
           !testing::Test::HasFailure()) {
      if (random_() % 8 == 0) ExpectRing(std::nullopt);
      (TryMove() ? tally.moved : tally.refused) += 1;
    }
  }

  // Fails unless the nodes are one ring; returns it.
  Ring ExpectRing(std::optional<uint64_t> known_at) {
    v1::BatchGetRequest request;
    for (int i = 0; i < kNodes; ++i) request.add_entities(Node(i));
    if (known_at.has_value()) {
      request.mutable_options()->mutable_moment()->set_revision(*known_at);
    }
    const auto answer = client_.BatchGet(request);
    EXPECT_OK(answer);
    Ring ring;
    if (!answer.ok()) return ring;
    for (const v1::BatchGetResult& result : answer->results()) {
      const v1::Entity& entity = result.entity();
      ring[entity.key()] = entity.properties(0).value().string_value();
    }
    std::string at = Node(0);
    for (int i = 1; i < kNodes; ++i) {
      at = ring[at];
      EXPECT_NE(at, Node(0)) << "after " << i << " steps";
    }
    EXPECT_EQ(ring[at], Node(0));
    return ring;
  }

  const std::vector<Move>& moves() const { return moves_; }

 private:
  Read ReadNode(const std::string& node) {
    v1::GetRequest request;
    request.set_entity(node);
    const auto answer = client_.Get(request);
    EXPECT_OK(answer);
    if (!answer.ok()) return {};
    return {answer->entity().properties(0).value().string_value(),
            answer->moment().revision()};
  }

  // Of four in a row, changes the places of the two in the middle. Each is read
  // by itself: others may have moved between.
  bool TryMove() {
    const std::string first = Node(static_cast<int>(random_() % kNodes));
    const Read to_second = ReadNode(first);
    const Read to_third = ReadNode(to_second.next);
    const Read to_fourth = ReadNode(to_third.next);
    const Ring changed = {{first, to_third.next},
                          {to_third.next, to_second.next},
                          {to_second.next, to_fourth.next}};
    v1::CommitRequest request;
    request.set_kg(Say(changed));
    Require(first, to_second.revision, request);
    Require(to_second.next, to_third.revision, request);
    Require(to_third.next, to_fourth.revision, request);
    const auto answer = client_.Commit(request);
    if (answer.ok()) {
      moves_.push_back({answer->summary().revision(), changed});
      return true;
    }
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kAborted)
        << answer.status();
    return false;
  }

  client::Client client_;
  std::mt19937 random_;
  std::vector<Move> moves_;
};

// The ring after each revision, as its commits tell, from `ring` on.
std::map<uint64_t, Ring> Replay(std::vector<Move> moves, uint64_t begin,
                                Ring ring) {
  std::ranges::sort(moves, {}, &Move::revision);
  std::map<uint64_t, Ring> rings = {{begin, ring}};
  for (const Move& move : moves) {
    EXPECT_EQ(move.revision, rings.rbegin()->first + 1);  // no two the same
    for (const auto& [node, next] : move.changed) ring[node] = next;
    rings[move.revision] = ring;
  }
  return rings;
}

TEST(RingTest, ItStaysARingAndRevisionsTellTheOrder) {
  const unsigned seed = test::Seed();
  std::printf("GUANXI_TEST_SEED=%u\n", seed);
  const TestServer server;
  Ring ring;
  for (int i = 0; i < kNodes; ++i) ring[Node(i)] = Node((i + 1) % kNodes);
  v1::CommitRequest first;
  first.set_kg(Say(ring));
  ASSERT_OK_AND_ASSIGN(const auto begun, server.Client().Commit(first));

  std::vector<Mover> movers;
  for (unsigned i = 0; i < kClients; ++i) movers.emplace_back(server, seed + i);
  Tally tally;
  std::vector<std::thread> threads;
  const auto end = steady_clock::now() + Duration();
  for (Mover& mover : movers) {
    threads.emplace_back([&] { mover.MoveUntil(end, tally); });
  }
  for (std::thread& thread : threads) thread.join();

  std::vector<Move> moves;
  for (const Mover& mover : movers) {
    moves.insert(moves.end(), mover.moves().begin(), mover.moves().end());
  }
  std::printf("%d moves, %d that came too late\n", tally.moved.load(),
              tally.refused.load());
  EXPECT_TRUE(tally.enough());  // else nothing was at stake
  const auto rings = Replay(moves, begun.summary().revision(), ring);
  EXPECT_EQ(movers[0].ExpectRing(std::nullopt), rings.rbegin()->second);
  const uint64_t step = rings.size() / 200 + 1;
  for (auto at = rings.begin(); at != rings.end(); ++at) {
    if (at->first % step != 0) continue;
    EXPECT_EQ(movers[0].ExpectRing(at->first), at->second) << at->first;
  }
}

}  // namespace
}  // namespace guanxi::server
