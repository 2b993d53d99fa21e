#include "graph/store/commit_batch.h"

#include <algorithm>
#include <utility>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/commit.h"
#include "graph/store/counters.h"
#include "graph/store/request_table.h"
#include "graph/store/standpoint.h"
#include "graph/store/tables.h"

namespace guanxi::store {
namespace {

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

// What one commit leaves behind.
struct Applied {
  CommitResult result;
  bool to_keep = false;  // what it has written; else that is to be dropped
  std::shared_ptr<const Catalog> catalog;
};

// Gives a commit the catalog that it leaves behind.
std::shared_ptr<const Catalog> Finish(Catalog catalog) {
  catalog.symmetric_types = FindSymmetricTypes(catalog);
  return std::make_shared<const Catalog>(std::move(catalog));
}

// Applies a commit to what a transaction sees.
absl::StatusOr<Applied> Apply(const CommitRequest& request,
                              std::shared_ptr<const Catalog> catalog,
                              const Tables& tables, const Clock& clock,
                              kv::WriteTxn& txn) {
  ASSIGN_OR_RETURN(const Counters before, LoadCounters(txn, tables));
  ASSIGN_OR_RETURN(
      catalog, CatalogOf(before.generation, std::move(catalog), txn, tables));
  const int64_t now = clock();
  if (request.name.has_value()) {
    ASSIGN_OR_RETURN(std::optional<CommitResult> answer,
                     FindAnswer(txn, tables, *request.name, now));
    if (answer.has_value()) return Applied{*std::move(answer), false, catalog};
  }
  RETURN_IF_ERROR(CheckPreconditions({txn, tables, *catalog, before.revision},
                                     request.preconditions));

  CommitState state{txn, tables, *catalog, before};
  ++state.counters.revision.number;
  // Time goes on between commits, whatever the clock says.
  state.counters.time = std::max(now, before.time + 1);
  Applied applied{{.revision = before.revision}, false, catalog};
  CommitResult& result = applied.result;
  RETURN_IF_ERROR(ApplyStatements(request, state, result));
  RETURN_IF_ERROR(CheckNames(state.catalog));
  if (request.validate_only) return applied;
  if (result.changed) {
    result.revision = state.counters.revision;
    RETURN_IF_ERROR(SaveState(*catalog, state));
  }
  if (request.name.has_value()) {
    RETURN_IF_ERROR(KeepAnswer(*request.name, now, result, tables, txn));
  }
  applied.to_keep = result.changed || request.name.has_value();
  if (state.counters.generation != before.generation) {
    applied.catalog = Finish(std::move(state.catalog));
  }
  return applied;
}

// The transaction of a batch.
class Transaction {
 public:
  Transaction(kv::WriteTxn txn, const Tables& tables, const Clock& clock,
              CommitBatch& batch)
      : txn_(std::move(txn)), tables_(tables), clock_(clock), batch_(batch) {}

  // Carries out the one commit that there is.
  void RunAlone(const CommitRequest& request) { Take(ApplyTo(txn_, request)); }

  // Carries out one of several; if it fails, it leaves no trace.
  void Run(const CommitRequest& request) { Take(ApplyWithin(request)); }

  absl::Status Commit() && {
    if (!to_keep_) return absl::OkStatus();
    batch_.tried = true;
    batch_.txn_id = txn_.id();
    return std::move(txn_).Commit();
  }

 private:
  absl::StatusOr<Applied> ApplyTo(kv::WriteTxn& txn,
                                  const CommitRequest& request) {
    return Apply(request, batch_.catalog, tables_, clock_, txn);
  }

  absl::StatusOr<Applied> ApplyWithin(const CommitRequest& request) {
    ASSIGN_OR_RETURN(kv::WriteTxn within, txn_.BeginWithin());
    ASSIGN_OR_RETURN(Applied applied, ApplyTo(within, request));
    if (applied.to_keep) RETURN_IF_ERROR(std::move(within).Commit());
    return applied;
  }

  void Take(absl::StatusOr<Applied> applied) {
    if (!applied.ok()) {
      batch_.results.emplace_back(applied.status());
      return;
    }
    to_keep_ = to_keep_ || applied->to_keep;
    batch_.catalog = std::move(applied->catalog);
    batch_.results.emplace_back(std::move(applied->result));
  }

  kv::WriteTxn txn_;
  const Tables& tables_;
  const Clock& clock_;
  CommitBatch& batch_;
  bool to_keep_ = false;  // what any of them has written
};

}  // namespace

CommitBatch CommitTogether(absl::Span<const CommitRequest* const> requests,
                           std::shared_ptr<const Catalog> catalog, kv::Env& env,
                           const Clock& clock) {
  GUANXI_CHECK(!requests.empty());
  CommitBatch batch{.catalog = std::move(catalog)};
  absl::StatusOr<kv::WriteTxn> txn = env.BeginWrite();
  if (!txn.ok()) {
    batch.status = txn.status();
    return batch;
  }
  const Tables tables(env);
  Transaction transaction(*std::move(txn), tables, clock, batch);
  if (requests.size() == 1) {
    transaction.RunAlone(*requests.front());
  } else {
    for (const CommitRequest* request : requests) transaction.Run(*request);
  }
  batch.status = std::move(transaction).Commit();
  return batch;
}

}  // namespace guanxi::store
