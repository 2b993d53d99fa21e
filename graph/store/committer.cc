#include "graph/store/committer.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/counters.h"
#include "graph/store/tables.h"

namespace guanxi::store {
namespace {

using std::chrono::steady_clock;

// How often who waits for its turn looks whether it is still wanted.
constexpr std::chrono::milliseconds kBetweenLooks(50);

// How often a file that cannot be opened anew is tried again.
constexpr std::chrono::milliseconds kBetweenTries(500);

absl::Status TurnDidNotCome(const CommitRequest& request) {
  if (steady_clock::now() >= request.deadline) {
    return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                     "the turn of the commit did not come in its time, and "
                     "nothing was applied; give it a later deadline");
  }
  return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                   "the call was cancelled before the turn of the commit came; "
                   "nothing was applied");
}

// What a commit counts for in a batch: what may end very many claims at once
// fills one.
size_t Weight(const CommitRequest& request) {
  const auto is_wide = [](const Statement& statement) {
    return std::holds_alternative<DeleteEntityStatement>(statement.body) ||
           std::holds_alternative<DeleteRelationshipStatement>(
               statement.body) ||
           std::holds_alternative<PurgeEntityStatement>(statement.body) ||
           std::holds_alternative<PurgeClaimStatement>(statement.body);
  };
  if (std::ranges::any_of(request.statements, is_wide)) {
    return Committer::kMaxBatchStatements + 1;
  }
  return request.statements.size();
}

bool IsWanted(const CommitRequest& request) {
  return steady_clock::now() < request.deadline &&
         (request.cancelled == nullptr || !request.cancelled());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Committer>> Committer::Start(
    kv::Env& env, CatalogHolder& catalog, Fault& fault, Clock clock) {
  std::unique_ptr<Committer> committer(
      new Committer(env, catalog, fault, std::move(clock)));
  try {
    committer->thread_ =
        std::thread([committer = committer.get()] { committer->Work(); });
  } catch (const std::system_error& error) {
    return MakeError(
        absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY",
        absl::StrCat("no thread to write the store with: ", error.what()),
        {{"cause", error.what()}});
  }
  return committer;
}

Committer::Committer(kv::Env& env, CatalogHolder& catalog, Fault& fault,
                     Clock clock)
    : env_(env), catalog_(catalog), fault_(fault), clock_(std::move(clock)) {}

Committer::~Committer() {
  {
    MutexLock lock(mutex_);
    GUANXI_CHECK(queue_.empty());
    ending_ = true;
    work_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<CommitResult> Committer::Commit(const CommitRequest& request) {
  RETURN_IF_ERROR(fault_.status());
  Waiting waiting{.request = &request};
  MutexLock lock(mutex_);
  queue_.push_back(&waiting);
  work_.Signal();
  WaitForTurn(waiting);
  if (!waiting.begun) {
    std::erase(queue_, &waiting);
    return TurnDidNotCome(request);
  }
  while (!waiting.answer.has_value()) waiting.answered.Wait(mutex_);
  return *std::move(waiting.answer);
}

CommitStatistics Committer::statistics() const {
  MutexLock lock(mutex_);
  CommitStatistics statistics = done_;
  statistics.waiting = static_cast<int64_t>(queue_.size());
  return statistics;
}

void Committer::WaitForTurn(Waiting& waiting) {
  bool wanted = true;
  while (!waiting.begun && wanted) {
    waiting.answered.WaitUntil(mutex_,
                               std::min(steady_clock::now() + kBetweenLooks,
                                        waiting.request->deadline));
    if (waiting.begun) return;
    // To ask takes a while: not while others wait.
    mutex_.Unlock();
    wanted = IsWanted(*waiting.request);
    mutex_.Lock();
  }
}

void Committer::Work() {
  while (true) {
    // What could not be opened anew is tried again, for the sake of readers.
    if (to_be_reopened_) to_be_reopened_ = !env_.Recover().ok();
    std::vector<Waiting*> taken;
    {
      MutexLock lock(mutex_);
      WaitForWork();
      if (queue_.empty() && ending_) return;
      taken = TakeBatch();
    }
    if (taken.empty()) continue;
    const auto begin = steady_clock::now();
    CommitBatch batch = Run(taken);
    const std::chrono::duration<double> took = steady_clock::now() - begin;
    Answer(taken, took.count(), std::move(batch));
  }
}

void Committer::WaitForWork() {
  while (queue_.empty() && !ending_) {
    if (to_be_reopened_) {
      work_.WaitUntil(mutex_, steady_clock::now() + kBetweenTries);
      return;
    }
    work_.Wait(mutex_);
  }
}

std::vector<Committer::Waiting*> Committer::TakeBatch() {
  std::vector<Waiting*> taken;
  size_t weight = 0;
  while (!queue_.empty() && taken.size() < kMaxBatchCommits) {
    Waiting* next = queue_.front();
    weight += Weight(*next->request);
    if (!taken.empty() && weight > kMaxBatchStatements) break;
    queue_.pop_front();
    if (steady_clock::now() >= next->request->deadline) {
      next->answered.Signal();  // it goes by itself
      continue;
    }
    next->begun = true;
    taken.push_back(next);
  }
  return taken;
}

CommitBatch Committer::Run(const std::vector<Waiting*>& taken) {
  CommitBatch batch{.status = fault_.status()};
  if (!batch.status.ok()) return batch;
  std::vector<const CommitRequest*> requests;
  for (const Waiting* waiting : taken) requests.push_back(waiting->request);
  if (!certain_) batch.status = env_.Sync();
  if (batch.status.ok()) {
    batch = CommitTogether(requests, catalog_.Get(), env_, clock_);
  }
  certain_ = batch.status.ok();
  if (!certain_) batch.status = Settle(batch);
  if (certain_) catalog_.Set(batch.catalog);
  return batch;
}

// Says what became of a transaction that failed. Where it was the last write
// that did, LMDB does not know, and what stands in the file need not be what
// stands on the disk.
absl::Status Committer::Settle(const CommitBatch& batch) {
  const bool disk_failed = !absl::IsResourceExhausted(batch.status) &&
                           !absl::IsUnavailable(batch.status);
  if (disk_failed) fault_.Raise(batch.status);
  const absl::StatusOr<bool> reopened = env_.Recover();
  to_be_reopened_ = !reopened.ok();
  const bool left_no_trace = !batch.tried || (reopened.ok() && !*reopened) ||
                             (reopened.ok() && !disk_failed &&
                              !IsThere(batch.txn_id) && env_.Sync().ok());
  return AddContext(
      batch.status,
      left_no_trace ? "nothing was applied: " : "it may have been applied: ",
      {});
}

bool Committer::IsThere(uint64_t txn_id) {
  const absl::StatusOr<kv::ReadTxn> txn = env_.BeginRead();
  return !txn.ok() || txn->id() >= txn_id;
}

void Committer::Answer(const std::vector<Waiting*>& taken, double seconds,
                       CommitBatch batch) {
  MutexLock lock(mutex_);
  ++done_.batches;
  done_.commits += static_cast<int64_t>(taken.size());
  done_.seconds += seconds;
  for (size_t i = 0; i < taken.size(); ++i) {
    if (batch.status.ok()) {
      taken[i]->answer = std::move(batch.results[i]);
    } else {
      taken[i]->answer = batch.status;
    }
    taken[i]->answered.Signal();
  }
}

}  // namespace guanxi::store
