#include "server/import_file.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "graph/base/status_macros.h"
#include "graph/formats/json_lines.h"
#include "server/write.h"

namespace guanxi::server {
namespace {

// More than any statement takes.
constexpr size_t kPieceBytes = 4 << 20;
static_assert(kPieceBytes > text::kMaxStatementBytes);
static_assert(kPieceBytes > formats::kMaxLineBytes);

}  // namespace

absl::Status ImportSchema::Begin() {
  if (schema_.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
  schema_ = snapshot.schema();
  return absl::OkStatus();
}

absl::Status ImportSchema::Collect(absl::Span<const Statement> statements) {
  for (const Statement& statement : statements) {
    const auto* held = std::get_if<Declaration>(&statement.body);
    if (held == nullptr) continue;
    RETURN_IF_ERROR(Begin());
    // The commit will say what is wrong with one.
    schema_->Declare(*held).IgnoreError();
  }
  return absl::OkStatus();
}

absl::StatusOr<Schema> ImportSchema::SoFar() {
  RETURN_IF_ERROR(Begin());
  return *schema_;
}

ImportFile::ImportFile(std::string name, ImportSchema& schema)
    : name_(std::move(name)),
      schema_(schema),
      next_parse_bytes_(kPieceBytes),
      parser_({.file = name_}) {}

absl::Status ImportFile::Add(absl::string_view bytes,
                             std::vector<Statement>* statements) {
  text_.append(bytes.data(), bytes.size());
  if (text_.size() < next_parse_bytes_) return absl::OkStatus();
  RETURN_IF_ERROR(Parse(Extent::kWhole, statements));
  next_parse_bytes_ = text_.size() + kPieceBytes;
  return absl::OkStatus();
}

absl::Status ImportFile::End(std::vector<Statement>* statements) {
  return Parse(Extent::kRest, statements);
}

absl::Status ImportFile::Parse(Extent extent,
                               std::vector<Statement>* statements) {
  if (!is_json_lines_.has_value()) {
    is_json_lines_ = formats::IsJsonLines(name_, text_);
  }
  std::vector<Statement> parsed;
  const auto taken = *is_json_lines_ ? ParseLines(extent, &parsed)
                                     : ParseText(extent, &parsed);
  RETURN_IF_ERROR(CheckDepth(parsed));
  RETURN_IF_ERROR(schema_.Collect(parsed));
  std::ranges::move(parsed, std::back_inserter(*statements));
  RETURN_IF_ERROR(taken.status());
  text_.erase(0, *taken);
  return absl::OkStatus();
}

absl::StatusOr<size_t> ImportFile::ParseText(
    Extent extent, std::vector<Statement>* statements) {
  if (extent == Extent::kWhole) return parser_.ParseWhole(text_, statements);
  RETURN_IF_ERROR(parser_.ParseRest(text_, statements));
  return text_.size();
}

absl::StatusOr<size_t> ImportFile::ParseLines(
    Extent extent, std::vector<Statement>* statements) {
  absl::string_view lines = text_;
  if (extent == Extent::kWhole) lines = lines.substr(0, text_.rfind('\n') + 1);
  ASSIGN_OR_RETURN(Schema schema, schema_.SoFar());
  ASSIGN_OR_RETURN(*statements,
                   formats::ReadJsonLines(lines, {.file = name_,
                                                  .schema = std::move(schema),
                                                  .first_line = line_}));
  line_ += static_cast<int>(std::ranges::count(lines, '\n'));
  return lines.size();
}

}  // namespace guanxi::server
