#include "graph/store/property_scan.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/claim_table.h"
#include "graph/store/counters.h"
#include "graph/store/key.h"
#include "graph/store/record.h"

namespace guanxi::store {
namespace {

absl::Status TooManyEntities(absl::string_view property) {
  const std::string most = absl::StrCat(kMaxScannedEntities);
  return MakeError(
      absl::StatusCode::kResourceExhausted, "COMMIT_TOO_LARGE",
      absl::StrCat("'", property, "' is used, and to declare it so all ",
                   "entities are looked at: expected a store of at most ",
                   most),
      {{"limit", most}});
}

// All that is said of one property of an entity.
absl::StatusOr<OwnerClaims> ReadSaid(EntityId id, absl::string_view property,
                                     const Catalog& catalog,
                                     const Tables& tables, const kv::Txn& txn) {
  const auto is_asked = [property](const FactKey& key) {
    return key.kind == FactKind::kProperty && key.name == property;
  };
  OwnerClaims said;
  ASSIGN_OR_RETURN(said.claims, ReadClaims(txn, tables, Owner::Of(id)));
  std::erase_if(said.claims, [&](const StoredClaim& stored) {
    return !is_asked(stored.fact);
  });
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn.Get(tables.entity, IdKey(id)));
  if (!bytes.has_value()) return said;
  ASSIGN_OR_RETURN(const RecordView record, RecordView::Parse(*bytes));
  ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                   ReadFacts(record, catalog));
  for (const RecordFact& fact : facts) {
    if (is_asked(fact.key) && fact.implicit.has_value()) {
      said.implicit.emplace(fact.key, *fact.implicit);
    }
  }
  return said;
}

}  // namespace

absl::Status ScanProperty(
    absl::string_view property, const Catalog& catalog, const Tables& tables,
    const kv::Txn& txn,
    absl::FunctionRef<absl::Status(EntityId, const OwnerClaims&)> visit) {
  ASSIGN_OR_RETURN(const Counters counters, LoadCounters(txn, tables));
  if (counters.next_entity > kMaxScannedEntities) {
    return TooManyEntities(property);
  }
  for (uint64_t id = 1; id < counters.next_entity; ++id) {
    ASSIGN_OR_RETURN(const OwnerClaims said,
                     ReadSaid(EntityId{id}, property, catalog, tables, txn));
    if (said.claims.empty() && said.implicit.empty()) continue;
    RETURN_IF_ERROR(visit(EntityId{id}, said));
  }
  return absl::OkStatus();
}

}  // namespace guanxi::store
