#ifndef GUANXI_GRAPH_TRAVERSE_CHEAPEST_LIST_H_
#define GUANXI_GRAPH_TRAVERSE_CHEAPEST_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "graph/base/budget.h"
#include "graph/traverse/cheapest.h"
#include "graph/traverse/path.h"

namespace guanxi::traverse {

// Lists the paths of a search from the far end on which nothing stands twice,
// the cheapest first; of equally cheap ones in the same order for the same
// state. By Yen's ranking (1971) with Lawler's partition (1972): what is left
// is always split into the paths that leave the last one at its first entity,
// at its second, and so on, and of each part the cheapest path is found by a
// search that the costs of the rest lead straight to the end. Memory is that of
// the search, and for each path listed one part for each of its entities,
// all until the end.
//
// Must not outlive what it is made of. Not thread-safe.
class CheapestLister {
 public:
  CheapestLister(const CheapestSearch& search, const PathSpec& spec,
                 Meter& meter);

  // The next path; nullopt: there is none, or the meter said no.
  std::optional<Path> Next();

  // Whether a path was passed over because it costs more than max_cost.
  bool IsBounded() const { return bounded_; }

 private:
  // All paths that begin with these steps and go on by none of the barred ones;
  // and the cheapest of them.
  struct Part {
    uint32_t start = 0;  // waypoint
    std::vector<uint32_t> begins;
    std::vector<uint32_t> barred;
    bool may_stop = true;  // the path that has no more steps is one of them
    double cost = 0;
    std::vector<uint32_t> steps;  // of the cheapest
  };
  // The cheaper, then the earlier one comes first.
  struct Ranked {
    double cost = 0;
    size_t index = 0;  // of a part, or a waypoint
    bool operator>(const Ranked& other) const {
      return cost != other.cost ? cost > other.cost : index > other.index;
    }
  };

  void Begin();
  void Offer(Part part);
  void Split(Part part);
  bool FindCheapest(Part& part);
  double Enter(const Part& part);
  bool Relax(uint32_t from, const Part& part);
  std::vector<uint32_t> WayTo(uint32_t waypoint, const Part& part) const;
  Path PathOf(const Part& part) const;
  // Where the path leads on from: the last entity of how all of a part begin.
  uint32_t SpurOf(const Part& part) const;
  double TollOf(uint32_t waypoint, const Part& part) const;
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const CheapestSearch& search_;
  const double max_cost_;
  Meter& meter_;
  std::vector<uint32_t> order_;     // of steps, by where they begin
  std::vector<size_t> first_step_;  // by waypoint, and one behind the last
  std::vector<Part> parts_;
  std::priority_queue<Ranked, std::vector<Ranked>, std::greater<>> ranked_;
  std::optional<Part> last_;  // that of the path listed last
  bool begun_ = false;
  bool bounded_ = false;

  // Of the search in one part, by waypoint; valid where the mark is its own.
  struct Label {
    uint64_t mark = 0;
    bool closed = false;  // on the way already, or expanded
    double cost = 0;      // without its own toll
    uint32_t by = 0;      // step
  };
  std::vector<Label> labels_;
  uint64_t mark_ = 0;
  std::priority_queue<Ranked, std::vector<Ranked>, std::greater<>> open_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_CHEAPEST_LIST_H_
