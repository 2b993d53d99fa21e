#include "graph/store/record.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/fact_codec.h"
#include "graph/store/key.h"
#include "graph/store/limits.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

constexpr uint8_t kRecordVersion = 1;

// A directory entry: kind u8, name u32, end u32, each big-endian, so that kind
// and name compare as one number.
constexpr size_t kSortKeyBytes = 5;
constexpr size_t kEndBytes = 4;
constexpr size_t kEntryBytes = kSortKeyBytes + kEndBytes;

uint64_t MakeSortKey(FactKind kind, uint64_t name) {
  return static_cast<uint64_t>(kind) << 32 | name;
}

uint64_t NameId(const FactKey& key, Catalog& catalog) {
  switch (key.kind) {
    case FactKind::kLabel:
      return catalog.labels.Intern(key.name).value;
    case FactKind::kProperty:
      return catalog.properties.Intern(key.name).value;
    case FactKind::kExistence:
    case FactKind::kDate:
      return 0;
  }
  return 0;
}

const std::string* NameOf(FactKind kind, uint64_t id, const Catalog& catalog) {
  static const std::string& none = *new std::string();
  switch (kind) {
    case FactKind::kLabel:
      return catalog.labels.Get(LabelId{id});
    case FactKind::kProperty:
      return catalog.properties.Get(PropertyId{id});
    case FactKind::kExistence:
    case FactKind::kDate:
      return &none;
  }
  return nullptr;
}

bool IsWanted(FactKind kind, const Portion& portion) {
  return portion.all || (portion.existence && kind == FactKind::kExistence) ||
         (portion.labels && kind == FactKind::kLabel);
}

absl::Status RecordTooLarge() {
  const std::string most = absl::StrCat(kMaxRecordBytes);
  return MakeError(
      absl::StatusCode::kResourceExhausted, "RECORD_TOO_LARGE",
      absl::StrCat("the facts of one entity or relationship take "
                   "more than ",
                   most, " bytes; expected less, as by shorter values"),
      {{"limit", most}});
}

absl::StatusOr<std::string> Encode(absl::string_view head,
                                   const std::vector<RecordFact>& facts,
                                   Catalog& catalog) {
  std::vector<std::pair<uint64_t, const RecordFact*>> sorted;
  for (const RecordFact& fact : facts) {
    sorted.emplace_back(MakeSortKey(fact.key.kind, NameId(fact.key, catalog)),
                        &fact);
  }
  std::ranges::stable_sort(sorted, {},
                           [](const auto& entry) { return entry.first; });
  std::string directory;
  std::string heap;
  for (const auto& [sort_key, fact] : sorted) {
    PutFact(*fact, &heap);
    if (heap.size() > kMaxRecordBytes) return RecordTooLarge();
    directory += BigEndian(sort_key, kSortKeyBytes);
    directory += BigEndian(heap.size(), kEndBytes);
  }
  std::string out(1, static_cast<char>(kRecordVersion));
  PutString(head, &out);
  PutVarint(facts.size(), &out);
  out += directory;
  out += heap;
  if (out.size() > kMaxRecordBytes) return RecordTooLarge();
  return out;
}

}  // namespace

absl::StatusOr<std::string> EncodeEntity(const EntityHead& head,
                                         const std::vector<RecordFact>& facts,
                                         Catalog& catalog) {
  return Encode(head.key, facts, catalog);
}

absl::StatusOr<std::string> EncodeRelationship(
    const RelationshipHead& head, const std::vector<RecordFact>& facts,
    Catalog& catalog) {
  std::string bytes;
  PutVarint(head.subject.value, &bytes);
  PutVarint(head.object.value, &bytes);
  PutVarint(head.type.value, &bytes);
  PutVarint(head.created.number, &bytes);
  PutString(head.name, &bytes);
  PutMap(head.keys, &bytes);
  return Encode(bytes, facts, catalog);
}

absl::StatusOr<RecordView> RecordView::Parse(absl::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.Byte() != kRecordVersion) reader.Fail();
  const absl::string_view head = reader.String();
  const uint64_t count = reader.Varint();
  if (count > reader.rest().size() / kEntryBytes) reader.Fail();
  const absl::string_view directory = reader.Take(count * kEntryBytes);
  const absl::string_view heap = reader.rest();
  RecordView record(head, directory, heap, count);
  uint64_t end = 0;
  for (size_t i = 0; reader.ok() && i < count; ++i) {
    const uint64_t next = record.End(i);
    if (next < end || next > heap.size()) reader.Fail();
    end = next;
  }
  if (end != heap.size()) reader.Fail();
  if (!reader.ok()) RETURN_IF_ERROR(CheckRead(reader, "a record"));
  return record;
}

// Of a length that the compiler knows, as entries are read more often than
// anything else.
uint64_t RecordView::SortKey(size_t index) const {
  GUANXI_DCHECK(index < fact_count_);
  const char* const entry = directory_.data() + index * kEntryBytes;
  return ReadBigEndian(absl::string_view(entry, kSortKeyBytes));
}

