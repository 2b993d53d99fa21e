#include "graph/store/number_scan.h"

#include <algorithm>
#include <string>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/lens.h"
#include "graph/store/record.h"

namespace guanxi::store {
namespace {

// Of one property, under any lens.
class NumberReader {
 public:
  NumberReader(absl::string_view property, const Catalog& catalog)
      : name_(property),
        id_(catalog.properties.Find(property)),
        catalog_(catalog) {}

  absl::StatusOr<std::optional<NumberRange>> Read(
      const RecordView& record) const {
    std::optional<NumberRange> said = NumberRange();
    ASSIGN_OR_RETURN(const RelationshipHead head,
                     record.ReadRelationshipHead());
    const auto key = head.keys.find(name_);
    if (key != head.keys.end()) Add(key->second, said);
    if (!id_.has_value()) return said;
    const RecordView::Range facts =
        record.Find(FactKind::kProperty, id_->value);
    for (size_t i = facts.begin; said.has_value() && i < facts.end; ++i) {
      ASSIGN_OR_RETURN(const RecordFact fact, record.ReadFact(i, catalog_));
      if (!HoldsAlways(fact.slices)) return std::nullopt;
      Add(fact.winners[fact.slices.front().winner].value, said);
    }
    return said;
  }

 private:
  // A second number is one too many.
  static void Add(const Value& value, std::optional<NumberRange>& said) {
    const std::optional<NumberRange> number = NumberRangeOf(value);
    if (!number.has_value()) return;
    said = said->empty() ? number : std::nullopt;
  }

  const std::string name_;
  const std::optional<PropertyId> id_;
  const Catalog& catalog_;
};

}  // namespace

absl::Status ScanNumbers(const Standpoint& at, absl::string_view property,
                         absl::FunctionRef<absl::Status(
                             RelationshipId, const std::optional<NumberRange>&)>
                             visit) {
  GUANXI_CHECK(at.latest);
  const NumberReader reader(property, at.catalog);
  kv::Cursor cursor = at.txn.Walk(at.tables.relationship);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    ASSIGN_OR_RETURN(const uint64_t id,
                     ReadIdRow(cursor.key(), "a relationship"));
    ASSIGN_OR_RETURN(const RecordView record,
                     RecordView::Parse(cursor.value()));
    ASSIGN_OR_RETURN(const std::optional<NumberRange> range,
                     reader.Read(record));
    RETURN_IF_ERROR(visit({id}, range));
  }
  return cursor.status();
}

absl::StatusOr<uint64_t> RelationshipBound(const Standpoint& at) {
  kv::Cursor cursor = at.txn.Walk(at.tables.relationship);
  cursor.SeekAtOrBefore(IdKey(kMaxId));
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.Valid()) return 0;
  ASSIGN_OR_RETURN(const uint64_t last,
                   ReadIdRow(cursor.key(), "a relationship"));
  return last + 1;
}

bool MayBeOfRelationships(absl::string_view property, const Catalog& catalog) {
  if (catalog.properties.Find(property).has_value()) return true;
  return std::ranges::any_of(
      catalog.schema.relationships(), [property](const auto& declared) {
        return std::ranges::count(declared.second.keys, property) > 0;
      });
}

}  // namespace guanxi::store
