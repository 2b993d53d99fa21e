#ifndef GUANXI_GRAPH_STORE_AUDIT_H_
#define GUANXI_GRAPH_STORE_AUDIT_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/store/catalog.h"
#include "graph/store/counters.h"
#include "graph/store/key.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/source_table.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/verify.h"

namespace guanxi::store {

// What the stages of Verify() share: the state that is gone through, and what
// was found. Damage that a row's own stage reports is no matter of the others:
// they pass over what they cannot read.
class Audit {
 public:
  // All must outlive it.
  Audit(const kv::Txn& txn, const Tables& tables, const VerifyOptions& options);

  const kv::Txn& txn() const { return txn_; }
  const Tables& tables() const { return tables_; }

  // nullopt if they are damaged.
  const std::optional<Counters>& counters() const { return counters_; }
  void set_counters(const Counters& counters) { counters_ = counters; }

  // Whether there was such a commit; if nobody knows, that it can have been.
  bool Knows(Revision revision) const;

  // Requires has_catalog().
  const Catalog& catalog() const { return *catalog_; }
  bool has_catalog() const { return catalog_.has_value(); }
  void set_catalog(Catalog catalog) { catalog_ = std::move(catalog); }

  // A copy of the catalog for encoding, which may add names to it.
  Catalog& scratch();

  Standings& standings() { return standings_; }

  // How many facts of each property the entities' records have; nullopt once
  // one of them cannot be read.
  std::optional<std::map<PropertyId, int64_t>>& property_facts() {
    return property_facts_;
  }

  // Begins with a table. CANCELLED [CANCELLED], as Count().
  absl::Status Begin(absl::string_view table);

  // Counts one row of it.
  absl::Status Count();

  void Report(absl::string_view rule, std::string where, std::string message);

  // nullopt if the record is missing or unreadable; `table` is that of its
  // kind.
  absl::StatusOr<std::optional<RecordView>> FindRecord(kv::Table table,
                                                       uint64_t id) const;
  bool Exists(kv::Table table, absl::string_view key) const;

  // Whether the set can be read and the tuple is not in it.
  template <size_t N>
  bool Lacks(TupleSet set, const Tuple<N>& tuple) const {
    TupleCursor<N> cursor(txn_, set);
    cursor.Seek(tuple);
    if (!cursor.status().ok()) return false;
    return !cursor.Valid() || cursor.tuple() != tuple;
  }

  VerifyReport TakeReport() && { return std::move(report_); }

 private:
  absl::Status CallProgress();

  const kv::Txn& txn_;
  const Tables& tables_;
  const VerifyOptions& options_;
  std::optional<Counters> counters_;
  std::optional<Catalog> catalog_;
  Catalog scratch_;
  Standings standings_;
  std::optional<std::map<PropertyId, int64_t>> property_facts_{std::in_place};
  VerifyProgress progress_;
  VerifyReport report_;
};

// Ids come in order, below their counter.
class IdSequence {
 public:
  // Whether ids were given that no record has.
  enum class Gaps : uint8_t { kNone, kSome };

  // `what` is counted: "entity"; by `counter`.
  IdSequence(Audit& audit, absl::string_view what, uint64_t Counters::*counter,
             Gaps gaps = Gaps::kNone);

  // The id that is the key of the next row, or nullopt if it is none.
  std::optional<uint64_t> Take(absl::string_view key);

  // After the last row.
  void Finish();

 private:
  void ReportGap(uint64_t end);

  Audit& audit_;
  const std::string what_;
  const Gaps gaps_;
  std::optional<uint64_t> next_;
  uint64_t expected_ = 1;
};

// The stages. Each goes through one table, or several of one kind, and reports
// what it finds; an error ends the whole.
absl::Status AuditMeta(Audit& audit);
absl::Status AuditNames(Audit& audit);
absl::Status AuditSchema(Audit& audit);
absl::Status AuditEntities(Audit& audit);
absl::Status AuditFactCounts(Audit& audit);
absl::Status AuditEntityKeys(Audit& audit);
absl::Status AuditRelationships(Audit& audit);
absl::Status AuditSlots(Audit& audit);
absl::Status AuditIndexes(Audit& audit);
absl::Status AuditClaims(Audit& audit);
absl::Status AuditClaimIds(Audit& audit);
absl::Status AuditSources(Audit& audit);
absl::Status AuditSourceUse(Audit& audit);
absl::Status AuditImages(Audit& audit);
absl::Status AuditPastSlots(Audit& audit);
absl::Status AuditTombstones(Audit& audit);
absl::Status AuditRequests(Audit& audit);
absl::Status AuditLog(Audit& audit);

// A part of AuditRelationships: that each move of a relationship is kept, from
// one of its images to the next or to where it stands at present.
void AuditMoves(Audit& audit, RelationshipId id, const RelationshipHead& head,
                const Placement& present);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_AUDIT_H_
