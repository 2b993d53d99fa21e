#include "graph/store/entity_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/key.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_index.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// The first byte of a count's key in table `meta`.
constexpr char kFactCount = 'F';

std::string CountKey(PropertyId property) {
  return kFactCount + BigEndian(property.value, kNameIdBytes);
}

bool Affirmed(const RecordFact& fact) {
  return std::ranges::any_of(fact.slices, [](const Slice& slice) {
    return slice.mode_class != Mode::kNegated;
  });
}

absl::Status MoveEntries(EntityId id, kv::Table table,
                         const std::set<std::string>& before,
                         const std::set<std::string>& after,
                         kv::WriteTxn& txn) {
  for (const std::string& prefix : before) {
    if (after.contains(prefix)) continue;
    RETURN_IF_ERROR(
        EraseTuple(txn, {table, prefix}, Tuple<1>{id.value}).status());
  }
  for (const std::string& prefix : after) {
    if (before.contains(prefix)) continue;
    RETURN_IF_ERROR(
        InsertTuple(txn, {table, prefix}, Tuple<1>{id.value}).status());
  }
  return absl::OkStatus();
}

absl::Status MoveCounts(const IndexEntries& before, IndexEntries after,
                        const Tables& tables, kv::WriteTxn& txn) {
  for (const auto& [property, count] : before.counts) {
    after.counts[property] -= count;
  }
  for (const auto& [property, change] : after.counts) {
    if (change == 0) continue;
    ASSIGN_OR_RETURN(const uint64_t count,
                     CountPropertyFacts(property, txn, tables));
    std::string bytes;
    PutVarint(count + static_cast<uint64_t>(change), &bytes);
    RETURN_IF_ERROR(txn.Put(tables.meta, CountKey(property), bytes));
  }
  return absl::OkStatus();
}

}  // namespace

std::string LabelPrefix(LabelId label) {
  return BigEndian(label.value, kNameIdBytes);
}

std::string TypePrefix(TypeId type) {
  return BigEndian(type.value, kNameIdBytes);
}

IndexEntries IndexEntriesOf(const std::vector<RecordFact>& facts,
                            const Catalog& catalog) {
  IndexEntries entries;
  for (const RecordFact& fact : facts) {
    if (fact.key.kind == FactKind::kLabel && Affirmed(fact)) {
      entries.labels.insert(LabelPrefix(*catalog.labels.Find(fact.key.name)));
    }
    if (fact.key.kind != FactKind::kProperty) continue;
    const PropertyId property = *catalog.properties.Find(fact.key.name);
    ++entries.counts[property];
  }
  return entries;
}

absl::Status MoveEntityIndexes(EntityId id, const IndexEntries& before,
                               const IndexEntries& after, const Tables& tables,
                               kv::WriteTxn& txn) {
  // Those who ask about the past find the labels that an entity had.
  RETURN_IF_ERROR(MoveEntries(id, tables.label, {}, after.labels, txn));
  return MoveCounts(before, after, tables, txn);
}

absl::Status EraseIndexEntries(const Erasure& erasure, const Catalog& catalog,
                               const Tables& tables, kv::WriteTxn& txn) {
  const auto& [id, erased, left] = erasure;
  const IndexEntries old_entries = IndexEntriesOf(erased.facts, catalog);
  const IndexEntries new_entries = IndexEntriesOf(left.facts, catalog);
  RETURN_IF_ERROR(MoveEntries(id, tables.label, old_entries.labels,
                              new_entries.labels, txn));
  std::set<std::string> values =
      ValueKeys(erased.claims, erased.facts, catalog);
  for (const std::string& key : ValueKeys(left.claims, left.facts, catalog)) {
    values.erase(key);
  }
  return MoveEntries(id, tables.property, values, {}, txn);
}

bool IsCountKey(absl::string_view key) {
  return key.size() == 1 + kNameIdBytes && key[0] == kFactCount;
}

absl::StatusOr<uint64_t> CountPropertyFacts(PropertyId property,
                                            const kv::Txn& txn,
                                            const Tables& tables) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn.Get(tables.meta, CountKey(property)));
  if (!bytes.has_value()) return 0;
  ByteReader reader(*bytes);
  const uint64_t count = reader.Varint();
  RETURN_IF_ERROR(CheckRead(reader, "a count of facts"));
  return count;
}

}  // namespace guanxi::store
