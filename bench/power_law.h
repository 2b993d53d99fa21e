#ifndef GUANXI_BENCH_POWER_LAW_H_
#define GUANXI_BENCH_POWER_LAW_H_

#include <cstdint>
#include <vector>

namespace guanxi::bench {

// A directed graph in which few entities have most of the relationships: the
// end of each is drawn with a weight of (rank + 2)^(-2/3), from one random
// order of the entities for subjects and another one for objects. No
// relationship leads to where it came from, and no two are alike but for their
// weight. The same graph for the same size, everywhere.
struct PowerLawGraph {
  static constexpr int kTypes = 8;  // of 35, 20, 14, 11, 8, 6, 4 and 2 %

  struct Relationship {
    uint32_t subject = 0;
    uint32_t object = 0;
    uint8_t type = 0;
    uint8_t weight = 1;  // 1 to 100
  };

  uint32_t entity_count = 0;
  std::vector<Relationship> relationships;

  static PowerLawGraph Make(uint32_t entities, uint32_t relationships);
};

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_POWER_LAW_H_
