#ifndef GUANXI_GRAPH_STORE_ASSERTER_H_
#define GUANXI_GRAPH_STORE_ASSERTER_H_

#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/fact.h"
#include "graph/model/statement.h"
#include "graph/store/catalog.h"
#include "graph/store/claim_writer.h"
#include "graph/store/commit_request.h"
#include "graph/store/drafts.h"

namespace guanxi::store {

// Takes statements apart into the facts that they state.
class Asserter {
 public:
  Asserter(const Catalog& catalog, Drafts& drafts, ClaimWriter& claims,
           CommitResult& result)
      : catalog_(catalog), drafts_(drafts), claims_(claims), result_(result) {}

  // Before any Assert(): that the statements declare this entity.
  absl::Status DeclareEntity(absl::string_view key);

  // Each applies `body`, which is that of `statement`. Errors as
  // ClaimWriter::Write; INVALID_ARGUMENT [VALUE_TYPE], [TIME_KIND],
  // [STATES_NOTHING], [SELF_JUDGEMENT]; NOT_FOUND [ENTITY_NOT_FOUND].
  absl::Status Assert(const EntityStatement& body, const Statement& statement);
  absl::Status Assert(const PropertyStatement& body,
                      const Statement& statement);
  absl::Status Assert(const RelationshipStatement& body,
                      const Statement& statement);
  absl::Status Assert(const JudgementStatement& body,
                      const Statement& statement);

  // Flushes the drafts first, so that all relationships are found.
  absl::Status Delete(const DeleteEntityStatement& body);
  absl::Status Delete(const DeleteRelationshipStatement& body);

 private:
  absl::StatusOr<Draft*> UseEntity(absl::string_view key);
  absl::Status AssertProperty(Draft* entity, absl::string_view property,
                              const Value& value, const Tail& tail,
                              const Statement& statement);
  // Splits the properties of a relationship into its key and the rest, and
  // puts symmetric ends in order.
  absl::StatusOr<RelationshipKey> MakeKey(const RelationshipStatement& body,
                                          Map& rest) const;
  absl::Status CheckTime(const RelationshipStatement& body) const;
  void NoteUnknown(absl::string_view what, absl::string_view name,
                   bool declared, const Statement& statement);
  void NoteProblem(const std::optional<std::string>& problem,
                   const Statement& statement);

  const Catalog& catalog_;
  Drafts& drafts_;
  ClaimWriter& claims_;
  CommitResult& result_;
  std::set<std::string, std::less<>> declared_;
  std::set<std::string> noted_names_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ASSERTER_H_
