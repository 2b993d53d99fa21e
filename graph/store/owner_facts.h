#ifndef GUANXI_GRAPH_STORE_OWNER_FACTS_H_
#define GUANXI_GRAPH_STORE_OWNER_FACTS_H_

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/fact.h"
#include "graph/model/resolve.h"
#include "graph/model/schema.h"
#include "graph/store/claim_table.h"
#include "graph/store/record.h"
#include "graph/store/source_table.h"

namespace guanxi::store {

// All that is said of one owner: its explicit claims, believed or not, and its
// implicit ones. The implicit claim of a relationship stands at its existence,
// with its properties as a map.
struct OwnerClaims {
  std::vector<StoredClaim> claims;
  std::map<FactKey, ImplicitClaim> implicit;
};

// The believed claims of one fact, ready to be resolved.
struct FactCandidates {
  FactKey key;
  FactTime time;
  std::vector<Candidate> candidates;
  // For each candidate its stored form.
  std::vector<const StoredClaim*> stored;  // nullptr for the implicit claim
};

// The facts of one owner with their candidates. Keeps what the candidates point
// at, except the OwnerClaims and the Standings that it was made from.
class OwnerFacts {
 public:
  static absl::StatusOr<OwnerFacts> OfEntity(const OwnerClaims& claims,
                                             const Schema& schema,
                                             Standings& standings);
  // `type` is nullptr where it is not declared.
  static absl::StatusOr<OwnerFacts> OfRelationship(
      const OwnerClaims& claims, const RelationshipDeclaration* type,
      Standings& standings);

  // In the order of FactKey.
  const std::vector<FactCandidates>& facts() const { return facts_; }

  // Resolves every fact into what a record holds. RESOURCE_EXHAUSTED
  // [FACT_TOO_LARGE]: one has more claims than can be resolved in time.
  absl::StatusOr<std::vector<RecordFact>> ResolveAll(
      const OwnerClaims& claims) const;

 private:
  struct Said {  // one believed claim
    const Claim* claim;
    const StoredClaim* stored;
    const Standing* standing;
  };

  absl::StatusOr<std::vector<Said>> Believed(const OwnerClaims& claims,
                                             Standings& standings);
  static void Add(const Said& said, const Value* value, FactCandidates& fact);
  const Claim* Keep(Claim implicit);
  void AddExistence(const std::vector<Said>& said, const FactTime& time);
  void AddProperties(const std::vector<Said>& said, const FactTime& time);
  void AddDate(const std::vector<Said>& said, const FactTime& time);

  std::vector<FactCandidates> facts_;
  std::deque<Claim> implicit_;  // stable addresses
  std::deque<Value> values_;    // likewise: dates, denied properties
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_OWNER_FACTS_H_
