// The log: whole, without gaps, and about things that there are.

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/claim_table.h"
#include "graph/store/log.h"
#include "graph/store/tombstone.h"

namespace guanxi::store {
namespace {

constexpr size_t kPartKeyBytes = 12;

class LogAuditor {
 public:
  explicit LogAuditor(Audit& audit) : audit_(audit) {}

  void Take(absl::string_view key) {
    if (key.size() != kPartKeyBytes) {
      audit_.Report("key", absl::StrCat("log ", absl::BytesToHexString(key)),
                    "its key is none; expected a revision and a part");
      return;
    }
    const Revision revision{ReadBigEndian(key.substr(0, kRevisionBytes))};
    if (revision.number == 0) {
      audit_.Report("key", absl::StrCat("log ", absl::BytesToHexString(key)),
                    "it is of revision 0; expected one from 1 on");
      return;
    }
    if (revision.number != revision_.number) BeginRevision(revision);
    const uint64_t part = ReadBigEndian(key.substr(kRevisionBytes));
    if (part != next_part_) {
      audit_.Report(
          "log_gap", Where(revision),
          absl::StrCat("part ", next_part_, " is missing; found ", part));
    }
    next_part_ = part + 1;
  }

  void Finish() {
    if (!audit_.counters().has_value()) return;
    const Revision last = audit_.counters()->revision;
    if (revision_ != last) {
      audit_.Report("log_gap", Where(last),
                    absl::StrCat("the log ends with revision ",
                                 revision_.number, "; expected this one"));
    } else if (last.number > 0 && readable_ && !AgreesWithCounters()) {
      audit_.Report("counters", "meta counters",
                    "time and next ids are not those that the last commit "
                    "left; expected them to be");
    }
  }

 private:
  static std::string Where(Revision revision) {
    return absl::StrCat("revision ", revision.number);
  }

  bool AgreesWithCounters() const {
    const Counters& counters = *audit_.counters();
    return time_ == counters.time && next_entity_ == counters.next_entity &&
           next_relationship_ == counters.next_relationship;
  }

  void BeginRevision(Revision revision) {
    if (revision.number != revision_.number + 1) {
      audit_.Report("log_gap", Where(Revision{revision_.number + 1}),
                    absl::StrCat("it is missing; revision ", revision.number,
                                 " comes next"));
    }
    if (!audit_.Knows(revision)) {
      audit_.Report("counters", "meta counters",
                    absl::StrCat("the log has revision ", revision.number,
                                 "; expected no later one than the last"));
    }
    revision_ = revision;
    next_part_ = 0;
    const absl::StatusOr<std::optional<LogRow>> row =
        ReadLog(audit_.txn(), audit_.tables(), revision);
    readable_ = row.ok() && row->has_value();
    if (!readable_) {
      audit_.Report("log", Where(revision),
                    std::string(row.status().message()));
      return;
    }
    if ((*row)->time <= time_) {
      audit_.Report("log", Where(revision),
                    "it is no later than the one before; expected later");
    }
    if ((*row)->next_entity < next_entity_ ||
        (*row)->next_relationship < next_relationship_) {
      audit_.Report("log", Where(revision),
                    "its next ids are lower than those before; expected that "
                    "they only grow");
    }
    time_ = (*row)->time;
    next_entity_ = (*row)->next_entity;
    next_relationship_ = (*row)->next_relationship;
    for (const LogEntry& entry : (*row)->entries) CheckEntry(entry);
  }

  void CheckEntry(const LogEntry& entry) {
    if (Fits(entry)) return;
    audit_.Report(
        "log_entry", Where(revision_),
        absl::StrCat("it says that operation ",
                     static_cast<int>(entry.operation), " was done to ",
                     entry.number, " of owner ", entry.owner.id, " of kind ",
                     static_cast<int>(entry.owner.kind),
                     ", which does not know of it; expected that"));
  }

  bool Fits(const LogEntry& entry) const {
    switch (entry.operation) {
      case LogOperation::kClaimBelieved:
      case LogOperation::kClaimClosed:
      case LogOperation::kClaimEnded:
        return WasPurged(entry) || FitsClaim(entry);
      case LogOperation::kClaimPurged:
        return WasPurged(entry);
      case LogOperation::kImplicitSet:
      case LogOperation::kImplicitRemoved:
      case LogOperation::kRelationshipMoved:
      case LogOperation::kEntityPurged:
        return audit_.Exists(entry.owner.kind == OwnerKind::kEntity
                                 ? audit_.tables().entity
                                 : audit_.tables().relationship,
                             IdKey(entry.owner.id));
      case LogOperation::kSourceDescribed:
        return FitsSource(SourceId{entry.owner.id});
      case LogOperation::kSchemaChanged:
        return true;
    }
    return false;
  }

  static ClaimRef ClaimOf(const LogEntry& entry) {
    return {entry.owner, static_cast<uint32_t>(entry.number)};
  }

  // Whether the claim that an entry names was purged in its commit or later.
  bool WasPurged(const LogEntry& entry) const {
    const absl::StatusOr<std::optional<Tombstone>> tombstone =
        FindTombstone(audit_.txn(), audit_.tables(), ClaimOf(entry));
    if (!tombstone.ok()) return true;
    return tombstone->has_value() && (*tombstone)->revision >= revision_;
  }

  // A claim that cannot be read is reported where it lies.
  bool FitsClaim(const LogEntry& entry) const {
    const absl::StatusOr<std::optional<StoredClaim>> stored =
        ReadClaim(audit_.txn(), audit_.tables(), ClaimOf(entry));
    if (!stored.ok()) return true;
    if (!stored->has_value()) return false;
    return std::ranges::any_of(
        (*stored)->beliefs, [&](const StoredClaim::Belief& belief) {
          if (entry.operation == LogOperation::kClaimClosed) {
            return belief.to == revision_;
          }
          const bool ended = entry.operation == LogOperation::kClaimEnded;
          return belief.from == revision_ && belief.end.has_value() >= ended;
        });
  }

  bool FitsSource(SourceId id) const {
    const absl::StatusOr<std::optional<SourceRecord>> source =
        ReadSource(audit_.txn(), audit_.tables(), id);
    if (!source.ok()) return true;
    return source->has_value() &&
           std::ranges::any_of((*source)->versions,
                               [&](const SourceRecord::Version& version) {
                                 return version.since == revision_;
                               });
  }

  Audit& audit_;
  Revision revision_;
  uint64_t next_part_ = 0;
  // As the last readable commit left them.
  int64_t time_ = 0;
  uint64_t next_entity_ = 1;
  uint64_t next_relationship_ = 1;
  bool readable_ = false;
};

}  // namespace

absl::Status AuditLog(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("log"));
  LogAuditor auditor(audit);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().log);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    auditor.Take(cursor.key());
  }
  RETURN_IF_ERROR(cursor.status());
  auditor.Finish();
  return absl::OkStatus();
}

}  // namespace guanxi::store
