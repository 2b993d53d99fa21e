#ifndef GUANXI_GRAPH_STORE_STORE_H_
#define GUANXI_GRAPH_STORE_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/base/clock.h"
#include "graph/base/mutex.h"
#include "graph/kv/env.h"
#include "graph/model/ids.h"
#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/catalog.h"
#include "graph/store/precondition.h"
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

// Where statements come from. An import never revives what was retracted or
// superseded; a commit that asserts it again does.
enum class Origin : uint8_t { kCommit, kImport };

// What makes a request one that may be sent again: its id, and a digest of the
// rest, so that an id is not used for two.
struct RequestName {
  std::string id;
  std::string digest;
};

struct CommitRequest {
  std::vector<Statement> statements;
  Origin origin = Origin::kCommit;
  std::string author;  // who writes, for the log; may be empty
  std::string note;    // why, for the log; may be empty

  // All of them must be met by what was there before, or nothing is applied.
  std::vector<Precondition> preconditions;

  // If set: sent again within 24 hours, the request is not applied again, and
  // is answered as before.
  std::optional<RequestName> name;

  // Answers as if the commit were applied, and applies nothing.
  bool validate_only = false;
};

// The numbers stand in the file, with the answers that are kept for requests.
enum class NoticeKind : uint8_t {
  kSkipped = 0,            // the statement was not stored; the message says why
  kUnknownName = 1,        // a label, property or type that is not declared
  kImplicitNotShown = 2,   // a sourced claim stands above what was written
  kNothingToEnd = 3,       // imported, but what it supersedes is not known here
  kIdentifierInvalid = 4,  // stored, though its check digits do not fit
  kKeepsId = 5,            // believed again, under the id that it had
};
inline constexpr NoticeKind kLastNoticeKind = NoticeKind::kKeepsId;

// Something that the writer should know about one statement.
struct Notice {
  NoticeKind kind = NoticeKind::kSkipped;
  Position position;
  std::string message;
};

struct CommitResult {
  // At most this many notices are kept; notice_count counts all.
  static constexpr size_t kMaxNotices = 1000;

  Revision revision;     // the new one; the latest one if nothing changed
  bool changed = false;  // false: everything was there already
  int64_t claims_added = 0;
  int64_t claims_unchanged = 0;  // stated again, with the same identity
  int64_t claims_skipped = 0;    // each with a notice
  int64_t claims_retracted = 0;  // superseded, retracted or deleted
  int64_t claims_ended = 0;      // stopped being true
  int64_t claims_purged = 0;

  // For each statement, in order: the ids of the claims that it states (new or
  // known; none for an implicit claim).
  std::vector<std::vector<std::string>> claim_ids;
  std::vector<Notice> notices;
  int64_t notice_count = 0;
};

// One graph in one file: the place of all reads and writes.
//
// Thread-safe. Any number of snapshots beside one commit at a time; snapshots
// never wait. Outlives every Snapshot it began.
class Store {
 public:
  // One commit holds at most this many claims and statements; documented in
  // docs/limits.md. More is RESOURCE_EXHAUSTED [COMMIT_TOO_LARGE].
  static constexpr int64_t kMaxClaimsPerCommit = 500'000;

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

  // Sees the latest commit, and of it what was known at a past moment.
  // RESOURCE_EXHAUSTED [READERS_FULL]. FAILED_PRECONDITION [REVISION_NOT_YET]:
  // a revision that has not been committed.
  absl::StatusOr<Snapshot> BeginSnapshot(const KnownAt& known_at = {}) const;

  // Applies all statements as one commit, durable when it returns, or none.
  // Errors of a statement name it: metadata `file`, `line`, `column` or
  // `index`. INVALID_ARGUMENT: a value or a time that does not fit the schema;
  // NOT_FOUND: an entity, source or claim that is not declared;
  // FAILED_PRECONDITION: the claim to correct, end or retract is not believed,
  // a purged one is stated, a schema change that facts forbid, or a
  // precondition; ABORTED: a precondition that something is unchanged;
  // ALREADY_EXISTS: a claim id that stands for another claim, or a request id
  // for another request.
  absl::StatusOr<CommitResult> Commit(const CommitRequest& request);

 private:
  Store(std::unique_ptr<kv::Env> env, const StoreOptions& options);

  std::unique_ptr<kv::Env> env_;
  Clock clock_;
  CatalogHolder catalog_;
  Mutex commit_mutex_;  // LMDB has one writer; this queues them
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_STORE_H_
