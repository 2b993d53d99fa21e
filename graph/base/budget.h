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
};

// Counts what one request uses up. Not thread-safe; one for each request.
class Meter {
 public:
  // Cancellation and deadline are looked at once in this many counted steps.
  static constexpr int64_t kStepsBetweenLooks = 256;

  explicit Meter(const Budget& budget) : budget_(budget) {}

  // Each counts one thing and says whether the work may go on. Once one has
  // said no, all say no.
  bool CountEntity() {
    return Count(entities_, budget_.max_entities, Stop::kEntities);
  }
  bool CountRelationship() {
    return Count(relationships_, budget_.max_relationships,
                 Stop::kRelationships);
  }
  bool CountResult() {
    return Count(results_, budget_.max_results, Stop::kResults);
  }
  bool CountBytes(int64_t bytes);

  Stop stop() const { return stop_; }
  int64_t entities() const { return entities_; }
  int64_t relationships() const { return relationships_; }
  int64_t results() const { return results_; }

 private:
  bool Count(int64_t& counter, int64_t limit, Stop reason) {
    if (stop_ != Stop::kNone) return false;
    if (counter >= limit) {
      stop_ = reason;
      return false;
    }
    ++counter;
    return ++steps_ % kStepsBetweenLooks != 0 || Look();
  }
  bool Look();

  Budget budget_;
  int64_t entities_ = 0;
  int64_t relationships_ = 0;
  int64_t results_ = 0;
  int64_t bytes_ = 0;
  int64_t steps_ = 0;
  Stop stop_ = Stop::kNone;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_BUDGET_H_
