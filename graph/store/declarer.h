#ifndef GUANXI_GRAPH_STORE_DECLARER_H_
#define GUANXI_GRAPH_STORE_DECLARER_H_

#include <set>
#include <string>

#include "absl/status/status.h"

#include "graph/kv/txn.h"
#include "graph/model/statement.h"
#include "graph/store/catalog.h"
#include "graph/store/counters.h"
#include "graph/store/drafts.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// Applies the statements that say what words mean: sources and the schema.
class Declarer {
 public:
  Declarer(kv::WriteTxn& txn, const Tables& tables, Catalog& catalog,
           Counters& counters, Drafts& drafts)
      : txn_(txn),
        tables_(tables),
        catalog_(catalog),
        counters_(counters),
        drafts_(drafts) {}

  // Stores what is new, and builds the index of a property that gets one.
  // INVALID_ARGUMENT [SCHEMA_INVALID]. FAILED_PRECONDITION [SCHEMA_IN_USE]:
  // facts forbid the change. RESOURCE_EXHAUSTED [COMMIT_TOO_LARGE]: to look at
  // them there are too many entities.
  absl::Status Declare(const Declaration& declaration);

  absl::Status Describe(const SourceStatement& source);

  // After the last Describe(): notes from which sources this one derives.
  // NOT_FOUND [SOURCE_NOT_FOUND]: one of them is not declared.
  absl::Status LinkLineage(const SourceStatement& source);

  // The properties that Declare() made unique: their values are to be checked.
  const std::set<std::string>& newly_unique() const { return newly_unique_; }

 private:
  absl::Status BuildIndex(const PropertyDeclaration& property);
  absl::Status CheckValues(const PropertyDeclaration& property) const;
  absl::Status CheckUse(const PropertyDeclaration& property) const;
  absl::Status CheckUse(const RelationshipDeclaration& type) const;
  absl::Status CheckUse(const LabelDeclaration&) const {
    return absl::OkStatus();  // ancestors are worked out by readers
  }

  kv::WriteTxn& txn_;
  Tables tables_;
  Catalog& catalog_;
  Counters& counters_;
  Drafts& drafts_;
  std::set<std::string> newly_unique_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_DECLARER_H_
