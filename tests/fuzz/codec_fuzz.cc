// Any bytes as what stands in a store: values, declarations, records, and
// blocks of sorted sets. They are refused as damaged, or what they say is
// written as bytes that say the same.

#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/base/check.h"
#include "graph/store/catalog.h"
#include "graph/store/fact_codec.h"
#include "graph/store/record.h"
#include "graph/store/schema_codec.h"
#include "graph/store/tuple_block.h"
#include "graph/value/codec.h"
#include "tests/fuzz/byte_source.h"
#include "tests/fuzz/fuzz_target.h"

namespace guanxi::store {
namespace {

using test::RequireOk;

// A damaged thing is said to be one.
template <typename T>
bool IsSound(const absl::StatusOr<T>& read) {
  if (read.ok()) return true;
  GUANXI_CHECK(absl::IsDataLoss(read.status()));
  return false;
}

// Names that the records speak of.
const Catalog& Words() {
  static const Catalog& words = *[] {
    auto* const catalog = new Catalog;
    for (const char* name : {"Company", "Person"}) catalog->labels.Intern(name);
    for (const char* name : {"OWNS", "=same"}) catalog->types.Intern(name);
    for (const char* name : {"name", "age", "percent"}) {
      catalog->properties.Intern(name);
    }
    return catalog;
  }();
  return words;
}

// What a value says when it is written is what it said when it was read.
void TestValue(absl::string_view bytes) {
  ByteReader reader(bytes);
  const Value value = reader.ReadValue();
  ByteReader skipper(bytes);
  skipper.SkipValue();
  if (!reader.ok()) return;
  GUANXI_CHECK(skipper.ok());
  GUANXI_CHECK(skipper.rest() == reader.rest());
  std::string written;
  PutValue(value, &written);
  GUANXI_CHECK(written == bytes.substr(0, bytes.size() - reader.rest().size()));
}

void TestDates(absl::string_view bytes) {
  ByteReader reader(bytes);
  const Date date = reader.ReadDate();
  const When when = reader.ReadWhen();
  if (!reader.ok()) return;
  std::string written;
  PutDate(date, &written);
  PutWhen(when, &written);
  GUANXI_CHECK(written == bytes.substr(0, bytes.size() - reader.rest().size()));
}

void TestDeclaration(absl::string_view bytes) {
  const auto read = DecodeDeclaration(bytes);
  if (!IsSound(read)) return;
  const std::string written = EncodeDeclaration(*read);
  const auto again = DecodeDeclaration(written);
  RequireOk(again.status());
  GUANXI_CHECK(EncodeDeclaration(*again) == written);
}

void TestFactKey(absl::string_view bytes) {
  ByteReader reader(bytes);
  const FactKey key = ReadFactKey(reader);
  if (!reader.ok()) return;
  std::string written;
  PutFactKey(key, &written);
  ByteReader again(written);
  const FactKey same = ReadFactKey(again);
  GUANXI_CHECK(again.ok() && again.done());
  GUANXI_CHECK(same == key);
}

// A fact that is read in the short way is what it is in the long one.
void TestFacts(const RecordView& record) {
  for (size_t index = 0; index < record.fact_count(); ++index) {
    const auto fact = record.ReadFact(index, Words());
    SoleFact sole;
    const auto short_way = record.ReadSoleFact(index, Words(), sole);
    if (!IsSound(fact)) continue;
    GUANXI_CHECK(short_way.ok());
    if (!*short_way) continue;
    GUANXI_CHECK(sole.slices.size() == fact->slices.size());
  }
}

void TestRecord(absl::string_view bytes) {
  const auto record = RecordView::Parse(bytes);
  if (!IsSound(record)) return;
  IsSound(record->ReadRelationshipHead());
  TestFacts(*record);
  IsSound(ReadFacts(*record, Words()));
  IsSound(ReadFacts(*record, Words(), {.existence = true}));
  IsSound(ReadFacts(*record, Words(), {.labels = true, .property = "age"}));
  for (const FactKind kind : {FactKind::kExistence, FactKind::kProperty}) {
    const RecordView::Range range = record->Find(kind, 1);
    GUANXI_CHECK(range.begin <= range.end);
    GUANXI_CHECK(range.end <= record->fact_count());
  }
}

// What can be read in place is what a block holds that is taken apart.
template <size_t N>
void TestBlock(absl::string_view bytes) {
  const auto view = BlockView<N>::Parse(bytes);
  const auto block = DecodeBlock<N>(bytes);
  if (!IsSound(view)) {
    GUANXI_CHECK(!IsSound(block));
    return;
  }
  IsSound(BlockHeader::Parse(bytes));
  if (!IsSound(block)) return;
  GUANXI_CHECK(view->count() == block->tuples.size());
  for (size_t i = 0; i < view->count(); ++i) {
    GUANXI_CHECK(view->tuple(i) == block->tuples[i]);
    GUANXI_CHECK(view->LowerBound(block->tuples[i]) == i);
  }
  const std::string written =
      EncodeBlock<N>(absl::MakeConstSpan(block->tuples), block->has_next);
  GUANXI_CHECK(DecodeBlock<N>(written)->tuples == block->tuples);
}

void TestOne(test::ByteSource source) {
  constexpr void (*kTests[])(absl::string_view) = {
      TestValue,    TestDates,    TestDeclaration, TestFactKey,  TestRecord,
      TestBlock<1>, TestBlock<2>, TestBlock<3>,    TestBlock<4>, TestBlock<5>};
  const uint32_t choice = source.Below(std::size(kTests));
  kTests[choice](source.rest());
}

}  // namespace
}  // namespace guanxi::store

void guanxi::test::TryInput(absl::string_view input) {
  store::TestOne(ByteSource(input));
}
