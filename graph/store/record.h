#ifndef GUANXI_GRAPH_STORE_RECORD_H_
#define GUANXI_GRAPH_STORE_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/model/resolve.h"
#include "graph/model/view.h"
#include "graph/store/catalog.h"

namespace guanxi::store {

// The resolved record of an entity or a relationship (docs/file-format.md,
// "Records"): a head, a sorted directory of facts, and for each fact its slices
// under the graph's one policy. Reading one fact is a binary search in the
// mapped bytes; only what is asked for is decoded.

// A write without a tail, kept in the record itself.
struct ImplicitClaim {
  Revision since;
  Value value;  // of a property; of a relationship: its map of properties
  Map qualifiers;
};

// The claim that some slice of a fact shows.
struct Winner {
  uint32_t claim = 0;  // its ordinal among the owner's claims; 0: the implicit
  Mode mode = Mode::kAsserted;
  double confidence = 1;
  Value value;
  Map qualifiers;
};

struct RecordFact {
  FactKey key;
  std::optional<ImplicitClaim> implicit;
  std::vector<Winner> winners;
  std::vector<Slice> slices;  // Slice::winner counts in `winners`
};

// A fact of which every slice that shows anything shows the one claim.
struct SoleFact {
  // As the claim states it; without days, flags and claims, which are those of
  // a slice. Of no property, but existence, a label or a date: its key and, of
  // a date, its value.
  PropertyView stated;
  absl::InlinedVector<Slice, 2> slices;
};

// What facts of one kind are called: the id of the name in the catalog, and the
// name, which must outlive this.
struct FactName {
  FactKind kind = FactKind::kProperty;
  uint64_t id = 0;
  absl::string_view name;
};

// Which facts of a record are to be read.
struct Portion {
  bool all = false;
  bool existence = false;
  bool labels = false;
  absl::string_view property;  // empty: none
};
inline constexpr Portion kAllFacts = {.all = true};

struct EntityHead {
  std::string key;
};

struct RelationshipHead {
  EntityId subject;
  EntityId object;
  TypeId type;
  Revision created;
  std::string name;
  Map keys;
};

// RESOURCE_EXHAUSTED [RECORD_TOO_LARGE]: more than kMaxRecordBytes.
absl::StatusOr<std::string> EncodeEntity(const EntityHead& head,
                                         const std::vector<RecordFact>& facts,
                                         Catalog& catalog);
absl::StatusOr<std::string> EncodeRelationship(
    const RelationshipHead& head, const std::vector<RecordFact>& facts,
    Catalog& catalog);

// A record as it lies in the map or in memory; views its bytes, which must
// outlive it.
class RecordView {
 public:
  // DATA_LOSS [STORE_DAMAGED] if `bytes` is no record.
  static absl::StatusOr<RecordView> Parse(absl::string_view bytes);

  size_t fact_count() const { return fact_count_; }

  // Of an entity. Views the record's bytes.
  absl::string_view entity_key() const { return head_; }
  absl::StatusOr<RelationshipHead> ReadRelationshipHead() const;

  // The facts of one kind and name (of FactKind::kLabel or kProperty: the id of
  // the interned name, else 0), as a range of indexes.
  struct Range {
    size_t begin = 0;
    size_t end = 0;
  };
  Range Find(FactKind kind, uint64_t name) const;

  FactKind kind(size_t index) const;
  uint64_t name_id(size_t index) const;  // as of Find()

  // Requires index < fact_count(). DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<RecordFact> ReadFact(size_t index,
                                      const Catalog& catalog) const;

  // Likewise into a fact that is empty still: to move one takes a good part of
  // what it takes to read it.
  absl::Status ReadFact(size_t index, const Catalog& catalog,
                        RecordFact& fact) const;

  // Likewise, if one claim alone is shown of it, whenever it is: without the
  // implicit claim, and for half of what ReadFact() takes. False: what is in
  // `fact` means nothing, and ReadFact() is to be asked.
  absl::StatusOr<bool> ReadSoleFact(size_t index, const Catalog& catalog,
                                    SoleFact& fact) const;

  // Its wanted facts in the order of FactKey: by kinds and names, and within
  // one name as they stand.
  absl::InlinedVector<uint32_t, 16> Order(const Portion& portion,
                                          const Catalog& catalog) const;

 private:
  RecordView(absl::string_view head, absl::string_view directory,
             absl::string_view heap, size_t fact_count)
      : head_(head),
        directory_(directory),
        heap_(heap),
        fact_count_(fact_count) {}

  // Empty if the catalog has none, as of a damaged record.
  absl::string_view NameOrNone(size_t index, const Catalog& catalog) const;
  absl::string_view Bytes(size_t index) const;
  absl::Status ReadName(size_t index, const Catalog& catalog,
                        FactKey& key) const;
  // Kind and name in one number, as the directory is sorted.
  uint64_t SortKey(size_t index) const;
  uint64_t End(size_t index) const;

  absl::string_view head_;
  absl::string_view directory_;
  absl::string_view heap_;
  size_t fact_count_ = 0;
};

// Facts of a record, in the order of FactKey.
absl::StatusOr<std::vector<RecordFact>> ReadFacts(
    const RecordView& record, const Catalog& catalog,
    const Portion& portion = kAllFacts);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_RECORD_H_
