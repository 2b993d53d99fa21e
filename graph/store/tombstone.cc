#include "graph/store/tombstone.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// The first byte of a key.
constexpr char kByPlace = 'C';
constexpr char kByIdentity = 'H';

std::string Key(char kind, absl::string_view rest) {
  return absl::StrCat(std::string(1, kind), rest);
}

}  // namespace

absl::Status WriteTombstone(const ClaimRef& ref, absl::string_view identity,
                            const Tombstone& tombstone, const Tables& tables,
                            kv::WriteTxn& txn) {
  std::string bytes;
  PutVarint(tombstone.revision.number, &bytes);
  PutString(tombstone.author, &bytes);
  PutString(tombstone.why, &bytes);
  const std::string place = ClaimKey(ref);
  RETURN_IF_ERROR(txn.Put(tables.tombstone, Key(kByPlace, place), bytes));
  return txn.Put(tables.tombstone, Key(kByIdentity, identity), place);
}

absl::StatusOr<bool> IsPurged(const kv::Txn& txn, const Tables& tables,
                              absl::string_view identity) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   txn.Get(tables.tombstone, Key(kByIdentity, identity)));
  return found.has_value();
}

absl::StatusOr<uint32_t> LastPurgedOrdinal(const kv::Txn& txn,
                                           const Tables& tables, Owner owner) {
  const std::string prefix = Key(kByPlace, OwnerKey(owner));
  uint32_t last = 0;
  kv::Cursor cursor = txn.Walk(tables.tombstone);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    last = ReadClaimKey(cursor.key().substr(1)).ordinal;
  }
  RETURN_IF_ERROR(cursor.status());
  return last;
}

absl::StatusOr<std::vector<Tombstone>> ReadTombstones(const kv::Txn& txn,
                                                      const Tables& tables,
                                                      Owner owner) {
  std::vector<Tombstone> tombstones;
  const std::string prefix = Key(kByPlace, OwnerKey(owner));
  kv::Cursor cursor = txn.Walk(tables.tombstone);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    ByteReader reader(cursor.value());
    Tombstone tombstone{.revision = {reader.Varint()}};
    tombstone.author = reader.OwnedString();
    tombstone.why = reader.OwnedString();
    RETURN_IF_ERROR(CheckRead(reader, "a tombstone"));
    tombstones.push_back(std::move(tombstone));
  }
  RETURN_IF_ERROR(cursor.status());
  return tombstones;
}

}  // namespace guanxi::store
