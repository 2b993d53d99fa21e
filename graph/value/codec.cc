#include "graph/value/codec.h"

#include <bit>

#include "graph/base/check.h"
#include "graph/value/codec_layout.h"
#include "graph/value/scaled.h"

namespace guanxi {
namespace {

template <typename Unsigned>
void PutVarintOf(Unsigned number, std::string* out) {
  while (number >= layout::kVarintMore) {
    out->push_back(static_cast<char>(number | layout::kVarintMore));
    number >>= layout::kVarintBits;
  }
  out->push_back(static_cast<char>(number));
}

void PutByte(uint8_t byte, std::string* out) {
  out->push_back(static_cast<char>(byte));
}

void PutDecimal(const Decimal& number, std::string* out) {
  const Int128 coefficient = number.coefficient();
  const UInt128 twice = Magnitude(coefficient) << 1;
  PutVarintOf<UInt128>(coefficient < 0 ? twice - 1 : twice, out);
  PutSigned(number.exponent(), out);
  PutByte(static_cast<uint8_t>(number.fraction_digits()), out);
}

void PutQuantity(const Quantity& quantity, std::string* out) {
  const auto op = static_cast<uint8_t>(quantity.op());
  if (quantity.op() != QuantityOp::kRange) {
    PutByte(op, out);
    PutDecimal(quantity.number(), out);
  } else {
    const Interval ends = quantity.Stated();
    const int flags = (ends.lower->closed ? layout::kLowerClosed : 0) |
                      (ends.upper->closed ? layout::kUpperClosed : 0);
    PutByte(static_cast<uint8_t>(op | flags), out);
    PutDecimal(ends.lower->number, out);
    PutDecimal(ends.upper->number, out);
  }
  PutString(quantity.unit(), out);
}

void PutLittleEndian(uint64_t bits, std::string* out) {
  for (size_t i = 0; i < sizeof(bits); ++i) {
    PutByte(static_cast<uint8_t>(bits >> (8 * i)), out);
  }
}

// Appends what follows the byte of kind.
struct BodyWriter {
  void operator()(const Null&) const {}
  void operator()(bool held) const { PutByte(held ? 1 : 0, out); }
  void operator()(int64_t held) const { PutSigned(held, out); }
  void operator()(double held) const {
    PutLittleEndian(std::bit_cast<uint64_t>(held), out);
  }
  void operator()(const Decimal& held) const { PutDecimal(held, out); }
  void operator()(const Text& held) const {
    PutString(held.text, out);
    PutString(held.language, out);
  }
  void operator()(const Bytes& held) const { PutString(held.bytes, out); }
  void operator()(const Date& held) const { PutDate(held, out); }
  void operator()(const When& held) const { PutWhen(held, out); }
  void operator()(const DateTime& held) const {
    PutSigned(held.microseconds, out);
  }
  void operator()(const Duration& held) const {
    PutSigned(held.months, out);
    PutSigned(held.days, out);
    PutSigned(held.seconds, out);
  }
  void operator()(const Quantity& held) const { PutQuantity(held, out); }
  void operator()(const List& held) const {
    PutVarint(held.size(), out);
    for (const Value& value : held) PutNested(value);
  }
  void operator()(const Map& held) const {
    PutVarint(held.size(), out);
    for (const auto& [name, value] : held) {
      PutString(name, out);
      PutNested(value);
    }
  }

  void PutNested(const Value& value) const {
    GUANXI_CHECK(depth < Value::kMaxDepth);
    PutByte(static_cast<uint8_t>(value.kind()), out);
    std::visit(BodyWriter{out, depth + 1}, value.held());
  }

  std::string* out;
  int depth;  // of the value written
};

}  // namespace

void PutVarint(uint64_t number, std::string* out) {
  PutVarintOf<uint64_t>(number, out);
}

void PutSigned(int64_t number, std::string* out) {
  const uint64_t twice = static_cast<uint64_t>(number) << 1;
  PutVarint(number < 0 ? ~twice : twice, out);
}

void PutString(absl::string_view bytes, std::string* out) {
  PutVarint(bytes.size(), out);
  out->append(bytes.data(), bytes.size());
}

void PutDay(Day day, std::string* out) {
  if (day == kBeginningOfTime) {
    PutVarint(layout::kBeginningOfTime, out);
  } else if (day == kEndOfTime) {
    PutVarint(layout::kEndOfTime, out);
  } else {
    const int64_t number = day.number;
    const int64_t zigzag = number < 0 ? -2 * number - 1 : 2 * number;
    PutVarint(static_cast<uint64_t>(zigzag) + layout::kFirstDay, out);
  }
}

void PutDate(const Date& date, std::string* out) {
  const Date::Parts parts = date.parts();
  const int head = static_cast<int>(parts.precision) |
                   (parts.approximate ? layout::kApproximate : 0) |
                   (parts.uncertain ? layout::kUncertain : 0);
  PutByte(static_cast<uint8_t>(head), out);
  PutVarint(static_cast<uint64_t>(parts.year), out);
  if (parts.precision != Date::Precision::kYear) {
    PutByte(static_cast<uint8_t>(parts.part), out);
  }
  if (parts.precision == Date::Precision::kDay) {
    PutByte(static_cast<uint8_t>(parts.day), out);
  }
}

void PutWhen(const When& when, std::string* out) {
  const size_t bounds =
      when.start().index() * layout::kBoundKinds + when.end().index();
  PutByte(when.is_date() ? layout::kOneDate
                         : static_cast<uint8_t>(layout::kInterval + bounds),
          out);
  if (const Date* start = std::get_if<Date>(&when.start())) {
    PutDate(*start, out);
  }
  if (when.is_date()) return;
  if (const Date* end = std::get_if<Date>(&when.end())) PutDate(*end, out);
}

void PutValue(const Value& value, std::string* out) {
  PutByte(static_cast<uint8_t>(value.kind()), out);
  std::visit(BodyWriter{out, 0}, value.held());
}

}  // namespace guanxi