uint64_t RecordView::End(size_t index) const {
  GUANXI_DCHECK(index < fact_count_);
  const char* const entry = directory_.data() + index * kEntryBytes;
  return ReadBigEndian(absl::string_view(entry + kSortKeyBytes, kEndBytes));
}

FactKind RecordView::kind(size_t index) const {
  return static_cast<FactKind>(SortKey(index) >> 32);
}

uint64_t RecordView::name_id(size_t index) const {
  return SortKey(index) & std::numeric_limits<uint32_t>::max();
}

absl::StatusOr<RelationshipHead> RecordView::ReadRelationshipHead() const {
  ByteReader reader(head_);
  RelationshipHead head;
  head.subject.value = reader.Varint();
  head.object.value = reader.Varint();
  head.type.value = reader.Varint();
  head.created.number = reader.Varint();
  head.name = reader.OwnedString();
  head.keys = ReadMap(reader);
  for (const EntityId end : {head.subject, head.object}) {
    if (end.value == 0 || end.value > kMaxId) reader.Fail();
  }
  if (head.type.value > std::numeric_limits<uint32_t>::max()) reader.Fail();
  RETURN_IF_ERROR(CheckRead(reader, "the head of a relationship"));
  return head;
}

RecordView::Range RecordView::Find(FactKind kind, uint64_t name) const {
  const uint64_t wanted = MakeSortKey(kind, name);
  Range range;
  size_t end = fact_count_;
  while (range.begin < end) {
    const size_t middle = (range.begin + end) / 2;
    if (SortKey(middle) < wanted) {
      range.begin = middle + 1;
    } else {
      end = middle;
    }
  }
  range.end = range.begin;
  while (range.end < fact_count_ && SortKey(range.end) == wanted) ++range.end;
  return range;
}

absl::string_view RecordView::NameOrNone(size_t index,
                                         const Catalog& catalog) const {
  const std::string* name = NameOf(kind(index), name_id(index), catalog);
  return name == nullptr ? absl::string_view() : *name;
}

absl::string_view RecordView::Bytes(size_t index) const {
  const uint64_t begin = index == 0 ? 0 : End(index - 1);
  return heap_.substr(begin, End(index) - begin);
}

absl::Status RecordView::ReadName(size_t index, const Catalog& catalog,
                                  FactKey& key) const {
  key.kind = kind(index);
  const std::string* name = NameOf(key.kind, name_id(index), catalog);
  if (name == nullptr) return Damaged("a fact of a record has no name");
  key.name = *name;
  return absl::OkStatus();
}

absl::Status RecordView::ReadFact(size_t index, const Catalog& catalog,
                                  RecordFact& fact) const {
  RETURN_IF_ERROR(ReadName(index, catalog, fact.key));
  ByteReader reader(Bytes(index));
  store::ReadFact(reader, fact);
  return CheckRead(reader, "a fact of a record");
}

absl::StatusOr<RecordFact> RecordView::ReadFact(size_t index,
                                                const Catalog& catalog) const {
  RecordFact fact;
  RETURN_IF_ERROR(ReadFact(index, catalog, fact));
  return fact;
}

absl::StatusOr<bool> RecordView::ReadSoleFact(size_t index,
                                              const Catalog& catalog,
                                              SoleFact& fact) const {
  RETURN_IF_ERROR(ReadName(index, catalog, fact.stated.key));
  ByteReader reader(Bytes(index));
  if (!store::ReadSoleFact(reader, fact)) return false;
  RETURN_IF_ERROR(CheckRead(reader, "a fact of a record"));
  return true;
}

absl::InlinedVector<uint32_t, 16> RecordView::Order(
    const Portion& portion, const Catalog& catalog) const {
  Range named;
  if (!portion.property.empty()) {
    const auto property = catalog.properties.Find(portion.property);
    if (property) named = Find(FactKind::kProperty, property->value);
  }
  absl::InlinedVector<uint32_t, 16> order;
  for (uint32_t i = 0; i < fact_count_; ++i) {
    const bool is_named = i >= named.begin && i < named.end;
    if (is_named || IsWanted(kind(i), portion)) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::tuple(kind(a), NameOrNone(a, catalog), a) <
           std::tuple(kind(b), NameOrNone(b, catalog), b);
  });
  return order;
}

absl::StatusOr<std::vector<RecordFact>> ReadFacts(const RecordView& record,
                                                  const Catalog& catalog,
                                                  const Portion& portion) {
  const auto order = record.Order(portion, catalog);
  std::vector<RecordFact> facts;
  facts.reserve(order.size());
  for (const uint32_t index : order) {
    RETURN_IF_ERROR(record.ReadFact(index, catalog, facts.emplace_back()));
  }
  return facts;
}

}  // namespace guanxi::store
