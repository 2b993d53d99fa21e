#include "server/write.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "server/convert/field_path.h"
#include "server/convert/statement.h"
#include "server/convert/value.h"
#include "server/status.h"

namespace guanxi::server {
namespace {

constexpr absl::string_view kOperations = "operations";
constexpr absl::string_view kText = "kg";

int Depth(const Map& map) {
  int deepest = 0;
  for (const auto& [name, value] : map) {
    deepest = std::max(deepest, server::Depth(value));
  }
  return deepest;
}

// How deep the values of a statement are nested.
int DepthOf(const Statement& statement) {
  return std::visit(
      [](const auto& body) {
        int deepest = 0;
        if constexpr (requires { body.value; }) {
          deepest = server::Depth(body.value);
        }
        if constexpr (requires { body.properties.find(""); }) {
          deepest = std::max(deepest, Depth(body.properties));
        }
        if constexpr (requires { body.description; }) {
          deepest = std::max(deepest, Depth(body.description));
        }
        if constexpr (requires { body.tail; }) {
          deepest = std::max(deepest, Depth(body.tail.qualifiers));
        }
        return deepest;
      },
      statement.body);
}

absl::Status CheckDepthOf(const Statement& statement) {
  const int depth = DepthOf(statement);
  if (depth <= kMaxValueDepth) return absl::OkStatus();
  const Position& position = statement.position;
  return MakeError(
      absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
      absl::StrCat(position.ToString(), ": a value is nested ", depth,
                   " deep: expected at most ", kMaxValueDepth),
      {{"file", position.file},
       {"line", absl::StrCat(position.line)},
       {"column", absl::StrCat(position.column)}});
}

absl::StatusOr<std::vector<Statement>> ReadOperations(
    const v1::CommitRequest& request) {
  std::vector<Statement> statements;
  const FieldPath operations(kOperations);
  for (int i = 0; i < request.operations_size(); ++i) {
    ASSIGN_OR_RETURN(Statement statement, FromProto(request.operations(i),
                                                    FieldPath(operations, i)));
    statement.position.index = i;
    statements.push_back(std::move(statement));
  }
  return statements;
}

// What the store calls the parts of a tail, as fields.
constexpr std::array<std::pair<absl::string_view, absl::string_view>, 5>
    kTailFields = {{{"from", "tail.citations"},
                    {"conf", "tail.confidence"},
                    {"id", "tail.id"},
                    {"supersedes", "tail.supersedes"},
                    {"qualifiers", "tail.qualifiers"}}};

// The field of the operation that an error is about, as far as the error tells:
// ".property.value".
std::string PartOf(const v1::Operation& operation, const ErrorInfo& info) {
  const auto* body = operation.GetDescriptor()->FindFieldByNumber(
      static_cast<int>(operation.statement_case()));
  if (body == nullptr) return "";
  const std::string part = absl::StrCat(".", body->name());
  if (operation.has_property() && info.reason == "VALUE_TYPE") {
    return absl::StrCat(part, ".value");
  }
  const auto field = info.metadata.find("field");
  if (field == info.metadata.end()) return part;
  for (const auto& [name, path] : kTailFields) {
    if (name == field->second) return absl::StrCat(part, ".", path);
  }
  return absl::StrCat(part, ".", field->second);
}

std::string Find(const ErrorInfo& info, const std::string& name) {
  const auto entry = info.metadata.find(name);
  return entry == info.metadata.end() ? "" : entry->second;
}

}  // namespace

absl::Status CheckDepth(absl::Span<const Statement> statements) {
  for (const Statement& statement : statements) {
    RETURN_IF_ERROR(CheckDepthOf(statement));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Statement>> ReadStatements(
    const v1::CommitRequest& request) {
  const bool has_operations = request.operations_size() > 0;
  if (request.kg().empty()) {
    if (!has_operations) return Missing(FieldPath(kOperations), "one or more");
    return ReadOperations(request);
  }
  if (has_operations) {
    return Invalid(FieldPath(kText), request.kg(),
                   "nothing beside operations: one of the two");
  }
  auto statements = text::Parse(request.kg(), {});
  if (!statements.ok()) return WithField(statements.status(), kText);
  const absl::Status depth = CheckDepth(*statements);
  if (!depth.ok()) return WithField(depth, kText);
  return statements;
}

absl::Status LocateError(const absl::Status& error,
                         const v1::CommitRequest* request) {
  const auto info = GetErrorInfo(error);
  if (!info.has_value()) return error;
  const std::string line = Find(*info, "line");
  if (!line.empty() && line != "0") {
    if (request != nullptr) return WithField(error, kText);
    return WithField(error, absl::StrCat(Find(*info, "file"), ":", line, ":",
                                         Find(*info, "column")));
  }
  int index = 0;
  if (request == nullptr || !absl::SimpleAtoi(Find(*info, "index"), &index) ||
      index < 0 || index >= request->operations_size()) {
    return error;
  }
  return WithField(error,
                   absl::StrCat(kOperations, "[", index, "]",
                                PartOf(request->operations(index), *info)));
}

}  // namespace guanxi::server
