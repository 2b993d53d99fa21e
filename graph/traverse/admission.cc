#include "graph/traverse/admission.h"

#include <algorithm>

#include "graph/base/status_macros.h"
#include "graph/store/lens.h"
#include "graph/store/selection.h"

namespace guanxi::traverse {

Admission::Admission(const store::Snapshot& snapshot, const TraversalSpec& spec)
    : snapshot_(snapshot),
      lens_(spec.lens),
      labels_(spec.labels),
      entity_predicates_(spec.entity_predicates),
      relationship_predicates_(spec.relationship_predicates) {
  for (const std::string& name : spec.types) {
    const std::optional<TypeId> type = snapshot.catalog().types.Find(name);
    if (type.has_value()) types_.push_back(*type);
  }
  std::ranges::sort(types_);
  types_.erase(std::unique(types_.begin(), types_.end()), types_.end());
  matches_nothing_ = types_.empty() && !spec.types.empty();
}

absl::StatusOr<bool> Admission::Admits(const topology::Hop& hop) {
  if (hop.plain) return SatisfiesPredicates(hop.relationship);
  ASSIGN_OR_RETURN(const store::Admitted admitted,
                   snapshot_.Admit(hop.relationship, lens_));
  if (admitted.admission == store::Admission::kShown) {
    return SatisfiesPredicates(hop.relationship);
  }
  if (!FirstTime(hop.relationship)) return false;
  switch (admitted.admission) {
    case store::Admission::kLowConfidence:
      ++left_out_.low_confidence;
      break;
    case store::Admission::kUncertain:
      ++left_out_.uncertain;
      break;
    case store::Admission::kOtherMode:
      ++left_out_.modes[admitted.mode];
      break;
    case store::Admission::kUnrecorded:
      ++left_out_.unrecorded;
      break;
    case store::Admission::kDenied:
      ++left_out_.denied;
      break;
    case store::Admission::kShown:
    case store::Admission::kAbsent:
      break;
  }
  return false;
}

absl::StatusOr<bool> Admission::AdmitsEntity(EntityId id) const {
  if (!labels_.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> carried,
                     snapshot_.ReadLabels(id, lens_));
    if (std::ranges::find_first_of(carried, labels_) == carried.end()) {
      return false;
    }
  }
  ASSIGN_OR_RETURN(const Holds holds, store::JudgeEntity(snapshot_, id, lens_,
                                                         entity_predicates_));
  return store::Passes(holds, lens_);
}

absl::StatusOr<bool> Admission::SatisfiesPredicates(RelationshipId id) const {
  for (const Predicate& predicate : relationship_predicates_) {
    ASSIGN_OR_RETURN(const Holds holds,
                     store::JudgeRelationship(snapshot_, id, lens_, predicate));
    if (!store::Passes(holds, lens_)) return false;
  }
  return true;
}

absl::StatusOr<bool> Admission::CountDenied(const topology::Hop& hop) {
  ASSIGN_OR_RETURN(const store::Admitted admitted,
                   snapshot_.Admit(hop.relationship, lens_));
  if (admitted.admission != store::Admission::kDenied) return false;
  if (FirstTime(hop.relationship)) ++left_out_.denied;
  return true;
}

}  // namespace guanxi::traverse
