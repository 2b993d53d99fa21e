#include "graph/store/committer.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

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

size_t Committer::waiting() const {
  MutexLock lock(mutex_);
  return queue_.size();
}

void Committer::WaitForTurn(Waiting& waiting) {
  while (!waiting.begun && IsWanted(*waiting.request)) {
    waiting.answered.WaitUntil(mutex_,
                               std::min(steady_clock::now() + kBetweenLooks,
                                        waiting.request->deadline));
  }
}

void Committer::Work() {
  while (true) {
    std::vector<Waiting*> taken;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !ending_) work_.Wait(mutex_);
      if (queue_.empty()) return;
      taken = TakeBatch();
    }
    Answer(taken, Run(taken));
  }
}

std::vector<Committer::Waiting*> Committer::TakeBatch() {
  std::vector<Waiting*> taken;
  size_t statements = 0;
  while (!queue_.empty() && taken.size() < kMaxBatchCommits) {
    Waiting* next = queue_.front();
    statements += next->request->statements.size();
    if (!taken.empty() && statements > kMaxBatchStatements) break;
    queue_.pop_front();
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
  batch = CommitTogether(requests, catalog_.Get(), env_, clock_);
  if (!batch.status.ok()) batch.status = Settle(batch);
  if (batch.status.ok()) catalog_.Set(batch.catalog);
  return batch;
}

// Finds out what became of a transaction that failed: LMDB cannot tell, if
// what failed was to say in the file that it is there.
absl::Status Committer::Settle(const CommitBatch& batch) {
  const bool disk_failed = absl::IsDataLoss(batch.status);
  if (disk_failed) fault_.Raise(batch.status);
  const absl::Status recovered = env_.Recover();
  if (!recovered.ok()) fault_.Raise(recovered);
  const absl::StatusOr<bool> is_there = IsThere(batch.revision);
  if (is_there.ok() && !*is_there) {
    return AddContext(batch.status, "nothing was applied: ", {});
  }
  // A disk that has failed may say that it keeps what it has lost.
  if (is_there.ok() && !disk_failed && env_.Sync().ok()) {
    return absl::OkStatus();
  }
  return AddContext(batch.status, "it may have been applied: ", {});
}

absl::StatusOr<bool> Committer::IsThere(Revision revision) {
  ASSIGN_OR_RETURN(const kv::ReadTxn txn, env_.BeginRead());
  ASSIGN_OR_RETURN(const Counters counters, LoadCounters(txn, Tables(env_)));
  return revision.number > 0 && counters.revision == revision;
}

void Committer::Answer(const std::vector<Waiting*>& taken, CommitBatch batch) {
  MutexLock lock(mutex_);
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
