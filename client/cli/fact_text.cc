#include "client/cli/fact_text.h"

#include "absl/strings/str_cat.h"

#include "client/cli/value_text.h"

namespace guanxi::cli {
namespace {

// What a fact is about, in the words of its owner.
std::string SubjectText(const v1::Fact& fact) {
  if (!fact.has_relationship()) return fact.entity();
  const v1::RelationshipKey& key = fact.relationship();
  v1::Relationship arrow;
  *arrow.mutable_key() = key;
  const std::string keys =
      key.keys().empty() ? "" : absl::StrCat("{", ToText(key.keys()), "}");
  return absl::StrCat(key.subject(), " ", Arrow(arrow, false, keys), " ",
                      key.object());
}

}  // namespace

std::string FactText(const v1::Fact& fact) {
  switch (fact.key().kind()) {
    case v1::FACT_KIND_EXISTENCE:
      return absl::StrCat(SubjectText(fact), ": exists");
    case v1::FACT_KIND_LABEL:
      return absl::StrCat(SubjectText(fact), ": label ", fact.key().name());
    case v1::FACT_KIND_DATE:
      return absl::StrCat(SubjectText(fact), ": date");
    default:
      return absl::StrCat(SubjectText(fact), ": ", ToText(fact.key()));
  }
}

std::string ClaimText(const v1::Fact& fact, const v1::Claim& claim) {
  if (claim.has_value()) return ToText(claim.value());
  const auto stated = claim.properties().find(fact.key().name());
  return stated == claim.properties().end() ? ToText(claim.properties())
                                            : ToText(stated->second);
}

}  // namespace guanxi::cli
