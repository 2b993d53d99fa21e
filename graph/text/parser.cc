#include "graph/text/parser.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "graph/base/status_macros.h"
#include "graph/text/lexer.h"
#include "graph/text/literals.h"
#include "graph/text/pattern_reader.h"
#include "graph/text/schema_reader.h"
#include "graph/text/tail_reader.h"
#include "graph/text/utf8.h"

namespace guanxi::text {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr absl::string_view kVersion = "1";

absl::Status CheckUtf8(const Lexer& lexer) {
  const absl::string_view text = lexer.rest();
  const size_t at = FindInvalidUtf8(text);
  if (at == absl::string_view::npos) return absl::OkStatus();
  const auto byte = static_cast<unsigned char>(text[at]);
  return lexer.Fail(at, absl::StrFormat("found the byte 0x%02x", byte),
                    "text in UTF-8");
}

absl::Status ReadVersion(Lexer& lexer) {
  lexer.NextStatement();
  if (!lexer.AcceptWord("kg")) {
    return lexer.Unexpected({"'kg 1', which begins every text"});
  }
  const size_t digits = DigitsLength(lexer.rest());
  if (lexer.rest().substr(0, digits) != kVersion) {
    return lexer.Unexpected({"'1', the version of the language"});
  }
  lexer.Take(digits);
  return lexer.EndStatement();
}

absl::StatusOr<Statement::Body> ReadSource(Lexer& lexer) {
  SourceStatement source;
  ASSIGN_OR_RETURN(source.id, ReadId(lexer, "a source id"));
  ASSIGN_OR_RETURN(source.description, ReadMap(lexer));
  return source;
}

absl::StatusOr<Statement::Body> ReadEnd(Lexer& lexer) {
  EndStatement end;
  ASSIGN_OR_RETURN(end.claim, ReadId(lexer, "a claim id"));
  if (!lexer.AcceptWord("at")) return lexer.Unexpected({"'at' and a date"});
  ASSIGN_OR_RETURN(end.at, ReadDate(lexer));
  ASSIGN_OR_RETURN(end.tail, ReadTail(lexer, TailKind::kRemoval));
  return end;
}

absl::StatusOr<Statement::Body> ReadRetract(Lexer& lexer) {
  RetractStatement retract;
  ASSIGN_OR_RETURN(retract.claim, ReadId(lexer, "a claim id"));
  ASSIGN_OR_RETURN(retract.tail, ReadTail(lexer, TailKind::kRemoval));
  return retract;
}

// Every statement that follows has a copy of them.
absl::Status CheckDefaults(const Lexer& lexer) {
  const size_t bytes = lexer.offset() - lexer.statement_offset();
  if (bytes <= kMaxDefaultsBytes) return absl::OkStatus();
  return lexer.Fail(lexer.statement_offset(),
                    absl::StrCat("found a `use` of ", bytes, " bytes"),
                    absl::StrCat("at most ", kMaxDefaultsBytes));
}

// nullopt for `use`, which becomes the defaults.
absl::StatusOr<std::optional<Statement::Body>> ReadStatement(Lexer& lexer,
                                                             Tail* defaults) {
  if (lexer.Peek() == '(') return ReadPattern(lexer, *defaults);
  if (lexer.AcceptWord("source")) return ReadSource(lexer);
  if (lexer.AcceptWord("use")) {
    ASSIGN_OR_RETURN(*defaults, ReadTail(lexer, TailKind::kDefaults));
    RETURN_IF_ERROR(CheckDefaults(lexer));
    return std::nullopt;
  }
  for (const Judgement judgement :
       {Judgement::kSame, Judgement::kDifferent, Judgement::kUnsure}) {
    if (lexer.AcceptWord(ToString(judgement))) {
      return ReadJudgement(lexer, judgement, *defaults);
    }
  }
  if (lexer.AcceptWord("end")) return ReadEnd(lexer);
  if (lexer.AcceptWord("retract")) return ReadRetract(lexer);
  if (lexer.AcceptWord("label")) return ReadLabelDeclaration(lexer);
  if (lexer.AcceptWord("prop")) return ReadPropertyDeclaration(lexer);
  if (lexer.AcceptWord("rel")) return ReadRelationshipDeclaration(lexer);
  return lexer.Unexpected({"'('", "source", "use", "same", "different",
                           "unsure", "end", "retract", "label", "prop", "rel"});
}

}  // namespace

