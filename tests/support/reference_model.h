#ifndef GUANXI_TESTS_SUPPORT_REFERENCE_MODEL_H_
#define GUANXI_TESTS_SUPPORT_REFERENCE_MODEL_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graph/model/claim.h"
#include "graph/model/schema.h"
#include "graph/model/view.h"
#include "graph/value/date.h"
#include "tests/support/answers.h"
#include "tests/support/reference_fact.h"
#include "tests/support/reference_identity.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {

// The view of DESIGN.md §1.2, to hold the engine against: it judges every claim
// on every asked day straight from the rules and stores no result. Shares the
// engine's values, schema and statements, none of its fact keys, resolution or
// storage. Entities that are one at the moment are shown as one.
class ReferenceModel {
 public:
  // The view at a revision (nullopt: always the latest; 0: before the first
  // commit). The ledger must outlive it.
  explicit ReferenceModel(const ReferenceLedger& ledger,
                          std::optional<uint64_t> revision = std::nullopt);
  ~ReferenceModel();
  ReferenceModel(const ReferenceModel&) = delete;
  ReferenceModel& operator=(const ReferenceModel&) = delete;

  // What an entity shows; `property` narrows to one (empty: all).
  EntityAnswer Entity(const std::string& key, const Lens& lens,
                      const std::string& property = "") const;

  // All relationships of the cluster of an entity, of one type (empty: any).
  RelationshipsAnswer Relationships(const std::string& key, const Lens& lens,
                                    const std::string& type = "") const;

  // The entities that are one with this on the day; under any day, on some day.
  ClusterAnswer Cluster(const std::string& key, const Lens& lens) const;

  // One relationship (by Holder::id), whatever its ends are one with: under any
  // day one answer for each slice.
  // If none is shown it may be counted in `left_out`, which may be null.
  std::vector<RelationshipAnswer> Relationship(const std::string& id,
                                               const Lens& lens,
                                               LeftOut* left_out) const;

  // How a relationship that has only negated claims is denied.
  std::vector<RelationshipAnswer> Denial(const std::string& id,
                                         const Lens& lens) const;

  // Believed claims about one property of the cluster of an entity (empty: all
  // its facts).
  std::vector<ClaimAnswer> Claims(const std::string& key,
                                  const std::string& property) const;

  // All that was ever believed of it until the revision, oldest first.
  std::vector<ClaimAnswer> History(const std::string& key,
                                   const std::string& property) const;

 private:
  struct Sight;
  struct Parts;
  struct Cached;
  struct Folded;
  // Those whose facts fold into one, in the order of their ids.
  using Holders = std::vector<const Holder*>;

  const Weight& WeightOf(const std::string& source) const;
  uint64_t revision() const { return revision_.value_or(ledger_.revision()); }
  bool IsBelieved(const Holder& holder) const;
  std::vector<Witness> WitnessesOf(const Holders& holders,
                                   std::deque<Claim>& claims) const;
  void Judge(const Holders& holders, Cached& cached) const;
  void Dissect(const Holders& holders, Cached& cached) const;
  Cached& CacheOf(const Holders& holders) const;
  const ReferenceFact& FactOf(const Holders& holders) const;
  const Parts& PartsOf(const Holders& holders) const;

  ReferenceIdentity IdentityFor(const std::optional<Day>& day) const;
  bool ShowsOn(const Holders& holders, const std::optional<Day>& day) const;
  bool IsPinned(const std::string& key, const std::optional<Day>& day) const;
  std::vector<const EntityFact*> FactsAbout(const std::string& key,
                                            const std::string& property) const;
  std::vector<ShownFact> Show(const Holders& holders, const Lens& lens) const;
  static std::vector<DayRange> SegmentsFor(const Parts& parts,
                                           const Lens& lens);
  static Sight See(const Parts& parts, const Lens& lens, Day day);
  static void SayWhyNot(const Parts& parts, Day day, Sight& sight);
  RelationshipAnswer Describe(const Folded& folded, const Sight& sight) const;
  std::vector<RelationshipAnswer> Relationship(const Folded& folded,
                                               const Lens& lens,
                                               LeftOut* left_out) const;

  const ReferenceLedger& ledger_;
  std::optional<uint64_t> revision_;
  std::map<std::string, Map> past_sources_;  // unless it is the latest
  // Dissected holders, until they or the epoch change.
  mutable std::map<Holders, std::unique_ptr<Cached>> cache_;
  // Of sources, in the epoch.
  mutable std::map<std::string, Weight> weights_;
  mutable uint64_t weights_epoch_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_REFERENCE_MODEL_H_
