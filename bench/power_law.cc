#include "bench/power_law.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace guanxi::bench {
namespace {

// Percent of the relationships of each type.
constexpr std::array<unsigned, PowerLawGraph::kTypes> kShares = {35, 20, 14, 11,
                                                                 8,  6,  4,  2};

// std::mt19937_64 says the same everywhere; the distributions of the standard
// library need not.
class Dice {
 public:
  // From 0 to below 1.
  double Fraction() {
    constexpr int kBits = 53;
    return static_cast<double>(engine_() >> (64 - kBits)) /
           static_cast<double>(uint64_t{1} << kBits);
  }
  uint32_t Below(uint32_t end) {
    return static_cast<uint32_t>(Fraction() * end);
  }
  uint8_t Type() {
    unsigned left = Below(100);
    uint8_t type = 0;
    while (left >= kShares[type]) left -= kShares[type++];
    return type;
  }
  // The sum of (rank + 2)^(-2/3) grows as the third root of the rank does.
  uint32_t Rank(uint32_t ranks) {
    constexpr double kFirst = 2;
    const double low = std::cbrt(kFirst);
    const double high = std::cbrt(kFirst + ranks);
    const double root = low + Fraction() * (high - low);
    return std::min(static_cast<uint32_t>(root * root * root - kFirst),
                    ranks - 1);
  }
  std::vector<uint32_t> Order(uint32_t size) {
    std::vector<uint32_t> order(size);
    std::iota(order.begin(), order.end(), uint32_t{0});
    for (uint32_t i = size; i > 1; --i)
      std::swap(order[i - 1], order[Below(i)]);
    return order;
  }

 private:
  std::mt19937_64 engine_{20260930};
};

}  // namespace

PowerLawGraph PowerLawGraph::Make(uint32_t entities, uint32_t relationships) {
  Dice dice;
  const std::vector<uint32_t> subjects = dice.Order(entities);
  const std::vector<uint32_t> objects = dice.Order(entities);
  PowerLawGraph graph{.entity_count = entities, .relationships = {}};
  graph.relationships.reserve(relationships);
  using Place = std::tuple<uint32_t, uint32_t, uint8_t>;
  absl::flat_hash_set<Place> drawn_before;
  drawn_before.reserve(relationships);
  while (graph.relationships.size() < relationships) {
    const Relationship drawn = {
        .subject = subjects[dice.Rank(entities)],
        .object = objects[dice.Rank(entities)],
        .type = dice.Type(),
        .weight = static_cast<uint8_t>(1 + dice.Below(100))};
    if (drawn.subject == drawn.object) continue;
    const Place place(drawn.subject, drawn.object, drawn.type);
    if (drawn_before.insert(place).second) graph.relationships.push_back(drawn);
  }
  return graph;
}

}  // namespace guanxi::bench
