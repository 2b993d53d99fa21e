#include "graph/store/value_index.h"

#include <algorithm>
#include <set>
#include <string>

#include "graph/base/status_macros.h"
#include "graph/store/tuple_block.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_key.h"

namespace guanxi::store {
namespace {

// The keys under which an entity is to be found.
std::set<std::string> KeysOf(const OwnerClaims& said, const Catalog& catalog) {
  std::set<std::string> keys;
  const auto add = [&](const FactKey& fact, const Value& value) {
    if (fact.kind != FactKind::kProperty) return;
    if (!IsIndexed(catalog.schema, fact.name)) return;
    // Names are interned with the record, which is written first.
    const std::optional<PropertyId> property =
        catalog.properties.Find(fact.name);
    if (property.has_value()) keys.insert(ValueKey(*property, value));
  };
  for (const StoredClaim& stored : said.claims) {
    if (stored.claim.mode == Mode::kNegated) continue;
    add(stored.fact, stored.claim.value);
  }
  for (const auto& [fact, implicit] : said.implicit) add(fact, implicit.value);
  return keys;
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

absl::Status IndexValues(EntityId id, const OwnerClaims& said,
                         const Catalog& catalog, const Tables& tables,
                         kv::WriteTxn& txn) {
  for (const std::string& key : KeysOf(said, catalog)) {
    RETURN_IF_ERROR(
        InsertTuple(txn, {tables.property, key}, Tuple<1>{id.value}).status());
  }
  return absl::OkStatus();
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
