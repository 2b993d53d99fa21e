#include "graph/store/fact_codec.h"

#include <bit>

namespace guanxi::store {
namespace {

// What a fact key has beyond its name: one bit for each part that is given.
enum KeyPart : uint8_t {
  kHasTime = 1,
  kHasQualifiers = 2,
  kHasUnit = 4,
  kHasLanguage = 8,
  kHasElement = 16,
};

// The byte that heads a winner, beside the mode in its low bits.
constexpr uint8_t kModeMask = 0x0f;
constexpr uint8_t kHasConfidence = 0x10;
constexpr uint8_t kHasWinnerQualifiers = 0x20;

// The byte that heads a slice, beside its presence in the low bits.
constexpr uint8_t kPresenceMask = 0x03;
constexpr uint8_t kConflict = 0x04;
constexpr uint8_t kDisputed = 0x08;
constexpr uint8_t kUndated = 0x10;
constexpr uint8_t kAllDays = 0x20;

uint8_t Flag(bool given, uint8_t flag) { return given ? flag : uint8_t{0}; }

void PutByte(int byte, std::string* out) {
  out->push_back(static_cast<char>(byte));
}

void PutImplicit(const std::optional<ImplicitClaim>& implicit,
                 std::string* out) {
  PutByte(implicit.has_value() ? 1 : 0, out);
  if (!implicit.has_value()) return;
  PutVarint(implicit->since.number, out);
  PutValue(implicit->value, out);
  PutMap(implicit->qualifiers, out);
}

std::optional<ImplicitClaim> ReadImplicit(ByteReader& reader) {
  if (reader.Byte() == 0) return std::nullopt;
  ImplicitClaim implicit;
  implicit.since.number = reader.Varint();
  implicit.value = reader.ReadValue();
  implicit.qualifiers = ReadMap(reader);
  return implicit;
}

void PutWinner(const Winner& winner, std::string* out) {
  PutByte(static_cast<int>(winner.mode) |
              Flag(winner.confidence != 1, kHasConfidence) |
              Flag(!winner.qualifiers.empty(), kHasWinnerQualifiers),
          out);
  PutVarint(winner.claim, out);
  if (winner.confidence != 1) {
    PutVarint(std::bit_cast<uint64_t>(winner.confidence), out);
  }
  PutValue(winner.value, out);
  if (!winner.qualifiers.empty()) PutMap(winner.qualifiers, out);
}

void SkipImplicit(ByteReader& reader) {
  if (reader.Byte() == 0) return;
  reader.SkipVarint();  // since when
  reader.SkipValue();
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    reader.String();
    reader.SkipValue();
  }
}

// A winner without its value and its qualifiers.
struct WinnerHead {
  Mode mode = Mode::kAsserted;
  uint32_t claim = 0;
  double confidence = 1;
  bool has_qualifiers = false;
};

WinnerHead ReadWinnerHead(ByteReader& reader) {
  const uint8_t flags = reader.Byte();
  WinnerHead head{.mode = static_cast<Mode>(flags & kModeMask)};
  if (head.mode > Mode::kNegated) reader.Fail();
  head.claim = static_cast<uint32_t>(reader.Varint());
  if ((flags & kHasConfidence) != 0) {
    head.confidence = std::bit_cast<double>(reader.Varint());
  }
  head.has_qualifiers = (flags & kHasWinnerQualifiers) != 0;
  return head;
}

void ReadWinner(ByteReader& reader, Winner& winner) {
  const WinnerHead head = ReadWinnerHead(reader);
  winner.mode = head.mode;
  winner.claim = head.claim;
  winner.confidence = head.confidence;
  winner.value = reader.ReadValue();
  if (head.has_qualifiers) winner.qualifiers = ReadMap(reader);
}

void PutSlice(const Slice& slice, std::string* out) {
  const bool all_days = slice.days == DayRange{};
  PutByte(static_cast<int>(slice.presence) | Flag(slice.conflict, kConflict) |
              Flag(slice.disputed, kDisputed) | Flag(slice.undated, kUndated) |
              Flag(all_days, kAllDays),
          out);
  PutByte(static_cast<int>(slice.mode_class), out);
  PutVarint(slice.winner, out);
  if (all_days) return;
  PutDay(slice.days.first, out);
  PutDay(slice.days.last, out);
}

Slice ReadSlice(ByteReader& reader, size_t winner_count) {
  const uint8_t head = reader.Byte();
  Slice slice;
  slice.presence = static_cast<Presence>(head & kPresenceMask);
  slice.conflict = (head & kConflict) != 0;
  slice.disputed = (head & kDisputed) != 0;
  slice.undated = (head & kUndated) != 0;
  slice.mode_class = static_cast<Mode>(reader.Byte());
  slice.winner = reader.Varint();
  if ((head & kAllDays) == 0) {
    slice.days.first = reader.ReadDay();
    slice.days.last = reader.ReadDay();
  }
  const bool shown = slice.presence != Presence::kUnrecorded;
  if (slice.presence > Presence::kYes || slice.mode_class > Mode::kNegated ||
      (shown && slice.winner >= winner_count)) {
    reader.Fail();
  }
  return slice;
}

}  // namespace

