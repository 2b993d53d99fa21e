#include "graph/store/store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include <openssl/rand.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/commit.h"
#include "graph/store/counters.h"
#include "graph/store/damage.h"
#include "graph/store/placement.h"
#include "graph/store/request_table.h"
#include "graph/store/standpoint.h"
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

bool Changed(const Catalog& before, const Catalog& after) {
  return before.labels.size() != after.labels.size() ||
         before.types.size() != after.types.size() ||
         before.properties.size() != after.properties.size() ||
         before.schema != after.schema;
}

absl::Status CheckPreconditions(
    const Standpoint& at, const std::vector<Precondition>& preconditions) {
  for (size_t i = 0; i < preconditions.size(); ++i) {
    RETURN_IF_ERROR(CheckPrecondition(at, preconditions[i], i));
  }
  return absl::OkStatus();
}

// Writes the counters, and the catalog if it is another one than `before`.
absl::Status SaveState(const Catalog& before, CommitState& state) {
  if (Changed(before, state.catalog)) {
    state.catalog.generation = ++state.counters.generation;
    RETURN_IF_ERROR(SaveNames(before, state.catalog, state.tables, state.txn));
  }
  return SaveCounters(state.counters, state.tables, state.txn);
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
      RETURN_IF_ERROR(CheckEmpty(txn, tables));
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

absl::StatusOr<VerifyReport> Store::Check(const std::string& path,
                                          const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Env> env,
                   kv::Env::Open(path, kTableNames));
  const Tables tables(*env);
  ASSIGN_OR_RETURN(const kv::ReadTxn txn, env->BeginRead());
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> format,
                   txn.Get(tables.meta, kFormatKey));
  if (format.has_value()) RETURN_IF_ERROR(CheckFormat(*format));
  return Verify(txn, tables, options);
}

absl::StatusOr<Snapshot> Store::BeginSnapshot(const KnownAt& known_at) const {
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
  Snapshot snapshot(std::move(txn), tables, std::move(catalog), counters);
  RETURN_IF_ERROR(snapshot.GoTo(known_at));
  return snapshot;
}

absl::StatusOr<CommitResult> Store::Commit(const CommitRequest& request) {
  MutexLock lock(commit_mutex_);
  const Tables tables(*env_);
  const std::shared_ptr<const Catalog> catalog = catalog_.Get();
  ASSIGN_OR_RETURN(kv::WriteTxn txn, env_->BeginWrite());
  ASSIGN_OR_RETURN(const Counters before, LoadCounters(txn, tables));
  const int64_t now = clock_();
  if (request.name.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<CommitResult> answer,
                     FindAnswer(txn, tables, *request.name, now));
    if (answer.has_value()) return *answer;
  }
  RETURN_IF_ERROR(CheckPreconditions({txn, tables, *catalog, before.revision},
                                     request.preconditions));

  CommitState state{txn, tables, *catalog, before};
  ++state.counters.revision.number;
  // Time goes on between commits, whatever the clock says.
  state.counters.time = std::max(now, before.time + 1);
  CommitResult result{.revision = before.revision};
  RETURN_IF_ERROR(ApplyStatements(request, state, result));
  RETURN_IF_ERROR(CheckNames(state.catalog));
  if (request.validate_only) return result;
  if (result.changed) {
    result.revision = state.counters.revision;
    RETURN_IF_ERROR(SaveState(*catalog, state));
  }
  if (request.name.has_value()) {
    RETURN_IF_ERROR(KeepAnswer(*request.name, now, result, tables, txn));
  } else if (!result.changed) {
    return result;
  }
  RETURN_IF_ERROR(std::move(txn).Commit());
  if (result.changed && state.counters.generation != before.generation) {
    state.catalog.symmetric_types = FindSymmetricTypes(state.catalog);
    catalog_.Set(std::make_shared<const Catalog>(std::move(state.catalog)));
  }
  return result;
}

}  // namespace guanxi::store
