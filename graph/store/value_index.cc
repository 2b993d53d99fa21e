#include "graph/store/value_index.h"

#include <algorithm>

#include "graph/base/status_macros.h"
#include "graph/store/history.h"
#include "graph/store/tuple_block.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_key.h"

namespace guanxi::store {
namespace {

void AddKey(const FactKey& fact, const Value& value, const Catalog& catalog,
            std::set<std::string>& keys) {
  if (fact.kind != FactKind::kProperty) return;
  // Names are interned with the record, which is written first.
  const std::optional<PropertyId> property = catalog.properties.Find(fact.name);
  if (property.has_value()) keys.insert(ValueKey(*property, value));
}

absl::Status Insert(EntityId id, const std::set<std::string>& keys,
                    const Tables& tables, kv::WriteTxn& txn) {
  for (const std::string& key : keys) {
    RETURN_IF_ERROR(
        InsertTuple(txn, {tables.property, key}, Tuple<1>{id.value}).status());
  }
  return absl::OkStatus();
}

// Appends the entities of a range of keys; false: more than `limit` in all.
absl::StatusOr<bool> Collect(const KeyRange& range, size_t limit,
                             kv::Cursor& cursor, std::vector<EntityId>& found) {
  for (cursor.Seek(range.from); cursor.Valid() && cursor.key() < range.to;
       cursor.Next()) {
    ASSIGN_OR_RETURN(const BlockView<1> block,
                     BlockView<1>::Parse(cursor.value()));
    for (size_t i = 0; i < block.count(); ++i) {
      found.push_back(EntityId{block.value(0, i)});
    }
    if (found.size() > limit) return false;
  }
  RETURN_IF_ERROR(cursor.status());
  return true;
}

}  // namespace

bool IsIndexed(const Schema& schema, absl::string_view property) {
  const PropertyDeclaration* declared = schema.FindProperty(property);
  return declared != nullptr && (declared->index || declared->unique);
}

std::set<std::string> ValueKeys(const std::vector<StoredClaim>& claims,
                                const std::vector<RecordFact>& facts,
                                const Catalog& catalog) {
  std::set<std::string> keys;
  for (const StoredClaim& stored : claims) {
    if (stored.claim.mode == Mode::kNegated) continue;
    AddKey(stored.fact, stored.claim.value, catalog, keys);
  }
  for (const RecordFact& fact : facts) {
    if (!fact.implicit.has_value()) continue;
    AddKey(fact.key, fact.implicit->value, catalog, keys);
  }
  return keys;
}

std::set<std::string> IndexedKeys(const OwnerClaims& said,
                                  const Catalog& catalog) {
  std::set<std::string> keys;
  for (const StoredClaim& stored : said.claims) {
    if (stored.claim.mode == Mode::kNegated) continue;
    if (!IsIndexed(catalog.schema, stored.fact.name)) continue;
    AddKey(stored.fact, stored.claim.value, catalog, keys);
  }
  for (const auto& [fact, implicit] : said.implicit) {
    if (!IsIndexed(catalog.schema, fact.name)) continue;
    AddKey(fact, implicit.value, catalog, keys);
  }
  return keys;
}

absl::Status IndexValues(EntityId id, const OwnerClaims& said,
                         const Catalog& catalog, const Tables& tables,
                         kv::WriteTxn& txn) {
  return Insert(id, IndexedKeys(said, catalog), tables, txn);
}

absl::Status IndexPastValues(EntityId id, const Catalog& catalog,
                             const Tables& tables, kv::WriteTxn& txn) {
  ASSIGN_OR_RETURN(const std::vector<Image> images,
                   ReadImages(txn, tables, Owner::Of(id)));
  std::set<std::string> keys;
  for (const Image& image : images) {
    ASSIGN_OR_RETURN(const RecordView record, RecordView::Parse(image.record));
    ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                     ReadFacts(record, catalog));
    for (const RecordFact& fact : facts) {
      if (!fact.implicit || !IsIndexed(catalog.schema, fact.key.name)) continue;
      AddKey(fact.key, fact.implicit->value, catalog, keys);
    }
  }
  return Insert(id, keys, tables, txn);
}

absl::StatusOr<std::optional<std::vector<EntityId>>> FindCandidates(
    PropertyId property, const Predicate& predicate, size_t limit,
    const kv::Txn& txn, const Tables& tables) {
  std::vector<EntityId> found;
  kv::Cursor cursor = txn.Walk(tables.property);
  for (const KeyRange& range : KeyRanges(property, predicate)) {
    ASSIGN_OR_RETURN(const bool all, Collect(range, limit, cursor, found));
    if (!all) return std::nullopt;
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace guanxi::store
