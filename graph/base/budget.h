#ifndef GUANXI_GRAPH_BASE_BUDGET_H_
#define GUANXI_GRAPH_BASE_BUDGET_H_

#include <chrono>
#include <cstdint>
#include <functional>

namespace guanxi {

// How much one request may take. Reaching a limit ends the work and is said in
// the answer; it is no error.
struct Budget {
  int64_t max_entities = 100'000;         // visited
  int64_t max_relationships = 1'000'000;  // looked at
  int64_t max_results = 10'000;           // relationships in the answer
  int64_t max_bytes = 64 << 20;           // of memory for what was visited

  std::chrono::steady_clock::time_point deadline =
      std::chrono::steady_clock::time_point::max();
  std::function<bool()> cancelled;  // empty: never
};

// Why the work of a request ended before it was done.
enum class Stop : uint8_t {
  kNone,
  kEntities,
  kRelationships,
  kResults,
  kBytes,
  kDeadline,
  kCancelled,
  kLength,     // a path search reached its longest length, with more beyond
  kPerEntity,  // an entity has more relationships than were to be taken of it
  kCost,  // a path search found none for the highest cost; there may be dearer
  kHub,   // an entity has more relationships than the hub policy allows
};

// What has been used up of each limit of a budget.
struct Usage {
  int64_t entities = 0;
  int64_t relationships = 0;
  int64_t results = 0;
  int64_t bytes = 0;

  friend bool operator==(const Usage&, const Usage&) = default;
};

// The greater of both, limit by limit.
Usage Max(const Usage& one, const Usage& other);

// Counts what one request uses up. Not thread-safe; one for each request.
class Meter {
 public:
  // Cancellation and deadline are looked at once in this many counted steps.
  static constexpr int64_t kStepsBetweenLooks = 256;

  // `granted` may be used beside the budget: what the earlier parts of an
  // answer took, to be done again. No sum of the two may overflow.
  explicit Meter(const Budget& budget, const Usage& granted = {});

  // Each counts one thing and says whether the work may go on. Once one has
  // said no, all say no.
  bool CountEntity() {
    return Count(used_.entities, budget_.max_entities, Stop::kEntities);
  }
  bool CountRelationship() {
    return Count(used_.relationships, budget_.max_relationships,
                 Stop::kRelationships);
  }
  bool CountResult() {
    return Count(used_.results, budget_.max_results, Stop::kResults);
  }
  bool CountBytes(int64_t bytes);

  // Whether so much more is within the budget.
  bool HasRoomFor(const Usage& more) const {
    return stop_ == Stop::kNone &&
           used_.entities + more.entities <= budget_.max_entities &&
           used_.relationships + more.relationships <=
               budget_.max_relationships &&
           used_.results + more.results <= budget_.max_results &&
           used_.bytes + more.bytes <= budget_.max_bytes;
  }

  // Counts what there is room for, all at once, and says whether the work may
  // go on. Many things at once are many steps between two looks.
  bool CountAll(const Usage& more);

  // Counts a step that uses up nothing but time.
  bool CountStep() {
    if (stop_ != Stop::kNone) return false;
    return ++steps_ % kStepsBetweenLooks != 0 || Look();
  }

  // Ends the work for a reason found elsewhere.
  void End(Stop reason) {
    if (stop_ == Stop::kNone) stop_ = reason;
  }

  Stop stop() const { return stop_; }
  const Usage& used() const { return used_; }

 private:
  bool Count(int64_t& counter, int64_t limit, Stop reason) {
    if (stop_ != Stop::kNone) return false;
    if (counter >= limit) {
      stop_ = reason;
      return false;
    }
    ++counter;
    return CountStep();
  }
  bool Look();

  Budget budget_;
  Usage used_;
  int64_t steps_ = 0;
  Stop stop_ = Stop::kNone;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_BUDGET_H_
