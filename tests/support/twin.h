#ifndef GUANXI_TESTS_SUPPORT_TWIN_H_
#define GUANXI_TESTS_SUPPORT_TWIN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/model/schema.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"
#include "graph/store/store.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/topology.h"
#include "tests/support/number_check.h"
#include "tests/support/random_world.h"
#include "tests/support/record_check.h"
#include "tests/support/reference_ledger.h"
#include "tests/support/reference_model.h"
#include "tests/support/store_answers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::test {

// A store in a temporary file and the reference model of the same history. Each
// method returns how the two differ, for a person, or "" if they agree.
class Twin {
 public:
  explicit Twin(const std::vector<Declaration>& schema);

  const ReferenceLedger& ledger() const { return ledger_; }
  const store::Store& store() const { return *store_; }

  // Both take the commit with the same outcome, or refuse it; the model learns
  // the ids of the claims.
  std::string Commit(const Plan& plan);

  // What the last commit touched; and every entity is expanded alike by cursors
  // and over the adjacency in memory, which follows the commits, as do columns
  // of numbers.
  std::string CompareTouched(const std::vector<Question>& questions);

  // The believed claims about what the last commit touched.
  std::string CompareTouchedClaims();

  // All of it: entities, relationships with what is left out, counts, labels.
  std::string CompareAll(const std::vector<Question>& questions);

  // What the check of the whole store finds.
  std::string CheckStore() const;

  void Reopen();

  // How many numbers of relationships were told from memory.
  int64_t numbers_told() const { return numbers_.told(); }
  int64_t records_told() const { return records_.told(); }

  // What the store holds now, or what it held at a revision.
  store::Snapshot Read(std::optional<uint64_t> revision = std::nullopt) const;

 private:
  std::string Purge(const PurgeOrder& order);
  std::string CompareOutcome(
      const absl::StatusOr<ReferenceLedger::Outcome>& expected,
      const absl::StatusOr<store::CommitResult>& actual);
  std::string LearnIds(const ReferenceLedger::Outcome& expected,
                       const store::CommitResult& actual);
  const ReferenceModel& ModelFor(const Question& question);
  std::optional<RelationshipId> Find(const store::Snapshot& snapshot,
                                     const std::string& relationship,
                                     const Lens& lens);
  bool Is(const store::Snapshot& snapshot, RelationshipId id,
          const LedgerRelationship& wanted, const Lens& lens) const;
  std::string CompareClaims(const store::Snapshot& snapshot,
                            const std::string& entity);
  std::string CompareRelationshipClaims(const store::Snapshot& snapshot,
                                        const std::string& relationship);
  std::string CompareEntity(const store::Snapshot& snapshot,
                            const std::string& key, const Question& question);
  std::string CompareRelationship(const store::Snapshot& snapshot,
                                  const std::string& id,
                                  std::optional<RelationshipId> found,
                                  const Question& question);
  std::string CompareNeighbourhood(const topology::Ground& ground,
                                   const std::string& key,
                                   const Question& question);
  void Follow(const store::Snapshot& snapshot);
  std::string CompareWays(const Lens& lens);
  std::string CompareLabels(const store::Snapshot& snapshot);
  bool IsListed(const LedgerRelationship& relationship) const;
  // Whether an entity is one with others as the question sees it.
  bool IsMerged(const std::string& entity, const Question& question);

  TempDir dir_;
  std::string path_;
  std::unique_ptr<store::Store> store_;
  ReferenceLedger ledger_;
  ReferenceModel model_;
  // Of the past revision that was asked for last.
  std::optional<uint64_t> past_revision_;
  std::unique_ptr<ReferenceModel> past_;
  std::map<std::string, RelationshipId> ids_;             // as found last
  std::shared_ptr<const topology::Adjacency> adjacency_;  // nullptr: not yet
  NumberCheck numbers_;
  RecordCheck records_;
  mutable int64_t reads_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_TWIN_H_
