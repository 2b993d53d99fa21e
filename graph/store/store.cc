#include "graph/store/store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include <openssl/rand.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/counters.h"
#include "graph/store/damage.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// Rows of table `meta`.
constexpr absl::string_view kFormatKey = "format";
constexpr absl::string_view kIdentityKey = "identity";

constexpr uint64_t kFormatVersion = 3;

std::string FormatRow() {
  std::string bytes;
  PutString("guanxi", &bytes);
  PutVarint(kFormatVersion, &bytes);
  return bytes;
}

absl::Status CheckFormat(absl::string_view row) {
  ByteReader reader(row);
  const absl::string_view name = reader.String();
  const uint64_t version = reader.Varint();
  if (reader.ok() && name == "guanxi" && version == kFormatVersion) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STORE_VERSION",
      absl::StrCat("the store has format version ", version, "; expected ",
                   kFormatVersion,
                   ": export it with the program that wrote it, and import "
                   "that"),
      {{"version", absl::StrCat(version)}});
}

// A store that lost the row of its format must not be taken for a fresh one.
absl::Status CheckEmpty(const kv::Txn& txn, const Tables& tables) {
  for (const kv::Table table :
       {tables.meta, tables.name, tables.entity, tables.source, tables.log}) {
    kv::Cursor cursor = txn.Walk(table);
    cursor.Seek("");
    if (cursor.Valid()) return Damaged("the row that says its format is lost");
    RETURN_IF_ERROR(cursor.status());
  }
  return absl::OkStatus();
}

// What a fresh store holds, at revision 0.
absl::Status WriteFresh(const StoreOptions& options, const Tables& tables,
                        kv::WriteTxn& txn) {
  RETURN_IF_ERROR(txn.Put(tables.meta, kFormatKey, FormatRow()));
  std::string identity(kStoreIdentityBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(identity.data()),
                 kStoreIdentityBytes) != 1) {
    return absl::UnavailableError("the system gave no random bytes");
  }
  RETURN_IF_ERROR(txn.Put(tables.meta, kIdentityKey, identity));
  Catalog catalog;
  for (const char* judgement : kJudgementTypes) {
    catalog.types.Intern(judgement);
  }
  RETURN_IF_ERROR(SaveNames(Catalog(), catalog, tables, txn));
  for (const Declaration& declaration : options.schema) {
    RETURN_IF_ERROR(catalog.schema.Declare(declaration));
    RETURN_IF_ERROR(SaveDeclaration(declaration, tables, txn));
  }
  return SaveCounters({.time = options.clock()}, tables, txn);
}

}  // namespace

Store::Store(std::unique_ptr<kv::Env> env) : env_(std::move(env)) {}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(
    const std::string& path, const StoreOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<kv::Env> env,
                   kv::Env::Open(path, kTableNames,
                                 {.max_bytes = options.max_bytes,
                                  .create_if_missing = true}));
  const Tables tables(*env);
  {
    ASSIGN_OR_RETURN(kv::WriteTxn txn, env->BeginWrite());
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> format,
                     txn.Get(tables.meta, kFormatKey));
    if (format.has_value()) {
      RETURN_IF_ERROR(CheckFormat(*format));
    } else {
      RETURN_IF_ERROR(CheckEmpty(txn, tables));
      RETURN_IF_ERROR(WriteFresh(options, tables, txn));
      RETURN_IF_ERROR(std::move(txn).Commit());
    }
  }
  std::unique_ptr<Store> store(new Store(std::move(env)));
  ASSIGN_OR_RETURN(const kv::ReadTxn txn, store->env_->BeginRead());
  ASSIGN_OR_RETURN(const Counters counters, LoadCounters(txn, tables));
  ASSIGN_OR_RETURN(Catalog catalog, LoadCatalog(txn, tables));
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> identity,
                   txn.Get(tables.meta, kIdentityKey));
  store->identity_ = std::string(identity.value_or(""));
  catalog.generation = counters.generation;
  store->catalog_.Set(std::make_shared<const Catalog>(std::move(catalog)));
  ASSIGN_OR_RETURN(store->committer_,
                   Committer::Start(*store->env_, store->catalog_,
                                    store->fault_, options.clock));
  return store;
}

absl::StatusOr<VerifyReport> Store::Check(const std::string& path,
                                          const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Env> env,
                   kv::Env::Open(path, kTableNames));
  const Tables tables(*env);
  ASSIGN_OR_RETURN(const kv::ReadTxn txn, env->BeginRead());
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> format,
                   txn.Get(tables.meta, kFormatKey));
  if (format.has_value()) RETURN_IF_ERROR(CheckFormat(*format));
  return store::Verify(txn, tables, options);
}

absl::StatusOr<VerifyReport> Store::Verify(const VerifyOptions& options) {
  const int64_t faults = fault_.count();
  const bool failed = !fault_.status().ok();
  if (failed || absl::IsUnavailable(env_->BeginRead().status())) {
    RETURN_IF_ERROR(env_->Recover().status());
  }
  // What was written before the disk failed is to be there, whatever follows.
  if (failed) RETURN_IF_ERROR(env_->Sync());
  ASSIGN_OR_RETURN(const kv::ReadTxn txn, env_->BeginRead());
  ASSIGN_OR_RETURN(VerifyReport report,
                   store::Verify(txn, Tables(*env_), options));
  if (report.clean()) fault_.Clear(faults);
  return report;
}

absl::StatusOr<Snapshot> Store::BeginSnapshot(const KnownAt& known_at) const {
  // Before the transaction: a catalog that is too new would lie, one that is
  // too old is seen by its generation.
  std::shared_ptr<const Catalog> catalog = catalog_.Get();
  const Tables tables(*env_);
  ASSIGN_OR_RETURN(kv::ReadTxn txn, env_->BeginRead());
  ASSIGN_OR_RETURN(const Counters counters, counters_.Load(*env_, txn, tables));
  // Another one, if a commit is about to publish it.
  ASSIGN_OR_RETURN(
      catalog, CatalogOf(counters.generation, std::move(catalog), txn, tables));
  Snapshot snapshot(std::move(txn), tables, std::move(catalog), counters);
  RETURN_IF_ERROR(snapshot.GoTo(known_at));
  return snapshot;
}

absl::StatusOr<CommitResult> Store::Commit(const CommitRequest& request) {
  return committer_->Commit(request);
}

}  // namespace guanxi::store
