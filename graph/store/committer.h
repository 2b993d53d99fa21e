#ifndef GUANXI_GRAPH_STORE_COMMITTER_H_
#define GUANXI_GRAPH_STORE_COMMITTER_H_

#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/clock.h"
#include "graph/base/mutex.h"
#include "graph/kv/env.h"
#include "graph/store/catalog.h"
#include "graph/store/commit_batch.h"
#include "graph/store/commit_request.h"
#include "graph/store/fault.h"

namespace guanxi::store {

// What has been committed since the store was opened.
struct CommitStatistics {
  int64_t waiting = 0;  // now, for their turn
  int64_t commits = 0;  // carried out, those that failed included
  int64_t batches = 0;  // of one transaction each
  double seconds = 0;   // that they took, the disk included
};

// The one thread that writes to a store. While it makes one batch durable, the
// next commits gather, and share the next transaction and its fsync: many
// clients cost little more than one. docs/decisions/0021 has the rules.
//
// Thread-safe. Nobody may be waiting in Commit() when it goes.
class Committer {
 public:
  // All of a batch together state at most so much; a larger commit is one by
  // itself.
  static constexpr size_t kMaxBatchCommits = 256;
  static constexpr size_t kMaxBatchStatements = 1000;

  // All must outlive it. RESOURCE_EXHAUSTED [OUT_OF_MEMORY]: the system has no
  // thread left.
  static absl::StatusOr<std::unique_ptr<Committer>> Start(
      kv::Env& env, CatalogHolder& catalog, Fault& fault, Clock clock);

  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // As Store::Commit().
  absl::StatusOr<CommitResult> Commit(const CommitRequest& request);

  CommitStatistics statistics() const;

 private:
  // A commit whose client waits here.
  struct Waiting {
    const CommitRequest* request;
    bool begun = false;
    std::optional<absl::StatusOr<CommitResult>> answer;
    CondVar answered;
  };

  Committer(kv::Env& env, CatalogHolder& catalog, Fault& fault, Clock clock);

  void Work();
  void WaitForWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<Waiting*> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  CommitBatch Run(const std::vector<Waiting*>& taken);
  absl::Status Settle(const CommitBatch& batch);
  bool IsThere(uint64_t txn_id);
  void Answer(const std::vector<Waiting*>& taken, double seconds,
              CommitBatch batch);
  void WaitForTurn(Waiting& waiting) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  kv::Env& env_;
  CatalogHolder& catalog_;
  Fault& fault_;
  const Clock clock_;

  // Of the thread alone.
  bool to_be_reopened_ = false;
  // Whether the disk holds what the file shows. A process before this one, or a
  // commit that failed, may have left it another state, which the next commit
  // would damage: it uses the same pages.
  bool certain_ = false;

  mutable Mutex mutex_;
  CondVar work_;  // there is some, or the end has come
  std::deque<Waiting*> queue_ ABSL_GUARDED_BY(mutex_);
  CommitStatistics done_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COMMITTER_H_
