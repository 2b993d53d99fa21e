#ifndef GUANXI_GRAPH_MODEL_IDS_H_
#define GUANXI_GRAPH_MODEL_IDS_H_

#include <compare>
#include <cstdint>
#include <utility>

namespace guanxi {

// A dense number that names one kind of thing inside one store. Never reused,
// never shown to a user: entities show their key, relationships their parts.
template <typename Tag>
struct Id {
  uint64_t value = 0;

  friend auto operator<=>(const Id&, const Id&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.value);
  }
};

using EntityId = Id<struct EntityTag>;
using RelationshipId = Id<struct RelationshipTag>;
using LabelId = Id<struct LabelTag>;
using TypeId = Id<struct TypeTag>;
using PropertyId = Id<struct PropertyTag>;
using SourceId = Id<struct SourceTag>;

// The commit sequence number: one per commit, from 1. 0 is the fresh store.
struct Revision {
  uint64_t number = 0;
  friend auto operator<=>(const Revision&, const Revision&) = default;
};

// How many ids one kind can have: ids take 40 bits in the file.
inline constexpr uint64_t kMaxId = (uint64_t{1} << 40) - 1;

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_IDS_H_
