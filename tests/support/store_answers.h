#ifndef GUANXI_TESTS_SUPPORT_STORE_ANSWERS_H_
#define GUANXI_TESTS_SUPPORT_STORE_ANSWERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/comparison.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "tests/support/answers.h"

namespace guanxi::test {

// How the store is asked, and at which revision (nullopt: the latest). With
// Evidence::kAll losers are known; with kShown only the shown claim is read,
// which takes far less time, and `losers_vary` says so.
struct Question {
  Lens lens;
  Evidence evidence = Evidence::kAll;
  std::optional<uint64_t> revision;
};

// What the store answers through its public API, in the form of answers.h.

// An entity that the store does not know is not in view. INTERNAL: the facts
// do not stand by name, then newest first.
absl::StatusOr<EntityAnswer> ReadEntityAnswer(const store::Snapshot& snapshot,
                                              const std::string& key,
                                              const Question& question,
                                              const std::string& property = "");

// One relationship: under any day one answer for each slice.
absl::StatusOr<std::vector<RelationshipAnswer>> ReadRelationshipAnswers(
    const store::Snapshot& snapshot, RelationshipId id,
    const Question& question);

// All relationships of an entity, of one type (empty: any), by a neighbourhood
// of depth 1 in both directions.
absl::StatusOr<RelationshipsAnswer> ReadRelationshipsAnswer(
    const topology::Ground& ground, const std::string& key,
    const Question& question, const std::string& type = "");

// The entities that are one with this.
absl::StatusOr<ClusterAnswer> ReadClusterAnswer(const store::Snapshot& snapshot,
                                                const std::string& key,
                                                const Lens& lens);

// The believed claims about one property of an entity.
absl::StatusOr<std::vector<ClaimAnswer>> ReadClaimAnswers(
    const store::Snapshot& snapshot, const std::string& key,
    const std::string& property);

// All that was ever believed about one property of an entity, until the
// snapshot's revision.
absl::StatusOr<std::vector<ClaimAnswer>> ReadHistoryAnswers(
    const store::Snapshot& snapshot, const std::string& key,
    const std::string& property);

// How what an entity shows differs between two moments, sorted; what is shown
// alike is no change.
absl::StatusOr<std::vector<Change>> ReadChanges(const store::View& before,
                                                const store::View& after,
                                                const std::string& key);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_STORE_ANSWERS_H_
