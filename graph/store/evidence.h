#ifndef GUANXI_GRAPH_STORE_EVIDENCE_H_
#define GUANXI_GRAPH_STORE_EVIDENCE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/view.h"
#include "graph/store/fold.h"
#include "graph/store/key.h"
#include "graph/store/owner_facts.h"
#include "graph/store/record.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {

// The claims behind the facts of one owner, read when first asked for. Not
// thread-safe; must not outlive what it was made from.
class OwnerEvidence {
 public:
  // Of what `stored` holds, which must outlive this.
  OwnerEvidence(const Standpoint& at, const StoredEntity& stored);
  OwnerEvidence(const Standpoint& at, const StoredRelationship& stored);

  // The claims behind what `fact` shows on `day` by this slice, as `evidence`
  // asks; the shown one first.
  absl::StatusOr<std::vector<ClaimView>> ClaimsOf(const RecordFact& fact,
                                                  const Slice& slice, Day day,
                                                  Evidence evidence);

  // Every believed claim of the fact with its verdict on `day`; `shown` is the
  // slice that the view shows then, or nullptr.
  absl::StatusOr<std::vector<ClaimView>> AllClaims(const FactKey& fact,
                                                   const Slice* shown, Day day);

 private:
  absl::Status Load();
  absl::StatusOr<ClaimView> ReadWinner(const Winner& winner) const;
  absl::StatusOr<std::optional<StoredClaim>> FindClaim(uint32_t ordinal) const;
  ClaimView ViewOf(const FactCandidates& fact, size_t candidate) const;
  Revision ImplicitSince(const FactKey& fact) const;

  Standpoint at_;
  Owner owner_;
  const std::string* type_;  // of a relationship; of an entity nullptr
  const std::vector<RecordFact>& record_facts_;
  const std::optional<OwnerClaims>& folded_;
  std::unique_ptr<Standings> standings_;
  OwnerClaims said_;
  std::optional<OwnerFacts> facts_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_EVIDENCE_H_
