#include "graph/store/catalog.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/key.h"
#include "graph/store/limits.h"
#include "graph/store/schema_codec.h"

namespace guanxi::store {
namespace {

// The first byte of a key of table `name`.
constexpr char kLabelName = 'L';
constexpr char kTypeName = 'T';
constexpr char kPropertyName = 'P';
constexpr char kFirstKey = '\0';  // no key sorts before it

template <typename IdType>
absl::Status LoadNames(const kv::Txn& txn, const Tables& tables, char kind,
                       Names<IdType>& names) {
  const std::string prefix(1, kind);
  kv::Cursor cursor = txn.Walk(tables.name);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    const uint64_t id = ReadBigEndian(cursor.key().substr(1));
    if (names.Intern(cursor.value()).value != id) {
      return Damaged(absl::StrCat("the names of kind ", prefix,
                                  " are not numbered without gaps from 0, "
                                  "each once, at ",
                                  id));
    }
  }
  return cursor.status();
}

template <typename IdType>
absl::Status SaveNewNames(const Names<IdType>& before,
                          const Names<IdType>& after, char kind,
                          const Tables& tables, kv::WriteTxn& txn) {
  for (uint64_t id = before.size(); id < after.size(); ++id) {
    const std::string key = std::string(1, kind) + BigEndian(id, kNameIdBytes);
    RETURN_IF_ERROR(txn.Put(tables.name, key, *after.Get(IdType{id})));
  }
  return absl::OkStatus();
}

absl::Status LoadSchema(const kv::Txn& txn, const Tables& tables,
                        Schema& schema) {
  kv::Cursor cursor = txn.Walk(tables.schema);
  for (cursor.Seek(std::string(1, kFirstKey)); cursor.Valid(); cursor.Next()) {
    ASSIGN_OR_RETURN(const Declaration declaration,
                     DecodeDeclaration(cursor.value()));
    const absl::Status declared = schema.Declare(declaration);
    if (!declared.ok()) {
      return Damaged(absl::StrCat("a stored declaration contradicts itself: ",
                                  absl::Utf8SafeCEscape(declared.message())));
    }
  }
  return cursor.status();
}

}  // namespace

absl::StatusOr<Catalog> LoadCatalog(const kv::Txn& txn, const Tables& tables) {
  Catalog catalog;
  RETURN_IF_ERROR(LoadNames(txn, tables, kLabelName, catalog.labels));
  RETURN_IF_ERROR(LoadNames(txn, tables, kTypeName, catalog.types));
  RETURN_IF_ERROR(LoadNames(txn, tables, kPropertyName, catalog.properties));
  RETURN_IF_ERROR(LoadSchema(txn, tables, catalog.schema));
  catalog.symmetric_types = FindSymmetricTypes(catalog);
  return catalog;
}

absl::Status SaveNames(const Catalog& before, const Catalog& after,
                       const Tables& tables, kv::WriteTxn& txn) {
  RETURN_IF_ERROR(
      SaveNewNames(before.labels, after.labels, kLabelName, tables, txn));
  RETURN_IF_ERROR(
      SaveNewNames(before.types, after.types, kTypeName, tables, txn));
  return SaveNewNames(before.properties, after.properties, kPropertyName,
                      tables, txn);
}

absl::Status CheckNames(const Catalog& catalog) {
  const size_t most = std::max(
      {catalog.labels.size(), catalog.types.size(), catalog.properties.size()});
  if (most <= kMaxNames) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kResourceExhausted, "TOO_MANY_NAMES",
      absl::StrCat("found ", most,
                   " names of labels, relationship types or properties; "
                   "expected at most ",
                   kMaxNames, " of each"),
      {{"limit", absl::StrCat(kMaxNames)}});
}

absl::StatusOr<std::shared_ptr<const Catalog>> CatalogOf(
    uint64_t generation, std::shared_ptr<const Catalog> held,
    const kv::Txn& txn, const Tables& tables) {
  if (held->generation == generation) return held;
  ASSIGN_OR_RETURN(Catalog loaded, LoadCatalog(txn, tables));
  loaded.generation = generation;
  return std::make_shared<const Catalog>(std::move(loaded));
}

bool IsSymmetric(const Catalog& catalog, TypeId type) {
  const RelationshipDeclaration* declared =
      catalog.schema.FindRelationship(*catalog.types.Get(type));
  return declared != nullptr && declared->symmetric;
}

std::vector<TypeId> FindSymmetricTypes(const Catalog& catalog) {
  std::vector<TypeId> symmetric;
  for (TypeId type{0}; type.value < catalog.types.size(); ++type.value) {
    if (IsSymmetric(catalog, type)) symmetric.push_back(type);
  }
  return symmetric;
}

absl::StatusOr<const std::string*> TypeName(const Catalog& catalog,
                                            TypeId type) {
  const std::string* name = catalog.types.Get(type);
  if (name != nullptr) return name;
  return Damaged(
      absl::StrCat("relationship type ", type.value, " has no name"));
}

absl::Status SaveDeclaration(const Declaration& declaration,
                             const Tables& tables, kv::WriteTxn& txn) {
  return txn.Put(tables.schema, DeclarationKey(declaration),
                 EncodeDeclaration(declaration));
}

std::shared_ptr<const Catalog> CatalogHolder::Get() const {
  MutexLock lock(mutex_);
  return catalog_;
}

void CatalogHolder::Set(std::shared_ptr<const Catalog> catalog) {
  MutexLock lock(mutex_);
  catalog_ = std::move(catalog);
}

}  // namespace guanxi::store
