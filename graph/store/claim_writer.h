#ifndef GUANXI_GRAPH_STORE_CLAIM_WRITER_H_
#define GUANXI_GRAPH_STORE_CLAIM_WRITER_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/fact.h"
#include "graph/model/statement.h"
#include "graph/store/commit_request.h"
#include "graph/store/counters.h"
#include "graph/store/drafts.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// One fact that a statement states, with what the statement says of it. The
// claim's source is filled in for each citation.
struct StatedFact {
  Draft* draft = nullptr;
  std::string owner_name;  // of the entity or relationship, for identities
  FactKey fact;
  Claim claim;
};

// Applies stated facts to the drafts: one claim for each source, or an implicit
// one where the statement has no tail; known claims are recognised, superseded
// ones ended (DESIGN.md §1.2). Counts and notes in the result of the commit.
class ClaimWriter {
 public:
  ClaimWriter(kv::WriteTxn& txn, const Tables& tables, const Counters& counters,
              Drafts& drafts, Origin origin, CommitResult& result)
      : txn_(txn),
        tables_(tables),
        counters_(counters),
        drafts_(drafts),
        origin_(origin),
        result_(result) {}

  // The ids of the claims written from now on go to the statement with this
  // index.
  void BeginStatement(size_t index) { statement_index_ = index; }

  // NOT_FOUND [SOURCE_NOT_FOUND], [CLAIM_NOT_FOUND].
  // FAILED_PRECONDITION [CLAIM_NOT_BELIEVED]: the claim to supersede is not.
  // [CLAIM_PURGED], but of an import it is skipped. ALREADY_EXISTS
  // [CLAIM_ID_TAKEN]. RESOURCE_EXHAUSTED [COMMIT_TOO_LARGE].
  absl::Status Write(StatedFact stated, const Tail& tail,
                     const Statement& statement);

  // After the last Flush(): notices on the implicit claims written whose value
  // is not the one shown on this day.
  void NoteHiddenImplicitClaims(Day today);

  // Counts a statement that was not stored, with a notice that says why.
  void Skip(const Statement& statement, std::string message);
  void Notify(NoticeKind kind, const Statement& statement, std::string message);

 private:
  struct ImplicitWrite {
    Draft* draft;
    std::vector<FactKey> facts;  // properties with a value of this write
    const Statement* statement;
  };

  void WriteImplicit(const StatedFact& stated, const Statement& statement);
  absl::Status WriteClaim(const StatedFact& stated, const Statement& statement);
  // The claim of this identity, or one that an `end` gave this form.
  absl::StatusOr<std::optional<ClaimRef>> FindKnown(
      const Draft& draft, const StoredClaim& stored) const;
  absl::Status Restate(ClaimRef ref, const Claim& claim,
                       const Statement& statement);
  absl::Status Revive(const ClaimInHand& held, const Claim& claim,
                      const Statement& statement);
  absl::Status RefusePurged(const Claim& claim, const Statement& statement);
  absl::Status CheckName(const Claim& claim) const;
  // Of the claim to supersede: a claim that is believed again has ended it
  // once.
  enum class OldClaim : uint8_t { kIsBelieved, kMayBeEnded };
  absl::Status EndSuperseded(const Claim& claim, OldClaim expected,
                             const Statement& statement);
  absl::Status SupersedesUnknown(const Claim& claim, OldClaim expected,
                                 const Statement& statement);
  absl::Status CountClaim();
  void AnswerId(const Claim& claim);

  kv::WriteTxn& txn_;
  Tables tables_;
  const Counters& counters_;
  Drafts& drafts_;
  Origin origin_;
  CommitResult& result_;
  size_t statement_index_ = 0;
  int64_t claim_count_ = 0;
  std::vector<ImplicitWrite> implicit_writes_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_CLAIM_WRITER_H_
