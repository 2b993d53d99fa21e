#include "graph/text/parser.h"

#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

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

// nullopt for `use`, which becomes the defaults.
absl::StatusOr<std::optional<Statement::Body>> ReadStatement(Lexer& lexer,
                                                             Tail* defaults) {
  if (lexer.Peek() == '(') return ReadPattern(lexer, *defaults);
  if (lexer.AcceptWord("source")) return ReadSource(lexer);
  if (lexer.AcceptWord("use")) {
    ASSIGN_OR_RETURN(*defaults, ReadTail(lexer, TailKind::kDefaults));
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
  absl::ConsumePrefix(&text, kByteOrderMark);
  Lexer lexer(text, options.file);
  RETURN_IF_ERROR(CheckUtf8(lexer));
  RETURN_IF_ERROR(ReadVersion(lexer));
  Tail defaults;
  std::vector<Statement> statements;
  while (lexer.NextStatement()) {
    Position position = lexer.Locate(lexer.statement_offset());
    position.index = static_cast<int>(statements.size());
    ASSIGN_OR_RETURN(std::optional<Statement::Body> body,
                     ReadStatement(lexer, &defaults));
    RETURN_IF_ERROR(lexer.EndStatement());
    if (!body.has_value()) continue;
    statements.push_back({*std::move(body), std::move(position)});
  }
  return statements;
}

}  // namespace guanxi::text
