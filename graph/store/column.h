#ifndef GUANXI_GRAPH_STORE_COLUMN_H_
#define GUANXI_GRAPH_STORE_COLUMN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// What the log tells of changes.
enum class Told : uint8_t {
  kAll,
  kTooMuch,  // there is more than was to be read, or a commit is not in the log
  kNotAll,   // any record may be another now, or something was to be forgotten
};

// A bit for each of the owners of one kind below a bound. Only ever set.
// Thread-safe, but for the constructors.
class Marks {
 public:
  Marks() = default;
  explicit Marks(uint64_t bound) : bound_(bound), words_(bound / kBits + 1) {}

  uint64_t bound() const { return bound_; }
  int64_t bytes() const {
    return static_cast<int64_t>(words_.size() * sizeof(uint64_t));
  }

  // Those from the bound on count as marked.
  bool Has(uint64_t id) const {
    if (id >= bound_) return true;
    const uint64_t word = words_[id / kBits].load(std::memory_order_relaxed);
    return (word >> id % kBits & 1) != 0;
  }
  void Set(uint64_t id) {
    if (id >= bound_) return;
    words_[id / kBits].fetch_or(uint64_t{1} << id % kBits,
                                std::memory_order_relaxed);
  }

 private:
  static constexpr size_t kBits = 64;
  uint64_t bound_ = 0;
  std::vector<std::atomic<uint64_t>> words_;
};

// What records hold, or something of it, in memory, by owner: as it was at one
// revision. Of the owners that commits have changed since, it says that their
// records are to be asked. So it is right for every revision that it has
// followed, and never copied.
//
// Thread-safe, but for Follow() beside itself.
class Column {
 public:
  virtual ~Column() = default;
  Column(const Column&) = delete;
  Column& operator=(const Column&) = delete;

  Revision built() const { return built_; }  // at this revision

  // Whether it tells of what a revision says.
  bool Covers(Revision revision) const {
    return built_ <= revision &&
           revision.number <= followed_.load(std::memory_order_acquire);
  }

  // Marks what was changed by the commits up to the revision of the snapshot,
  // the latest that it sees (GUANXI_CHECKed), which it covers then; not if the
  // log did not tell all. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<Told> Follow(const Snapshot& snapshot, int64_t max_entries);

  // Whether so much has changed that it is time to build anew.
  bool IsWorn() const;

  virtual int64_t bytes() const = 0;

 protected:
  // Of the latest revision that the snapshot sees, at which it must stand
  // (GUANXI_CHECKed).
  explicit Column(const Snapshot& snapshot);

  // An owner has changed. Returns whether it is of a kind that it tells of.
  virtual bool Mark(Owner owner) = 0;

  // Of how many owners it tells.
  virtual uint64_t size() const = 0;

 private:
  const Revision built_;
  std::atomic<uint64_t> followed_;    // a revision; what it changed is marked
  std::atomic<int64_t> changed_ = 0;  // roughly how many, new ones included
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COLUMN_H_