void PutMap(const Map& map, std::string* out) {
  PutVarint(map.size(), out);
  for (const auto& [name, value] : map) {
    PutString(name, out);
    PutValue(value, out);
  }
}

Map ReadMap(ByteReader& reader) {
  Map map;
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    std::string name = reader.OwnedString();
    map.emplace(std::move(name), reader.ReadValue());
  }
  return map;
}

void PutFactKeyTail(const FactKey& key, std::string* out) {
  const bool timed = key.time != ValidTime::Kind::kNone;
  PutByte(Flag(timed, kHasTime) |
              Flag(!key.qualifiers.empty(), kHasQualifiers) |
              Flag(!key.unit.empty(), kHasUnit) |
              Flag(!key.language.empty(), kHasLanguage) |
              Flag(key.element.has_value(), kHasElement),
          out);
  if (timed) {
    PutByte(static_cast<int>(key.time), out);
    PutDay(key.days.first, out);
    PutDay(key.days.last, out);
  }
  if (!key.qualifiers.empty()) PutMap(key.qualifiers, out);
  if (!key.unit.empty()) PutString(key.unit, out);
  if (!key.language.empty()) PutString(key.language, out);
  if (key.element.has_value()) PutValue(*key.element, out);
}

void ReadFactKeyTail(ByteReader& reader, FactKey& key) {
  const uint8_t parts = reader.Byte();
  if ((parts & kHasTime) != 0) {
    key.time = static_cast<ValidTime::Kind>(reader.Byte());
    if (key.time == ValidTime::Kind::kNone ||
        key.time > ValidTime::Kind::kDuring) {
      reader.Fail();
    }
    key.days.first = reader.ReadDay();
    key.days.last = reader.ReadDay();
  }
  if ((parts & kHasQualifiers) != 0) key.qualifiers = ReadMap(reader);
  if ((parts & kHasUnit) != 0) key.unit = reader.OwnedString();
  if ((parts & kHasLanguage) != 0) key.language = reader.OwnedString();
  if ((parts & kHasElement) != 0) key.element = reader.ReadValue();
}

void PutFactKey(const FactKey& key, std::string* out) {
  PutByte(static_cast<int>(key.kind), out);
  PutString(key.name, out);
  PutFactKeyTail(key, out);
}

FactKey ReadFactKey(ByteReader& reader) {
  FactKey key;
  key.kind = static_cast<FactKind>(reader.Byte());
  if (key.kind > FactKind::kDate) reader.Fail();
  key.name = reader.OwnedString();
  ReadFactKeyTail(reader, key);
  return key;
}

void PutFact(const RecordFact& fact, std::string* out) {
  PutFactKeyTail(fact.key, out);
  PutImplicit(fact.implicit, out);
  PutVarint(fact.winners.size(), out);
  for (const Winner& winner : fact.winners) PutWinner(winner, out);
  PutVarint(fact.slices.size(), out);
  for (const Slice& slice : fact.slices) PutSlice(slice, out);
}

void ReadFact(ByteReader& reader, RecordFact& fact) {
  ReadFactKeyTail(reader, fact.key);
  fact.implicit = ReadImplicit(reader);
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    ReadWinner(reader, fact.winners.emplace_back());
  }
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    fact.slices.push_back(ReadSlice(reader, fact.winners.size()));
  }
}

bool ReadSoleFact(ByteReader& reader, SoleFact& fact) {
  PropertyView& stated = fact.stated;
  ReadFactKeyTail(reader, stated.key);
  SkipImplicit(reader);
  if (reader.Varint() != 1) return false;
  const WinnerHead winner = ReadWinnerHead(reader);
  stated.value = reader.ReadValue();
  if (winner.has_qualifiers) stated.qualifiers = ReadMap(reader);
  stated.showing.mode = winner.mode;
  stated.showing.confidence = winner.confidence;
  stated.showing.implicit = winner.claim == 0;
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    fact.slices.push_back(ReadSlice(reader, 1));
  }
  return true;
}

}  // namespace guanxi::store
