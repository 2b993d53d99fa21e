#include "graph/store/verify.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/audit.h"

namespace guanxi::store {
namespace {

// In the order in which they run: names and schema come before all that is told
// by them, and facts are counted before their counts are compared.
struct Stage {
  absl::Status (*run)(Audit& audit);
  bool needs_catalog;
};
constexpr Stage kStages[] = {
    {AuditMeta, false},         {AuditNames, false},
    {AuditSchema, false},       {AuditEntities, true},
    {AuditFactCounts, true},    {AuditEntityKeys, false},
    {AuditRelationships, true}, {AuditSlots, true},
    {AuditIndexes, true},       {AuditClaims, true},
    {AuditClaimIds, false},     {AuditSources, false},
    {AuditSourceUse, false},    {AuditImages, true},
    {AuditPastSlots, true},     {AuditTombstones, false},
    {AuditRequests, false},     {AuditLog, false},
};

// Sources count as they were described last.
constexpr Revision kLatest{std::numeric_limits<uint64_t>::max()};

}  // namespace

Audit::Audit(const kv::Txn& txn, const Tables& tables,
             const VerifyOptions& options)
    : txn_(txn),
      tables_(tables),
      options_(options),
      standings_(txn, tables, kLatest) {}

bool Audit::Knows(Revision revision) const {
  return revision.number > 0 &&
         (!counters_.has_value() || revision <= counters_->revision);
}

Catalog& Audit::scratch() {
  const bool grown = scratch_.labels.size() != catalog_->labels.size() ||
                     scratch_.types.size() != catalog_->types.size() ||
                     scratch_.properties.size() != catalog_->properties.size();
  if (grown) scratch_ = *catalog_;
  return scratch_;
}

absl::Status Audit::Begin(absl::string_view table) {
  progress_.table = std::string(table);
  return CallProgress();
}

absl::Status Audit::Count() {
  ++progress_.rows;
  report_.rows = progress_.rows;
  if (progress_.rows % VerifyOptions::kRowsBetweenCalls != 0) {
    return absl::OkStatus();
  }
  return CallProgress();
}

absl::Status Audit::CallProgress() {
  if (!options_.progress || options_.progress(progress_)) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                   "the check was cancelled; start it again");
}

void Audit::Report(absl::string_view rule, std::string where,
                   std::string message) {
  ++report_.violation_count;
  if (report_.violations.size() >= options_.max_violations) return;
  report_.violations.push_back(
      {std::string(rule), std::move(where), std::move(message)});
}

absl::StatusOr<std::optional<RecordView>> Audit::FindRecord(kv::Table table,
                                                            uint64_t id) const {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn_.Get(table, IdKey(id)));
  if (!bytes.has_value()) return std::nullopt;
  const absl::StatusOr<RecordView> record = RecordView::Parse(*bytes);
  if (!record.ok()) return std::nullopt;
  return *record;
}

bool Audit::Exists(kv::Table table, absl::string_view key) const {
  const auto found = txn_.Get(table, key);
  return found.ok() && found->has_value();
}

IdSequence::IdSequence(Audit& audit, absl::string_view what,
                       uint64_t Counters::*counter, Gaps gaps)
    : audit_(audit), what_(what), gaps_(gaps) {
  if (audit.counters().has_value()) next_ = *audit.counters().*counter;
}

std::optional<uint64_t> IdSequence::Take(absl::string_view key) {
  const uint64_t id = key.size() == kIdBytes ? ReadBigEndian(key) : 0;
  if (id == 0) {
    audit_.Report("key", absl::StrCat(what_, " after ", expected_ - 1),
                  "its key is no id; expected 5 bytes, from 1");
    return std::nullopt;
  }
  if (next_.has_value() && id >= *next_) {
    audit_.Report("counter", absl::StrCat(what_, " ", id),
                  absl::StrCat("the counter says that ", *next_,
                               " comes next; expected a larger number"));
  }
  if (id > expected_) ReportGap(id);
  expected_ = id + 1;
  return id;
}

void IdSequence::Finish() {
  if (next_.has_value() && expected_ < *next_) ReportGap(*next_);
}

void IdSequence::ReportGap(uint64_t end) {
  if (gaps_ == Gaps::kSome) return;
  audit_.Report("id_gap", absl::StrCat(what_, " ", expected_),
                end == expected_ + 1
                    ? "it is missing; expected a record of every id given"
                    : absl::StrCat("this and all before ", end,
                                   " are missing; expected a record of every "
                                   "id given"));
}

absl::StatusOr<VerifyReport> Verify(const kv::Txn& txn, const Tables& tables,
                                    const VerifyOptions& options) {
  Audit audit(txn, tables, options);
  bool complete = true;
  for (const Stage& stage : kStages) {
    if (stage.needs_catalog && !audit.has_catalog()) {
      complete = false;
      continue;
    }
    RETURN_IF_ERROR(stage.run(audit));
  }
  const Revision revision = audit.counters().value_or(Counters()).revision;
  VerifyReport report = std::move(audit).TakeReport();
  report.complete = complete;
  report.revision = revision;
  return report;
}

}  // namespace guanxi::store
