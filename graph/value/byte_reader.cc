#include <algorithm>
#include <bit>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/value/codec.h"
#include "graph/value/codec_layout.h"
#include "graph/value/scaled.h"

namespace guanxi {
namespace {

// Refuses numbers with needless bytes, so that a number has one form.
template <typename Unsigned>
Unsigned ReadVarintOf(ByteReader& reader) {
  constexpr int kBits = static_cast<int>(8 * sizeof(Unsigned));
  Unsigned number = 0;
  for (int shift = 0; shift < kBits; shift += layout::kVarintBits) {
    const uint8_t byte = reader.Byte();
    const unsigned payload = byte & (layout::kVarintMore - 1U);
    const int room = kBits - shift;
    if (room < layout::kVarintBits && (payload >> room) != 0) break;
    number |= static_cast<Unsigned>(payload) << shift;
    if ((byte & layout::kVarintMore) != 0) continue;
    if (payload == 0 && shift > 0) break;
    return number;
  }
  reader.Fail();
  return 0;
}

// A number that a type holds; fails if it does not.
template <typename Integer>
Integer ReadSigned(ByteReader& reader) {
  const int64_t number = reader.Signed();
  if (number < std::numeric_limits<Integer>::min() ||
      number > std::numeric_limits<Integer>::max()) {
    reader.Fail();
    return 0;
  }
  return static_cast<Integer>(number);
}

// The value of `result`, or a failure and the value that a failed read returns.
template <typename T>
T OrFail(ByteReader& reader, const absl::StatusOr<T>& result, const T& zero) {
  if (result.ok() && reader.ok()) return *result;
  reader.Fail();
  return zero;
}

Decimal ReadDecimal(ByteReader& reader) {
  const UInt128 zigzag = ReadVarintOf<UInt128>(reader);
  const Int128 half = static_cast<Int128>(zigzag >> 1);
  const Int128 coefficient = (zigzag & 1) != 0 ? -half - 1 : half;
  const auto exponent = ReadSigned<int32_t>(reader);
  const uint8_t fraction_digits = reader.Byte();
  return OrFail(reader, Decimal::Make(coefficient, exponent, fraction_digits),
                Decimal());
}

Quantity ReadRange(ByteReader& reader, uint8_t head) {
  const Decimal lower = ReadDecimal(reader);
  const Decimal upper = ReadDecimal(reader);
  const absl::string_view unit = reader.String();
  return OrFail(
      reader,
      Quantity::Range(
          {.number = lower, .closed = (head & layout::kLowerClosed) != 0},
          {.number = upper, .closed = (head & layout::kUpperClosed) != 0},
          std::string(unit)),
      Quantity(QuantityOp::kExact, Decimal(), ""));
}

Quantity ReadQuantity(ByteReader& reader) {
  const uint8_t head = reader.Byte();
  const auto op = static_cast<QuantityOp>(head & layout::kOpMask);
  constexpr int kFlags = layout::kLowerClosed | layout::kUpperClosed;
  if (op == QuantityOp::kRange && (head & ~(layout::kOpMask | kFlags)) == 0) {
    return ReadRange(reader, head);
  }
  const Decimal number = ReadDecimal(reader);
  std::string unit(reader.String());
  if (head >= static_cast<uint8_t>(QuantityOp::kRange) ||
      (!unit.empty() && !IsUnit(unit))) {
    reader.Fail();
  }
  if (!reader.ok()) return Quantity(QuantityOp::kExact, Decimal(), "");
  return Quantity(op, number, std::move(unit));
}

void SkipDecimal(ByteReader& reader) {
  reader.SkipVarint();  // the coefficient
  reader.SkipVarint();  // the exponent
  reader.Byte();        // the digits after the point
}

void SkipQuantity(ByteReader& reader) {
  const auto op = static_cast<QuantityOp>(reader.Byte() & layout::kOpMask);
  SkipDecimal(reader);
  if (op == QuantityOp::kRange) SkipDecimal(reader);
  reader.String();  // the unit
}

bool ReadBool(ByteReader& reader) {
  const uint8_t byte = reader.Byte();
  if (byte > 1) reader.Fail();
  return byte == 1;
}

double ReadDouble(ByteReader& reader) {
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i) {
    bits |= static_cast<uint64_t>(reader.Byte()) << (8 * i);
  }
  return std::bit_cast<double>(bits);
}

Text ReadText(ByteReader& reader) {
  std::string text(reader.String());
  return {.text = std::move(text), .language = std::string(reader.String())};
}

DateTime ReadDateTime(ByteReader& reader) {
  const DateTime time{reader.Signed()};
  if (time.IsValid()) return time;
  reader.Fail();
  return DateTime();
}

Duration ReadDuration(ByteReader& reader) {
  Duration duration;
  duration.months = ReadSigned<int32_t>(reader);
  duration.days = ReadSigned<int32_t>(reader);
  duration.seconds = reader.Signed();
  return duration;
}

Bound ReadBound(ByteReader& reader, size_t kind) {
  if (kind == Bound(OpenBound{}).index()) return OpenBound{};
  if (kind == Bound(UnknownBound{}).index()) return UnknownBound{};
  return reader.ReadDate();
}

}  // namespace

uint64_t ByteReader::LongVarint() { return ReadVarintOf<uint64_t>(*this); }

int64_t ByteReader::Signed() {
  const uint64_t zigzag = Varint();
  const uint64_t half = zigzag >> 1;
  return static_cast<int64_t>((zigzag & 1) != 0 ? ~half : half);
}

