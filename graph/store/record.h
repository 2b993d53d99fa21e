#ifndef GUANXI_GRAPH_STORE_RECORD_H_
#define GUANXI_GRAPH_STORE_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/model/resolve.h"
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

// A record as it lies in the map; views its bytes, which must outlive it.
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

  // Requires index < fact_count(). DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<RecordFact> ReadFact(size_t index,
                                      const Catalog& catalog) const;

  // Likewise, but puts it behind `facts`; what an error leaves there means
  // nothing. To move a fact takes a good part of what it takes to read it.
  absl::Status AppendFact(size_t index, const Catalog& catalog,
                          std::vector<RecordFact>& facts) const;

 private:
  RecordView(absl::string_view head, absl::string_view directory,
             absl::string_view heap, size_t fact_count)
      : head_(head),
        directory_(directory),
        heap_(heap),
        fact_count_(fact_count) {}

  absl::Status Read(size_t index, const Catalog& catalog,
                    RecordFact& fact) const;
  // Kind and name in one number, as the directory is sorted.
  uint64_t SortKey(size_t index) const;
  uint64_t End(size_t index) const;

  absl::string_view head_;
  absl::string_view directory_;
  absl::string_view heap_;
  size_t fact_count_ = 0;
};

// All facts of a record, in the order of FactKey.
absl::StatusOr<std::vector<RecordFact>> ReadFacts(const RecordView& record,
                                                  const Catalog& catalog);

// Puts facts in the order of FactKey, in which those of a record nearly stand.
void SortFacts(std::vector<RecordFact>& facts);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_RECORD_H_
