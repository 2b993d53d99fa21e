#include "graph/traverse/admission.h"

#include <algorithm>

#include "graph/base/status_macros.h"
#include "graph/store/lens.h"
#include "graph/store/selection.h"

namespace guanxi::traverse {
namespace {

// Sorted; those that the store has.
std::vector<TypeId> FindTypes(const std::vector<std::string>& wanted,
                              const store::Names<TypeId>& names) {
  std::vector<TypeId> types;
  for (const std::string& name : wanted) {
    const std::optional<TypeId> type = names.Find(name);
    if (type.has_value()) types.push_back(*type);
  }
  std::ranges::sort(types);
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

}  // namespace

Admission::Admission(const store::Snapshot& snapshot, const TraversalSpec& spec)
    : snapshot_(snapshot),
      lens_(spec.lens),
      condition_(snapshot, spec.lens,
                 {.labels = spec.labels, .predicates = spec.entity_predicates}),
      relationship_predicates_(spec.relationship_predicates),
      excluded_(spec.exclude_entities.begin(), spec.exclude_entities.end()),
      selects_entities_(!condition_.AsksNothing() || !excluded_.empty()) {
  const store::Names<TypeId>& names = snapshot.catalog().types;
  const std::vector<TypeId> excluded = FindTypes(spec.exclude_types, names);
  types_ = FindTypes(spec.types, names);
  if (spec.types.empty() && !excluded.empty()) {
    for (uint64_t id = 0; id < names.size(); ++id) types_.push_back({id});
  }
  std::erase_if(types_, [&excluded](TypeId type) {
    return std::ranges::binary_search(excluded, type);
  });
  const bool narrowed = !spec.types.empty() || !excluded.empty();
  matches_nothing_ = narrowed && types_.empty();
}

absl::StatusOr<bool> Admission::Shows(const topology::Hop& hop) const {
  if (hop.plain) return SatisfiesPredicates(hop.relationship);
  ASSIGN_OR_RETURN(const store::Admitted admitted,
                   snapshot_.Admit(hop.relationship, lens_));
  if (admitted.admission != store::Admission::kShown) return false;
  return SatisfiesPredicates(hop.relationship);
}

absl::StatusOr<bool> Admission::Judge(const topology::Hop& hop) {
  if (hop.inside) return CountHidden(hop);
  if (hop.plain) return SatisfiesPredicates(hop.relationship);
  ASSIGN_OR_RETURN(const store::Admitted admitted,
                   snapshot_.Admit(hop.relationship, lens_));
  if (admitted.admission == store::Admission::kShown) {
    return SatisfiesPredicates(hop.relationship);
  }
  if (!FirstTime(admitted.relationship)) return false;
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

absl::StatusOr<bool> Admission::JudgeEntity(EntityId id) const {
  if (excluded_.contains(id)) return false;
  ASSIGN_OR_RETURN(const Holds holds, condition_.Judge(id));
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

// What no lens would show is not hidden. Returns false: it is not admitted.
absl::StatusOr<bool> Admission::CountHidden(const topology::Hop& hop) {
  ASSIGN_OR_RETURN(const store::Admitted admitted,
                   snapshot_.Admit(hop.relationship, lens_));
  if (admitted.admission == store::Admission::kShown &&
      FirstTime(admitted.relationship)) {
    ++left_out_.hidden;
  }
  return false;
}

absl::StatusOr<bool> Admission::CountDenied(const topology::Hop& hop) {
  if (hop.inside) return false;
  ASSIGN_OR_RETURN(const store::Admitted admitted,
                   snapshot_.Admit(hop.relationship, lens_));
  if (admitted.admission != store::Admission::kDenied) return false;
  if (FirstTime(admitted.relationship)) ++left_out_.denied;
  return true;
}

}  // namespace guanxi::traverse
