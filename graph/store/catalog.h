#ifndef GUANXI_GRAPH_STORE_CATALOG_H_
#define GUANXI_GRAPH_STORE_CATALOG_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/base/mutex.h"
#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/model/schema.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// Interned names of one kind, numbered from 0 in the order of first use. Names
// are never removed.
template <typename IdType>
class Names {
 public:
  std::optional<IdType> Find(absl::string_view name) const {
    const auto found = ids_.find(name);
    if (found == ids_.end()) return std::nullopt;
    return IdType{found->second};
  }

  // nullptr if there is no such id.
  const std::string* Get(IdType id) const {
    return id.value < names_.size() ? &names_[id.value] : nullptr;
  }

  IdType Intern(absl::string_view name) {
    const auto [at, added] = ids_.try_emplace(name, names_.size());
    if (added) names_.emplace_back(name);
    return IdType{at->second};
  }

  size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
  absl::flat_hash_map<std::string, uint64_t> ids_;
};

// What every read of one state needs in memory: the interned names and the
// schema. Immutable once published.
struct Catalog {
  // Counts the commits that changed the catalog.
  uint64_t generation = 0;

  Names<LabelId> labels;
  Names<TypeId> types;
  Names<PropertyId> properties;
  Schema schema;

  // The types that are declared to be so, ascending, for those who ask often:
  // as they were when the catalog was published.
  std::vector<TypeId> symmetric_types;
};

// Reads the catalog of a state. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<Catalog> LoadCatalog(const kv::Txn& txn, const Tables& tables);

// The catalog of a state whose counters name this generation: `held`, unless
// that is of another one. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<std::shared_ptr<const Catalog>> CatalogOf(
    uint64_t generation, std::shared_ptr<const Catalog> held,
    const kv::Txn& txn, const Tables& tables);

// Whether a type is declared to be so. Requires a type of the catalog.
bool IsSymmetric(const Catalog& catalog, TypeId type);
std::vector<TypeId> FindSymmetricTypes(const Catalog& catalog);

// The name of a type that a row of this state names. DATA_LOSS
// [STORE_DAMAGED] if it has none. Valid as long as the catalog.
absl::StatusOr<const std::string*> TypeName(const Catalog& catalog,
                                            TypeId type);

// RESOURCE_EXHAUSTED [TOO_MANY_NAMES]: more than kMaxNames of one kind.
absl::Status CheckNames(const Catalog& catalog);

// Writes the names that `after` has beyond `before`.
absl::Status SaveNames(const Catalog& before, const Catalog& after,
                       const Tables& tables, kv::WriteTxn& txn);

absl::Status SaveDeclaration(const Declaration& declaration,
                             const Tables& tables, kv::WriteTxn& txn);

// The catalog of the latest commit. Thread-safe.
class CatalogHolder {
 public:
  std::shared_ptr<const Catalog> Get() const;
  void Set(std::shared_ptr<const Catalog> catalog);

 private:
  mutable Mutex mutex_;
  // Owned with every snapshot that reads by it.
  std::shared_ptr<const Catalog> catalog_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_CATALOG_H_
