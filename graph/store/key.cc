#include "graph/store/key.h"

#include "graph/base/sha256.h"
#include "graph/store/damage.h"

namespace guanxi::store {
namespace {

constexpr size_t kOrdinalBytes = kClaimKeyBytes - kOwnerKeyBytes;

}  // namespace

std::string BigEndian(uint64_t number, size_t bytes) {
  std::string out;
  for (size_t left = bytes; left > 0; --left) {
    out.push_back(static_cast<char>(number >> (8 * (left - 1))));
  }
  return out;
}

std::string OwnerKey(Owner owner) {
  return BigEndian(static_cast<uint64_t>(owner.kind), 1) + IdKey(owner.id);
}

std::string ClaimKey(ClaimRef ref) {
  return OwnerKey(ref.owner) + BigEndian(ref.ordinal, kOrdinalBytes);
}

absl::StatusOr<ClaimRef> ReadClaimKey(absl::string_view key) {
  ClaimRef ref;
  if (key.size() == kClaimKeyBytes) {
    ref.owner = {static_cast<OwnerKind>(key[0]),
                 ReadBigEndian(key.substr(1, kIdBytes))};
    ref.ordinal =
        static_cast<uint32_t>(ReadBigEndian(key.substr(kOwnerKeyBytes)));
  }
  // No entity and no relationship has the id 0, and no claim the ordinal 0.
  if (ref.owner.id == 0 || ref.ordinal == 0 ||
      ref.owner.kind > OwnerKind::kRelationship) {
    return Damaged("a key of a claim names no claim");
  }
  return ref;
}

std::string Digest128(absl::string_view bytes) {
  return Sha256Of(bytes).substr(0, kDigestBytes);
}

}  // namespace guanxi::store
