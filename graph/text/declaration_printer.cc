#include "graph/text/declaration_printer.h"

#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/value/value.h"

namespace guanxi::text {
namespace {

std::string PrintFields(const std::vector<Field>& fields) {
  if (fields.empty()) return "";
  return absl::StrCat(" { ",
                      absl::StrJoin(fields, ", ",
                                    [](std::string* out, const Field& field) {
                                      absl::StrAppend(out, field.name, ": ",
                                                      field.type.ToString());
                                    }),
                      " }");
}

// What property and relationship declarations have in common, behind their
// fields.
template <typename Declared>
std::string PrintTime(const Declared& declared) {
  std::string text;
  if (declared.kind != TimeKind::kState) {
    absl::StrAppend(&text, " ", ToString(declared.kind));
  }
  if (!declared.keys.empty()) {
    absl::StrAppend(&text, " key (", absl::StrJoin(declared.keys, ", "), ")");
  }
  if (declared.stale_after.has_value()) {
    absl::StrAppend(&text, " stale_after ", declared.stale_after->ToString());
  }
  return text;
}

std::string PrintComment(const std::string& comment) {
  return comment.empty() ? "" : absl::StrCat(" ", QuoteString(comment));
}

std::string PrintHeld(const LabelDeclaration& label) {
  return absl::StrCat("label ", label.name, label.parents.empty() ? "" : " < ",
                      absl::StrJoin(label.parents, ", "),
                      PrintComment(label.comment));
}

std::string PrintHeld(const PropertyDeclaration& property) {
  return absl::StrCat("prop ", property.name, " : ", property.type.ToString(),
                      PrintFields(property.qualifiers), PrintTime(property),
                      property.index ? " index" : "",
                      property.unique ? " unique" : "",
                      PrintComment(property.comment));
}

std::string PrintHeld(const RelationshipDeclaration& type) {
  return absl::StrCat("rel ", type.name, " : ", type.from, " -> ", type.to,
                      PrintFields(type.properties), PrintTime(type),
                      type.symmetric ? " symmetric" : "",
                      PrintComment(type.comment));
}

}  // namespace

std::string PrintDeclaration(const Declaration& declaration) {
  return std::visit([](const auto& held) { return PrintHeld(held); },
                    declaration);
}

}  // namespace guanxi::text
