#ifndef GUANXI_TESTS_SUPPORT_REFERENCE_MODEL_H_
#define GUANXI_TESTS_SUPPORT_REFERENCE_MODEL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/model/claim.h"
#include "graph/model/schema.h"
#include "graph/model/view.h"
#include "graph/value/date.h"
#include "tests/support/answers.h"
#include "tests/support/reference_fact.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {

// The view of DESIGN.md §1.2, to hold the engine against: it judges every claim
// on every asked day straight from the rules and stores no result. Shares the
// engine's values, schema and statements, none of its fact keys, resolution or
// storage.
class ReferenceModel {
 public:
  // The ledger must outlive it.
  explicit ReferenceModel(const ReferenceLedger& ledger);
  ~ReferenceModel();
  ReferenceModel(const ReferenceModel&) = delete;
  ReferenceModel& operator=(const ReferenceModel&) = delete;

  // What an entity shows; `property` narrows to one (empty: all).
  EntityAnswer Entity(const std::string& key, const Lens& lens,
                      const std::string& property = "") const;

  // All relationships of an entity, of one type (empty: any).
  RelationshipsAnswer Relationships(const std::string& key, const Lens& lens,
                                    const std::string& type = "") const;

  // One relationship (by Holder::id): under any day one answer for each slice.
  // If none is shown it may be counted in `left_out`, which may be null.
  std::vector<RelationshipAnswer> Relationship(const std::string& id,
                                               const Lens& lens,
                                               LeftOut* left_out) const;

  // How a relationship that has only negated claims is denied.
  std::vector<RelationshipAnswer> Denial(const std::string& id,
                                         const Lens& lens) const;

  // Believed claims about one property of an entity (empty: all its facts).
  std::vector<ClaimAnswer> Claims(const std::string& key,
                                  const std::string& property) const;

 private:
  struct Sight;
  struct Parts;
  struct Cached;

  const Weight& WeightOf(const std::string& source) const;
  std::vector<Witness> WitnessesOf(const Holder& holder) const;
  ReferenceFact Judging(const EntityFact& fact) const;
  Parts Dissect(const LedgerRelationship& relationship) const;
  Cached& CacheOf(const Holder& holder) const;
  const ReferenceFact& FactOf(const EntityFact& fact) const;
  const Parts& PartsOf(const LedgerRelationship& relationship) const;

  std::vector<ShownFact> Show(const EntityFact& fact, const Lens& lens) const;
  static std::vector<DayRange> SegmentsFor(const Parts& parts,
                                           const Lens& lens);
  static Sight See(const Parts& parts, const Lens& lens, Day day);
  static void SayWhyNot(const Parts& parts, Day day, Sight& sight);
  RelationshipAnswer Describe(const LedgerRelationship& relationship,
                              const Sight& sight) const;
  bool InView(const std::string& key, const Lens& lens) const;

  const ReferenceLedger& ledger_;
  // Dissected holders, until they or the epoch change.
  mutable std::unordered_map<const Holder*, std::unique_ptr<Cached>> cache_;
  // Of sources, in the epoch.
  mutable std::map<std::string, Weight> weights_;
  mutable uint64_t weights_epoch_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_REFERENCE_MODEL_H_