absl::StatusOr<std::vector<Statement>> Parse(absl::string_view text,
                                             const ParseOptions& options) {
  std::vector<Statement> statements;
  RETURN_IF_ERROR(PieceParser(options).ParseRest(text, &statements));
  return statements;
}

size_t PieceParser::MarkBytes(absl::string_view text) const {
  const bool marked = !begun_ && absl::StartsWith(text, kByteOrderMark);
  return marked ? kByteOrderMark.size() : 0;
}

absl::Status PieceParser::Begin(Lexer& lexer) {
  RETURN_IF_ERROR(CheckUtf8(lexer));
  if (begun_) return absl::OkStatus();
  begun_ = true;
  return ReadVersion(lexer);
}

absl::Status PieceParser::ParseOne(Lexer& lexer,
                                   std::vector<Statement>* statements) {
  Position position = lexer.Locate(lexer.statement_offset());
  // An indented line goes on with a statement of the piece before: behind
  // comments without end, or it would be there too.
  if (position.column > 1) {
    return lexer.Fail(lexer.statement_offset(),
                      "found a statement that goes on",
                      absl::StrCat("at most ", kMaxStatementBytes, " bytes"));
  }
  ASSIGN_OR_RETURN(std::optional<Statement::Body> body,
                   ReadStatement(lexer, &defaults_));
  RETURN_IF_ERROR(lexer.EndStatement());
  if (!body.has_value()) return absl::OkStatus();
  position.index = count_++;
  statements->push_back({*std::move(body), std::move(position)});
  return absl::OkStatus();
}

absl::StatusOr<size_t> PieceParser::ParseWhole(
    absl::string_view text, std::vector<Statement>* statements) {
  // What ends with a line is UTF-8 by itself.
  text = text.substr(0, text.rfind('\n') + 1);
  if (text.size() <= kMaxStatementBytes) return 0;
  const size_t mark = MarkBytes(text);
  text.remove_prefix(mark);
  // A statement that has so much behind it has its end there; `kg 1` is one.
  const auto next_is_whole = [text](Lexer& lexer) {
    return lexer.NextStatement() &&
           text.size() - lexer.statement_offset() > kMaxStatementBytes;
  };
  Lexer ahead(text, options_.file, line_);
  if (!next_is_whole(ahead)) return 0;
  Lexer lexer(text, options_.file, line_);
  RETURN_IF_ERROR(Begin(lexer));
  while (next_is_whole(lexer)) {
    const absl::Status parsed = ParseOne(lexer, statements);
    // What the piece ends in the midst of is too long, whatever it lacks.
    if (!parsed.ok() && lexer.offset() == text.size()) {
      return lexer.Fail(lexer.statement_offset(),
                        absl::StrCat("found a statement of more than ",
                                     kMaxStatementBytes, " bytes"),
                        absl::StrCat("at most ", kMaxStatementBytes));
    }
    RETURN_IF_ERROR(parsed);
  }
  line_ = lexer.Locate(lexer.statement_offset()).line;
  return mark + lexer.statement_offset();
}

absl::Status PieceParser::ParseRest(absl::string_view text,
                                    std::vector<Statement>* statements) {
  text.remove_prefix(MarkBytes(text));
  Lexer lexer(text, options_.file, line_);
  RETURN_IF_ERROR(Begin(lexer));
  while (lexer.NextStatement()) RETURN_IF_ERROR(ParseOne(lexer, statements));
  return absl::OkStatus();
}

}  // namespace guanxi::text
