#ifndef GUANXI_GRAPH_STORE_STORE_H_
#define GUANXI_GRAPH_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/base/clock.h"
#include "graph/kv/env.h"
#include "graph/model/schema.h"
#include "graph/store/catalog.h"
#include "graph/store/commit_request.h"
#include "graph/store/committer.h"
#include "graph/store/counters.h"
#include "graph/store/fault.h"
#include "graph/store/snapshot.h"
#include "graph/store/verify.h"

namespace guanxi::store {

struct StoreOptions {
  // Declared in a store that this call creates; an existing one has its own.
  std::vector<Declaration> schema;

  // Largest size of the file: address space, not disk.
  int64_t max_bytes = int64_t{1} << 40;

  Clock clock = SystemClock();
};

// One graph in one file: the place of all reads and writes.
//
// Thread-safe. Any number of snapshots beside commits; snapshots never
// wait. Outlives every Snapshot it began.
class Store {
 public:
  // Opens the store in the file `path`, or creates it where there is none.
  // Errors as kv::Env::Open; FAILED_PRECONDITION [STORE_VERSION]: written by
  // another version of the format.
  static absl::StatusOr<std::unique_ptr<Store>> Open(
      const std::string& path, const StoreOptions& options = {});

  // Verifies the store in the file `path`, which need not open, and changes
  // nothing in it. Errors as kv::Env::Open and Verify();
  // FAILED_PRECONDITION [STORE_VERSION].
  static absl::StatusOr<VerifyReport> Check(const std::string& path,
                                            const VerifyOptions& options);

  // Likewise of this store, while it is read and written. If it is found sound,
  // the store takes commits again after STORE_READ_ONLY.
  absl::StatusOr<VerifyReport> Verify(const VerifyOptions& options);

  // Makes a copy of the latest commit beside the store, while others read and
  // write, without what was erased; one at a time. RestoreStore() makes a store
  // of it. Errors as kv::Env::Copy().
  absl::StatusOr<kv::DraftFile> Copy(
      const std::function<bool()>& cancelled = nullptr) const {
    return env_->Copy(cancelled);
  }

  // Random bytes that name this store: no other has them but copies of it.
  // Empty if they are damaged.
  const std::string& identity() const { return identity_; }

  CommitStatistics commit_statistics() const {
    return committer_->statistics();
  }

  // As kv::Env::Stat().
  absl::StatusOr<kv::EnvStat> Stat() const { return env_->Stat(); }

  // OK, or FAILED_PRECONDITION [STORE_READ_ONLY].
  absl::Status fault() const { return fault_.status(); }

  // `listener` is told when the disk has failed, with FAILED_PRECONDITION
  // [STORE_READ_ONLY], and when the store takes commits again, with OK; by any
  // thread, which it is not to keep. Empty: nobody is.
  void ListenToFault(Fault::Listener listener) {
    fault_.SetListener(std::move(listener));
  }

  // Sees the latest commit, and of it what was known at a past moment.
  // RESOURCE_EXHAUSTED [READERS_FULL]. UNAVAILABLE [STORE_REOPENING].
  // FAILED_PRECONDITION [REVISION_NOT_YET]: a revision that has not been
  // committed.
  absl::StatusOr<Snapshot> BeginSnapshot(const KnownAt& known_at = {}) const;

  // Applies all statements as one commit, durable when it returns, or none.
  // Commits that wait at the same time are made durable together.
  //
  // Errors of a statement name it: metadata `file`, `line`, `column` or
  // `index`. INVALID_ARGUMENT: a value or a time that does not fit the schema;
  // NOT_FOUND: an entity, source or claim that is not declared;
  // FAILED_PRECONDITION: the claim to correct, end or retract is not believed,
  // a purged one is stated, a schema change that facts forbid, or a
  // precondition; ABORTED: a precondition that something is unchanged;
  // ALREADY_EXISTS: a claim id that stands for another claim, or a request id
  // for another request; DEADLINE_EXCEEDED, CANCELLED: its turn did not come,
  // and nothing was applied.
  //
  // RESOURCE_EXHAUSTED [STORE_FULL]: no room on the disk; again as soon as
  // there is some. DATA_LOSS [STORE_DAMAGED]: the disk failed; the message says
  // whether nothing was applied. From then on FAILED_PRECONDITION
  // [STORE_READ_ONLY], until Verify() finds the store sound; reads go on.
  absl::StatusOr<CommitResult> Commit(const CommitRequest& request);

 private:
  explicit Store(std::unique_ptr<kv::Env> env);

  std::unique_ptr<kv::Env> env_;
  std::string identity_;
  CatalogHolder catalog_;
  mutable CountersHolder counters_;
  Fault fault_;
  std::unique_ptr<Committer> committer_;  // ends first
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_STORE_H_
