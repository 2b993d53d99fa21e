#include "tests/support/export_text.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/formats/json_lines.h"
#include "graph/text/parser.h"
#include "graph/text/printer.h"

namespace guanxi::test {
namespace {

std::string PrintOne(const Statement::Body& body, const Schema& schema,
                     Format format) {
  return format == Format::kKg ? text::Print(body, schema)
                               : formats::PrintJsonLine(body, schema);
}

std::string Header(Format format) {
  return format == Format::kKg ? std::string(text::kHeader) : "";
}

}  // namespace

std::string PrintAll(const std::vector<Statement>& statements,
                     const Schema& schema, Format format) {
  std::string text = Header(format);
  for (const Statement& statement : statements) {
    absl::StrAppend(&text, PrintOne(statement.body, schema, format));
  }
  return text;
}

absl::StatusOr<std::string> ExportText(const store::Store& store, Format format,
                                       const store::ExportOptions& options) {
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store.BeginSnapshot());
  std::string text = Header(format);
  RETURN_IF_ERROR(
      store::Export(snapshot, options, [&](const Statement::Body& body) {
        absl::StrAppend(&text, PrintOne(body, snapshot.schema(), format));
        return absl::OkStatus();
      }));
  return text;
}

absl::StatusOr<std::vector<Statement>> ReadAll(const std::string& text,
                                               const Schema& schema,
                                               Format format) {
  if (format == Format::kKg) return text::Parse(text, {.file = "t.kg"});
  return formats::ReadJsonLines(text, {.file = "t.jsonl", .schema = schema});
}

}  // namespace guanxi::test