Day ByteReader::ReadDay() {
  const uint64_t code = Varint();
  if (!ok_) return Day();
  if (code == layout::kBeginningOfTime) return kBeginningOfTime;
  if (code == layout::kEndOfTime) return kEndOfTime;
  const uint64_t zigzag = code - layout::kFirstDay;
  const auto half = static_cast<int64_t>(zigzag >> 1);
  const int64_t number = (zigzag & 1) != 0 ? -half - 1 : half;
  if (number <= kBeginningOfTime.number || number >= kEndOfTime.number) {
    Fail();
    return Day();
  }
  return {static_cast<int32_t>(number)};
}

Date ByteReader::ReadDate() {
  const uint8_t head = Byte();
  const uint64_t year = Varint();
  const auto precision =
      static_cast<Date::Precision>(head & layout::kPrecisionMask);
  constexpr int kAll =
      layout::kPrecisionMask | layout::kApproximate | layout::kUncertain;
  if ((head & ~kAll) != 0 || precision > Date::Precision::kDay ||
      year > static_cast<uint64_t>(std::numeric_limits<int16_t>::max())) {
    Fail();
    return Date();
  }
  Date::Parts parts{.year = static_cast<int>(year), .precision = precision};
  if (precision != Date::Precision::kYear) parts.part = Byte();
  if (precision == Date::Precision::kDay) parts.day = Byte();
  parts.approximate = (head & layout::kApproximate) != 0;
  parts.uncertain = (head & layout::kUncertain) != 0;
  return OrFail(*this, Date::Make(parts), Date());
}

When ByteReader::ReadWhen() {
  const uint8_t head = Byte();
  if (head == layout::kOneDate) return When(ReadDate());
  const size_t bounds = size_t{head} - layout::kInterval;
  if (bounds >= layout::kBoundKinds * layout::kBoundKinds) {
    Fail();
    return When(Date());
  }
  const Bound start = ReadBound(*this, bounds / layout::kBoundKinds);
  const Bound end = ReadBound(*this, bounds % layout::kBoundKinds);
  return OrFail(*this, When::Interval(start, end), When(Date()));
}

Value ByteReader::ReadValue() {
  Value value = ReadValueAt(0);
  if (!ok_) value = Value();
  return value;
}

Value ByteReader::ReadValueAt(int depth) {
  return ReadValueOf(static_cast<Value::Kind>(Byte()), depth);
}

Value ByteReader::ReadValueOf(Value::Kind kind, int depth) {
  switch (kind) {
    case Value::Kind::kNull:
      return Value();
    case Value::Kind::kBool:
      return Value(ReadBool(*this));
    case Value::Kind::kInt:
      return Value(Signed());
    case Value::Kind::kDouble:
      return Value(ReadDouble(*this));
    case Value::Kind::kDecimal:
      return Value(ReadDecimal(*this));
    case Value::Kind::kText:
      return Value(ReadText(*this));
    case Value::Kind::kBytes:
      return Value(Bytes{.bytes = std::string(String())});
    case Value::Kind::kDate:
      return Value(ReadDate());
    case Value::Kind::kInterval:
      return Value(ReadWhen());
    case Value::Kind::kDateTime:
      return Value(ReadDateTime(*this));
    case Value::Kind::kDuration:
      return Value(ReadDuration(*this));
    case Value::Kind::kQuantity:
      return Value(ReadQuantity(*this));
    case Value::Kind::kList:
      return Value(ReadListAt(depth + 1));
    case Value::Kind::kMap:
      return Value(ReadMapAt(depth + 1));
  }
  Fail();
  return Value();
}

List ByteReader::ReadListAt(int depth) {
  List list;
  const uint64_t count = ReadCount(depth);
  for (uint64_t i = 0; i < count && ok_; ++i) {
    list.push_back(ReadValueAt(depth));
  }
  return list;
}

Map ByteReader::ReadMapAt(int depth) {
  Map map;
  const uint64_t count = ReadCount(depth);
  for (uint64_t i = 0; i < count && ok_; ++i) {
    std::string name(String());
    const bool in_order = map.empty() || map.rbegin()->first < name;
    if (!in_order) Fail();
    map.emplace_hint(map.end(), std::move(name), ReadValueAt(depth));
  }
  return map;
}

void ByteReader::SkipVarint() {
  while ((Byte() & layout::kVarintMore) != 0) {
  }
}

void ByteReader::SkipValueAt(int depth) {
  const auto kind = static_cast<Value::Kind>(Byte());
  switch (kind) {
    case Value::Kind::kInt:
      return SkipVarint();
    case Value::Kind::kText:
      String();
      String();
      return;
    case Value::Kind::kQuantity:
      return SkipQuantity(*this);
    case Value::Kind::kMap:
      for (uint64_t left = ReadCount(depth + 1); left > 0 && ok_; --left) {
        String();
        SkipValueAt(depth + 1);
      }
      return;
    default:
      ReadValueOf(kind, depth);  // rare: not worth a second form
  }
}

uint64_t ByteReader::ReadCount(int depth) {
  const uint64_t count = Varint();
  if (depth <= Value::kMaxDepth && count <= rest_.size()) return count;
  Fail();
  return 0;
}

absl::Status CheckRead(const ByteReader& reader, absl::string_view what) {
  if (reader.ok() && reader.done()) return absl::OkStatus();
  const std::string name = absl::Utf8SafeCEscape(what);
  return MakeError(
      absl::StatusCode::kDataLoss, "STORE_DAMAGED",
      absl::StrCat("the bytes of ", name, " are damaged: ",
                   reader.ok() ? "some are left over" : "they do not decode",
                   "; restore a backup"),
      {{"what", name}});
}

}  // namespace guanxi
