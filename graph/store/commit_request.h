#ifndef GUANXI_GRAPH_STORE_COMMIT_REQUEST_H_
#define GUANXI_GRAPH_STORE_COMMIT_REQUEST_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graph/model/ids.h"
#include "graph/model/statement.h"
#include "graph/store/precondition.h"

namespace guanxi::store {

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

  // How long it waits for its turn: until then, and as long as this says no
  // (empty: to the end). What has begun is carried out.
  std::chrono::steady_clock::time_point deadline =
      std::chrono::steady_clock::time_point::max();
  std::function<bool()> cancelled;
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

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COMMIT_REQUEST_H_
