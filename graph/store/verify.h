#ifndef GUANXI_GRAPH_STORE_VERIFY_H_
#define GUANXI_GRAPH_STORE_VERIFY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// One thing about the store that is not as it must be.
struct Violation {
  std::string rule;     // which invariant: "slot_missing" (docs/checking.md)
  std::string where;    // the row: "relationship 7"
  std::string message;  // one sentence: what is there, what was expected
};

struct VerifyProgress {
  std::string table;  // that is being gone through
  int64_t rows = 0;   // gone through so far, of all tables
};

struct VerifyOptions {
  // So many violations are reported; all are counted.
  size_t max_violations = 100;

  // Called at each new table and once in kRowsBetweenCalls rows; if it returns
  // false, the work ends. Empty: never called.
  std::function<bool(const VerifyProgress&)> progress;
  static constexpr int64_t kRowsBetweenCalls = 256;
};

struct VerifyReport {
  Revision revision;  // the state that was gone through
  int64_t rows = 0;
  std::vector<Violation> violations;  // in the order in which they were met
  int64_t violation_count = 0;

  // False: names or schema are damaged, so that what is told by them (records,
  // adjacency, indexes, claims) was not gone through.
  bool complete = true;

  bool clean() const { return violation_count == 0 && complete; }
};

// Goes through every row that a transaction sees and checks that it decodes and
// that all tables agree: what one of them says of another, is there, and what
// is there, one of them says. Records are resolved anew from their claims.
//
// Takes memory for one owner with its claims, one commit's log row, the names,
// what sources weigh, and the places of purged claims; time for some look-ups a
// row. A violation is no error. CANCELLED [CANCELLED]: `progress` said so.
// DATA_LOSS [STORE_DAMAGED]: a page of the file itself cannot be read.
absl::StatusOr<VerifyReport> Verify(const kv::Txn& txn, const Tables& tables,
                                    const VerifyOptions& options);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_VERIFY_H_
