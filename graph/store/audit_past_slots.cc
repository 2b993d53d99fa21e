// What is kept of where relationships stood, against the images of their
// records.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/audit_sets.h"
#include "graph/store/history.h"
#include "graph/store/past_slots.h"

namespace guanxi::store {
namespace {

bool IsPlacement(const Placement& placement) {
  switch (placement.place) {
    case Placement::Place::kNone:
      return false;
    case Placement::Place::kAdjacency:
      return placement.state <= kResolved;
    case Placement::Place::kAside:
      return placement.state <= kJudgement;
  }
  return false;
}

// Where a relationship stood with each of its images; nullopt if one of them
// cannot be read.
std::optional<std::vector<PastPlacement>> PlacementsOf(
    const Audit& audit, RelationshipId id, const RelationshipHead& head) {
  const absl::StatusOr<std::vector<Image>> images =
      ReadImages(audit.txn(), audit.tables(), Owner::Of(id));
  if (!images.ok() || !TypeName(audit.catalog(), head.type).ok()) {
    return std::nullopt;
  }
  const bool symmetric = IsSymmetric(audit.catalog(), head.type);
  std::vector<PastPlacement> placements;
  for (const Image& image : *images) {
    const absl::StatusOr<RecordView> record = RecordView::Parse(image.record);
    if (!record.ok()) return std::nullopt;
    const auto facts = ReadFacts(*record, audit.catalog());
    if (!facts.ok()) return std::nullopt;
    placements.push_back(
        {image.end, PlacementOf(head.type, symmetric, *facts)});
  }
  return placements;
}

// Whether a placement asks for this row of an entity.
bool AsksFor(const PastPlacement& placement, RelationshipId id,
             const RelationshipHead& head, EntityId at, const Tuple<5>& row) {
  return std::ranges::any_of(
      PastRowsOf({id, head, placement.placement}, placement.end),
      [&](const PastRow& asked) {
        return asked.at == at && asked.tuple == row;
      });
}

// Goes through the rows of one entity after another. Those of a relationship
// stand together.
class PastSlotAuditor {
 public:
  explicit PastSlotAuditor(const Audit& audit) : audit_(audit) {}

  // What is wrong with a past slot of an entity, or "".
  absl::StatusOr<std::string> WhatIsWrong(EntityId at, const Tuple<5>& row) {
    const PastSlot slot = ReadPastSlot(row);
    if (!audit_.Exists(audit_.tables().relationship,
                       IdKey(slot.relationship))) {
      return "the relationship is missing; expected its record";
    }
    if (!IsPlacement(slot.placement)) {
      return "it says no place that there is; expected one";
    }
    if (!audit_.Knows(Revision{row[kPastEnd]})) {
      return absl::StrCat("it ends in revision ", row[kPastEnd],
                          "; expected one that there was");
    }
    if (relationship_ != slot.relationship) {
      RETURN_IF_ERROR(Open(slot.relationship));
    }
    if (!placements_.has_value()) return "";
    const bool expected =
        std::ranges::any_of(*placements_, [&](const PastPlacement& placement) {
          return AsksFor(placement, slot.relationship, head_, at, row);
        });
    if (expected) return "";
    return absl::StrCat("no image of the relationship that ends in revision ",
                        row[kPastEnd], " stood so; expected one");
  }

 private:
  absl::Status Open(RelationshipId id) {
    relationship_ = id;
    placements_.reset();
    ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                     audit_.FindRecord(audit_.tables().relationship, id.value));
    if (!record.has_value()) return absl::OkStatus();
    const absl::StatusOr<RelationshipHead> head =
        record->ReadRelationshipHead();
    if (!head.ok()) return absl::OkStatus();
    head_ = *head;
    placements_ = PlacementsOf(audit_, id, head_);
    return absl::OkStatus();
  }

  const Audit& audit_;
  std::optional<RelationshipId> relationship_;
  RelationshipHead head_;
  std::optional<std::vector<PastPlacement>> placements_;  // nullopt: unreadable
};

}  // namespace

void AuditMoves(Audit& audit, RelationshipId id, const RelationshipHead& head,
                const Placement& present) {
  const auto placements = PlacementsOf(audit, id, head);
  if (!placements.has_value()) return;
  for (const PastPlacement& move : MovesOf(*placements, present)) {
    for (const PastRow& row :
         PastRowsOf({id, head, move.placement}, move.end)) {
      const std::string prefix = IdKey(row.at);
      if (!audit.Lacks({audit.tables().adjacency_history, prefix}, row.tuple)) {
        continue;
      }
      audit.Report("past_slot",
                   absl::StrCat("relationship ", id.value, " with entity ",
                                row.at.value),
                   absl::StrCat("it was moved in revision ", move.end.number,
                                "; expected where it stood before"));
    }
  }
}

absl::Status AuditPastSlots(Audit& audit) {
  const SetTable table{audit.tables().adjacency_history, "adjacency_history",
                       kIdBytes};
  PastSlotAuditor auditor(audit);
  return SetWalker<5>(audit, table)
      .Walk([&](absl::string_view prefix, const Tuple<5>& row) -> absl::Status {
        const EntityId at{ReadBigEndian(prefix)};
        ASSIGN_OR_RETURN(std::string wrong, auditor.WhatIsWrong(at, row));
        if (wrong.empty()) return absl::OkStatus();
        audit.Report("past_slot",
                     absl::StrCat("relationship ", row[kPastRelationship],
                                  " with entity ", at.value),
                     std::move(wrong));
        return absl::OkStatus();
      });
}

}  // namespace guanxi::store
