#include "graph/store/store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include <openssl/rand.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/commit.h"
#include "graph/store/counters.h"
#include "graph/store/placement.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// Rows of table `meta`.
constexpr absl::string_view kFormatKey = "format";
constexpr absl::string_view kIdentityKey = "identity";

constexpr uint64_t kFormatVersion = 2;
constexpr size_t kIdentityBytes = 16;

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

// What a fresh store holds, at revision 0.
absl::Status WriteFresh(const StoreOptions& options, const Tables& tables,
                        kv::WriteTxn& txn) {
  RETURN_IF_ERROR(txn.Put(tables.meta, kFormatKey, FormatRow()));
  std::string identity(kIdentityBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(identity.data()),
                 kIdentityBytes) != 1) {
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

bool Changed(const Catalog& before, const Catalog& after) {
  return before.labels.size() != after.labels.size() ||
         before.types.size() != after.types.size() ||
         before.properties.size() != after.properties.size() ||
         before.schema != after.schema;
}

}  // namespace

Store::Store(std::unique_ptr<kv::Env> env, const StoreOptions& options)
    : env_(std::move(env)), clock_(options.clock) {}

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
      RETURN_IF_ERROR(WriteFresh(options, tables, txn));
      RETURN_IF_ERROR(std::move(txn).Commit());
    }
  }
  std::unique_ptr<Store> store(new Store(std::move(env), options));
  ASSIGN_OR_RETURN(const kv::ReadTxn txn, store->env_->BeginRead());
  ASSIGN_OR_RETURN(const Counters counters, LoadCounters(txn, tables));
  ASSIGN_OR_RETURN(Catalog catalog, LoadCatalog(txn, tables));
  catalog.generation = counters.generation;
  store->catalog_.Set(std::make_shared<const Catalog>(std::move(catalog)));
  return store;
}

absl::StatusOr<Snapshot> Store::BeginSnapshot() const {
  // Before the transaction: a catalog that is too new would lie, one that is
  // too old is seen by its generation.
  std::shared_ptr<const Catalog> catalog = catalog_.Get();
  const Tables tables(*env_);
  ASSIGN_OR_RETURN(kv::ReadTxn txn, env_->BeginRead());
  ASSIGN_OR_RETURN(const Counters counters, LoadCounters(txn, tables));
  if (catalog->generation != counters.generation) {
    // A commit is about to publish its catalog.
    ASSIGN_OR_RETURN(Catalog loaded, LoadCatalog(txn, tables));
    loaded.generation = counters.generation;
    catalog = std::make_shared<const Catalog>(std::move(loaded));
  }
  return Snapshot(std::move(txn), tables, std::move(catalog),
                  counters.revision);
}

absl::StatusOr<CommitResult> Store::Commit(const CommitRequest& request) {
  MutexLock lock(commit_mutex_);
  const Tables tables(*env_);
  const std::shared_ptr<const Catalog> catalog = catalog_.Get();
  ASSIGN_OR_RETURN(kv::WriteTxn txn, env_->BeginWrite());
  ASSIGN_OR_RETURN(const Counters before, LoadCounters(txn, tables));

  CommitState state{txn, tables, *catalog, before};
  ++state.counters.revision.number;
  // Time goes on between commits, whatever the clock says.
  state.counters.time = std::max(clock_(), before.time + 1);
  CommitResult result;
  RETURN_IF_ERROR(ApplyStatements(request, state, result));
  if (!result.changed) {
    result.revision = before.revision;
    return result;
  }
  if (Changed(*catalog, state.catalog)) {
    state.catalog.generation = ++state.counters.generation;
    RETURN_IF_ERROR(SaveNames(*catalog, state.catalog, tables, txn));
  }
  RETURN_IF_ERROR(SaveCounters(state.counters, tables, txn));
  RETURN_IF_ERROR(std::move(txn).Commit());
  if (state.counters.generation != before.generation) {
    catalog_.Set(std::make_shared<const Catalog>(std::move(state.catalog)));
  }
  result.revision = state.counters.revision;
  return result;
}

}  // namespace guanxi::store
