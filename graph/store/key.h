#ifndef GUANXI_GRAPH_STORE_KEY_H_
#define GUANXI_GRAPH_STORE_KEY_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/ids.h"

namespace guanxi::store {

// Keys of the tables: numbers stand big-endian, so that they sort.

// The lowest `bytes` bytes of `number`, 1 to 8.
std::string BigEndian(uint64_t number, size_t bytes);
inline uint64_t ReadBigEndian(absl::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) {
    number = number << 8 | static_cast<uint8_t>(byte);
  }
  return number;
}

// How many bytes each kind of number takes in a key.
inline constexpr size_t kIdBytes = 5;  // of entities, relationships, sources
inline constexpr size_t kNameIdBytes = 4;  // of the catalog
inline constexpr size_t kRevisionBytes = 8;
inline constexpr size_t kOwnerKeyBytes = 1 + kIdBytes;
inline constexpr size_t kDigestBytes = 16;

inline std::string IdKey(uint64_t id) { return BigEndian(id, kIdBytes); }
inline std::string IdKey(EntityId id) { return IdKey(id.value); }
inline std::string IdKey(RelationshipId id) { return IdKey(id.value); }

// Whose facts a claim speaks of.
enum class OwnerKind : uint8_t { kEntity = 0, kRelationship = 1, kSource = 2 };

struct Owner {
  OwnerKind kind = OwnerKind::kEntity;
  uint64_t id = 0;

  static Owner Of(EntityId id) { return {OwnerKind::kEntity, id.value}; }
  static Owner Of(RelationshipId id) {
    return {OwnerKind::kRelationship, id.value};
  }
  friend auto operator<=>(const Owner&, const Owner&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Owner& owner) {
    return H::combine(std::move(h), owner.kind, owner.id);
  }
};

// Kind, then id: kOwnerKeyBytes.
std::string OwnerKey(Owner owner);

// A claim's place: its owner and its number among the owner's claims, from 1.
struct ClaimRef {
  Owner owner;
  uint32_t ordinal = 0;
  friend auto operator<=>(const ClaimRef&, const ClaimRef&) = default;
};

inline constexpr size_t kClaimKeyBytes = kOwnerKeyBytes + 4;
std::string ClaimKey(ClaimRef ref);
// DATA_LOSS [STORE_DAMAGED] if `key` is none.
absl::StatusOr<ClaimRef> ReadClaimKey(absl::string_view key);

// The first kDigestBytes of the SHA-256 of `bytes`.
std::string Digest128(absl::string_view bytes);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_KEY_H_
