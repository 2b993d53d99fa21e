#include "graph/text/tail_reader.h"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"
#include "graph/text/option_words.h"

namespace guanxi::text {
namespace {

enum TailSlot : size_t {
  kFrom,
  kValid,
  kMode,
  kRank,
  kConfidence,
  kBy,
  kNote,
  kId,
  kSupersedes,
};

constexpr std::array<OptionWord, 10> kTailWords = {{
    {"from", kFrom},
    {"at", kValid},
    {"during", kValid},
    {"mode", kMode},
    {"rank", kRank},
    {"conf", kConfidence},
    {"by", kBy},
    {"note", kNote},
    {"id", kId},
    {"supersedes", kSupersedes},
}};

constexpr uint32_t Slots(std::initializer_list<TailSlot> slots) {
  uint32_t bits = 0;
  for (const TailSlot slot : slots) bits |= uint32_t{1} << slot;
  return bits;
}

uint32_t AllowedSlots(TailKind kind) {
  constexpr uint32_t kAll = (uint32_t{1} << (kSupersedes + 1)) - 1;
  switch (kind) {
    case TailKind::kClaim:
    case TailKind::kProperty:
      return kAll;
    case TailKind::kDefaults:
      return kAll & ~Slots({kId, kSupersedes});
    case TailKind::kRemoval:
      return Slots({kFrom, kBy, kNote});
  }
  return 0;
}

absl::StatusOr<uint32_t> ReadLine(Lexer& lexer) {
  const absl::string_view text = lexer.rest();
  const size_t bytes = DigitsLength(text);
  if (bytes == 0) return lexer.Unexpected({"a line number"});
  uint32_t line = 0;
  const bool ends = bytes == text.size() || !IsWordCharacter(text[bytes]);
  if (!ends || !absl::SimpleAtoi(text.substr(0, bytes), &line) || line == 0) {
    const size_t offset = lexer.offset();
    return lexer.Fail(offset, absl::StrCat("found ", lexer.Describe(offset)),
                      "a line number, in digits, counted from 1");
  }
  lexer.Take(bytes);
  return line;
}

absl::StatusOr<Citation> ReadCitation(Lexer& lexer) {
  Citation citation;
  ASSIGN_OR_RETURN(citation.source, ReadId(lexer, "a source id"));
  if (!lexer.Accept(":")) return citation;
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(citation.first_line, ReadLine(lexer));
  citation.last_line = citation.first_line;
  if (!lexer.Accept("-")) return citation;
  ASSIGN_OR_RETURN(citation.last_line, ReadLine(lexer));
  if (citation.last_line >= citation.first_line) return citation;
  return lexer.Fail(offset, "found lines that end before they start",
                    "the smaller line first");
}

absl::Status ReadFrom(Lexer& lexer, Tail* tail) {
  do {
    ASSIGN_OR_RETURN(Citation citation, ReadCitation(lexer));
    tail->from.push_back(std::move(citation));
  } while (lexer.Accept(","));
  return absl::OkStatus();
}

absl::Status ReadMode(Lexer& lexer, Tail* tail) {
  tail->mode = ParseMode(lexer.PeekWord());
  if (!tail->mode.has_value()) return lexer.Unexpected(kModeNames);
  lexer.Take(lexer.PeekWord().size());
  return absl::OkStatus();
}

absl::Status ReadRank(Lexer& lexer, Tail* tail) {
  tail->rank = ParseRank(lexer.PeekWord());
  if (!tail->rank.has_value()) return lexer.Unexpected(kRankNames);
  lexer.Take(lexer.PeekWord().size());
  return absl::OkStatus();
}

absl::Status ReadConfidence(Lexer& lexer, Tail* tail) {
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(const Decimal number, ReadNumber(lexer));
  if (std::is_lt(CompareNumbers(number, Decimal(0))) ||
      std::is_gt(CompareNumbers(number, Decimal(1)))) {
    return lexer.Fail(offset, absl::StrCat("found ", lexer.Describe(offset)),
                      "a confidence from 0 to 1");
  }
  tail->confidence = number;
  return absl::OkStatus();
}

absl::Status ReadValidTime(Lexer& lexer, absl::string_view word, Tail* tail) {
  ASSIGN_OR_RETURN(const When when, ReadWhen(lexer));
  tail->valid = word == "at" ? ValidTime::At(when) : ValidTime::During(when);
  return absl::OkStatus();
}

absl::Status ReadPart(Lexer& lexer, const OptionWord& word, Tail* tail) {
  switch (static_cast<TailSlot>(word.slot)) {
    case kFrom:
      return ReadFrom(lexer, tail);
    case kValid:
      return ReadValidTime(lexer, word.word, tail);
    case kMode:
      return ReadMode(lexer, tail);
    case kRank:
      return ReadRank(lexer, tail);
    case kConfidence:
      return ReadConfidence(lexer, tail);
    case kBy: {
      ASSIGN_OR_RETURN(tail->by, ReadString(lexer, "a string"));
      return absl::OkStatus();
    }
    case kNote: {
      ASSIGN_OR_RETURN(tail->note, ReadString(lexer, "a string"));
      return absl::OkStatus();
    }
    case kId: {
      ASSIGN_OR_RETURN(tail->id, ReadId(lexer, "a claim id"));
      return absl::OkStatus();
    }
    case kSupersedes: {
      ASSIGN_OR_RETURN(tail->supersedes, ReadId(lexer, "a claim id"));
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

// The reader of one tail.
class TailReader {
 public:
  TailReader(Lexer& lexer, TailKind kind)
      : lexer_(lexer), kind_(kind), words_(kTailWords, AllowedSlots(kind)) {}

  absl::StatusOr<Tail> Read();

  // Of the last word `id` or `supersedes`.
  size_t name_offset() const { return name_offset_; }

 private:
  absl::StatusOr<bool> ReadNext();
  absl::Status ReadQualifiers();

  Lexer& lexer_;
  TailKind kind_;
  OptionWords words_;
  bool has_qualifiers_ = false;
  size_t name_offset_ = 0;
  Tail tail_;
};

absl::StatusOr<Tail> TailReader::Read() {
  for (;;) {
    ASSIGN_OR_RETURN(const bool found, ReadNext());
    if (!found) break;
  }
  if (kind_ == TailKind::kProperty && !has_qualifiers_) {
    RETURN_IF_ERROR(words_.CheckEnd(lexer_, {"qualifiers in {…}"}));
  }
  RETURN_IF_ERROR(words_.CheckEnd(lexer_, {}));
  return std::move(tail_);
}

// False if nothing of a tail stands here.
absl::StatusOr<bool> TailReader::ReadNext() {
  if (lexer_.Peek() == '{') {
    RETURN_IF_ERROR(ReadQualifiers());
    return true;
  }
  const size_t offset = lexer_.offset();
  ASSIGN_OR_RETURN(const OptionWord* word, words_.Next(lexer_));
  if (word == nullptr) return false;
  if (word->slot == kId || word->slot == kSupersedes) name_offset_ = offset;
  RETURN_IF_ERROR(ReadPart(lexer_, *word, &tail_));
  return true;
}

absl::Status TailReader::ReadQualifiers() {
  if (kind_ != TailKind::kProperty) {
    return lexer_.Fail(lexer_.offset(), "found '{' in a tail",
                       "qualifiers in property statements only");
  }
  if (has_qualifiers_) {
    return lexer_.Fail(lexer_.offset(), "found a second map of qualifiers",
                       "one at most");
  }
  has_qualifiers_ = true;
  ASSIGN_OR_RETURN(tail_.qualifiers, ReadMap(lexer_));
  return absl::OkStatus();
}

template <typename T>
void ApplyDefault(const std::optional<T>& from, std::optional<T>* to) {
  if (!to->has_value()) *to = from;
}

void ApplyDefaults(const Tail& defaults, Tail* tail) {
  if (tail->from.empty()) tail->from = defaults.from;
  if (tail->valid.kind == ValidTime::Kind::kNone) tail->valid = defaults.valid;
  ApplyDefault(defaults.mode, &tail->mode);
  ApplyDefault(defaults.rank, &tail->rank);
  ApplyDefault(defaults.confidence, &tail->confidence);
  ApplyDefault(defaults.by, &tail->by);
  ApplyDefault(defaults.note, &tail->note);
}

}  // namespace

absl::StatusOr<Tail> ReadTail(Lexer& lexer, TailKind kind) {
  return TailReader(lexer, kind).Read();
}

absl::StatusOr<Tail> ReadClaimTail(Lexer& lexer, TailKind kind, size_t facts,
                                   const Tail& defaults) {
  TailReader reader(lexer, kind);
  ASSIGN_OR_RETURN(Tail tail, reader.Read());
  ApplyDefaults(defaults, &tail);
  const bool names_one = tail.id.has_value() || tail.supersedes.has_value();
  const size_t sources = std::max<size_t>(tail.from.size(), 1);
  if (!names_one || (facts == 1 && sources == 1)) return tail;
  const size_t offset = reader.name_offset();
  return lexer.Fail(
      offset,
      absl::StrCat("found ", lexer.Describe(offset), " in a statement of ",
                   facts, " facts and ", tail.from.size(), " citations"),
      "exactly one label, property or relationship and at most one citation");
}

}  // namespace guanxi::text
