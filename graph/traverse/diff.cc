#include "graph/traverse/diff.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/log.h"

namespace guanxi::traverse {
namespace {

using store::Owner;
using store::OwnerKind;

// About what a change takes, with its claims.
constexpr int64_t kChangeBytes = 2048;

absl::Status NoLog(Revision revision) {
  return MakeError(
      absl::StatusCode::kDataLoss, "STORE_DAMAGED",
      absl::StrCat("the log of revision ", revision.number, " is missing"),
      {{"revision", absl::StrCat(revision.number)}});
}

class Differ {
 public:
  Differ(const store::View& before, const store::View& after,
         const DiffSpec& spec)
      : before_(before),
        after_(after),
        comparison_(before, after),
        meter_(spec.budget) {}

  // Each goes on until all is compared or the budget is used up.
  absl::Status OfEntity(EntityId entity);
  absl::Status OfGraph();

  Diff Finish(const std::string& where) &&;

 private:
  bool Count(Owner owner);
  absl::StatusOr<bool> Examine(Owner owner);
  absl::StatusOr<bool> ExamineCommit(const store::LogRow& row);

  const store::View before_;
  const store::View after_;
  store::ViewComparison comparison_;
  Meter meter_;
  std::set<Owner> examined_;
  std::set<Owner> touched_;
  std::string where_;
  std::vector<store::FactChange> changes_;
};

bool Differ::Count(Owner owner) {
  return owner.kind == OwnerKind::kEntity ? meter_.CountEntity()
                                          : meter_.CountRelationship();
}

// False: the budget is used up.
absl::StatusOr<bool> Differ::Examine(Owner owner) {
  if (!examined_.insert(owner).second) return true;
  if (!Count(owner)) return false;
  ASSIGN_OR_RETURN(std::vector<store::FactChange> changes,
                   comparison_.Compare(owner));
  for (store::FactChange& change : changes) {
    if (!meter_.CountResult() || !meter_.CountBytes(kChangeBytes)) return false;
    changes_.push_back(std::move(change));
  }
  return true;
}

absl::Status Differ::OfEntity(EntityId entity) {
  ASSIGN_OR_RETURN(bool more, Examine(Owner::Of(entity)));
  ASSIGN_OR_RETURN(const std::vector<RelationshipId> relationships,
                   comparison_.RelationshipsOf(entity));
  for (const RelationshipId id : relationships) {
    if (!more) break;
    ASSIGN_OR_RETURN(more, Examine(Owner::Of(id)));
  }
  return absl::OkStatus();
}

absl::Status Differ::OfGraph() {
  const store::Snapshot& snapshot = after_.snapshot;
  Revision revision = before_.snapshot.revision();
  while (revision < snapshot.revision()) {
    ++revision.number;
    ASSIGN_OR_RETURN(
        const std::optional<store::LogRow> row,
        store::ReadLog(snapshot.txn(), snapshot.tables(), revision));
    if (!row.has_value()) return NoLog(revision);
    where_ = absl::StrCat("at revision ", revision.number);
    if (!meter_.CountEntity()) break;
    ASSIGN_OR_RETURN(const bool more, ExamineCommit(*row));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Differ::ExamineCommit(const store::LogRow& row) {
  for (const store::LogEntry& entry : row.entries) {
    if (entry.operation == store::LogOperation::kSchemaChanged) continue;
    if (!touched_.insert(entry.owner).second) continue;
    if (!meter_.CountBytes(sizeof(store::LogEntry))) return false;
    ASSIGN_OR_RETURN(const std::vector<Owner> affected,
                     comparison_.AffectedBy(entry.owner));
    for (const Owner owner : affected) {
      ASSIGN_OR_RETURN(const bool more, Examine(owner));
      if (!more) return false;
    }
  }
  return true;
}

Diff Differ::Finish(const std::string& where) && {
  Diff diff{.changes = std::move(changes_)};
  if (meter_.stop() == Stop::kNone) return diff;
  diff.completeness = {.outcome = Outcome::kTruncated,
                       .reason = meter_.stop(),
                       .where = where.empty() ? where_ : where};
  return diff;
}

}  // namespace

absl::StatusOr<Diff> FindChanges(const store::View& before,
                                 const store::View& after,
                                 const DiffSpec& spec) {
  Differ differ(before, after, spec);
  if (!spec.entity.has_value()) {
    GUANXI_CHECK(before.lens.valid_at == after.lens.valid_at);
    RETURN_IF_ERROR(differ.OfGraph());
    return std::move(differ).Finish("");
  }
  RETURN_IF_ERROR(differ.OfEntity(*spec.entity));
  ASSIGN_OR_RETURN(const std::string key,
                   after.snapshot.EntityKey(*spec.entity));
  return std::move(differ).Finish(absl::StrCat("at ", key));
}

}  // namespace guanxi::traverse
