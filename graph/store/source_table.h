#ifndef GUANXI_GRAPH_STORE_SOURCE_TABLE_H_
#define GUANXI_GRAPH_STORE_SOURCE_TABLE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/model/resolve.h"
#include "graph/store/key.h"
#include "graph/store/tables.h"
#include "graph/value/value.h"

namespace guanxi::store {

// A source with all descriptions it was given; the last one stands.
struct SourceRecord {
  struct Version {
    Revision since;
    Map description;
  };

  SourceId id;
  std::string name;  // as sources are cited: "a000"
  std::vector<Version> versions;

  const Map& description() const { return versions.back().description; }

  // As it was described at a revision; by its first description before that.
  const Map& DescriptionAt(Revision revision) const;
};

// Whether two descriptions of a source say the same of what decides how much it
// weighs.
bool SameWeight(const Map& a, const Map& b);

// NOT_FOUND [SOURCE_NOT_FOUND]: for whoever names a source that is not there.
absl::Status NoSuchSource(absl::string_view name);

// The names in `derived_from` of a description.
std::vector<std::string> DerivedFrom(const Map& description);

// Names of sources stand beside their records in one table.
absl::StatusOr<std::optional<SourceId>> FindSourceId(const kv::Txn& txn,
                                                     const Tables& tables,
                                                     absl::string_view name);
// Likewise; NOT_FOUND [SOURCE_NOT_FOUND] if there is none.
absl::StatusOr<SourceId> RequireSource(const kv::Txn& txn, const Tables& tables,
                                       absl::string_view name);
absl::StatusOr<std::optional<SourceRecord>> ReadSource(const kv::Txn& txn,
                                                       const Tables& tables,
                                                       SourceId id);
absl::Status WriteSource(const SourceRecord& source, const Tables& tables,
                         kv::WriteTxn& txn);

// Visits the name of each source, in order. Ends with the first error of
// `visit`.
absl::Status ForEachSourceName(
    const kv::Txn& txn, const Tables& tables,
    absl::FunctionRef<absl::Status(const std::string&)> visit);

// Works out how much sources weigh, following `derived_from` to their lineage
// roots (domain.md §6.4), as they were described at a revision. Remembers what
// it has read: one for each state.
class Standings {
 public:
  // Most sources in one lineage.
  static constexpr size_t kMaxLineage = 200;

  Standings(const kv::Txn& txn, const Tables& tables, Revision revision)
      : txn_(txn), tables_(tables), revision_(revision) {}

  // Of the source with this name; of none, the weakest. Valid until Forget().
  absl::StatusOr<const Standing*> Of(absl::string_view source);

  void Forget() { known_.clear(); }

 private:
  absl::StatusOr<Standing> WorkOut(absl::string_view source);
  absl::StatusOr<Map> Describe(absl::string_view source) const;

  const kv::Txn& txn_;
  Tables tables_;
  Revision revision_;
  std::map<std::string, Standing, std::less<>> known_;
};

// Who rests on a source: the owners of claims that cite it and the sources that
// derive from it.
absl::Status AddSourceUse(SourceId source, Owner user, const Tables& tables,
                          kv::WriteTxn& txn);

// Every owner whose facts depend on `source`, directly or through sources that
// derive from it.
absl::StatusOr<std::vector<Owner>> DependentOwners(const kv::Txn& txn,
                                                   const Tables& tables,
                                                   SourceId source);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SOURCE_TABLE_H_
