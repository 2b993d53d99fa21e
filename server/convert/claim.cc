#include "server/convert/claim.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below

constexpr int kMaxCitations = 100;

absl::StatusOr<Citation> ReadCitation(const v1::Citation& citation,
                                      const FieldPath& field) {
  RETURN_IF_ERROR(CheckId(citation.source(), FieldPath(field, "source")));
  const uint32_t first = citation.first_line();
  const uint32_t last =
      citation.last_line() == 0 ? first : citation.last_line();
  if (last < first || (first == 0 && last != 0)) {
    return Invalid(FieldPath(field, "last_line"), absl::StrCat(last),
                   absl::StrCat("no line before first_line, which is ", first));
  }
  return Citation{citation.source(), first, last};
}

absl::StatusOr<std::vector<Citation>> ReadCitations(const v1::ClaimTail& tail,
                                                    const FieldPath& field) {
  const FieldPath citations(field, "citations");
  if (tail.citations_size() > kMaxCitations) {
    return Invalid(citations, absl::StrCat(tail.citations_size(), " citations"),
                   absl::StrCat("at most ", kMaxCitations));
  }
  std::vector<Citation> read;
  for (int i = 0; i < tail.citations_size(); ++i) {
    ASSIGN_OR_RETURN(Citation citation,
                     ReadCitation(tail.citations(i), FieldPath(citations, i)));
    read.push_back(std::move(citation));
  }
  return read;
}

absl::StatusOr<ValidTime> ReadValidTime(const v1::ValidTime& valid,
                                        const FieldPath& field) {
  switch (valid.time_case()) {
    case v1::ValidTime::kAt: {
      ASSIGN_OR_RETURN(const When when,
                       ParseWhen(valid.at(), FieldPath(field, "at")));
      return ValidTime::At(when);
    }
    case v1::ValidTime::kDuring: {
      ASSIGN_OR_RETURN(const When when,
                       ParseWhen(valid.during(), FieldPath(field, "during")));
      return ValidTime::During(when);
    }
    case v1::ValidTime::TIME_NOT_SET:
      break;
  }
  return Missing(field, "at or during");
}

absl::StatusOr<Decimal> ReadConfidence(const std::string& confidence,
                                       const FieldPath& field) {
  const auto number = Decimal::Parse(confidence);
  if (!number.ok()) return InField(number.status(), field, confidence);
  if (CompareNumbers(*number, Decimal(0)) < 0 ||
      CompareNumbers(*number, Decimal(1)) > 0) {
    return Invalid(field, confidence, "a number from 0 to 1");
  }
  return *number;
}

// Reads `text` into `read` unless it is empty.
absl::Status ReadOptional(const std::string& text, size_t max_bytes,
                          const FieldPath& field,
                          std::optional<std::string>* read) {
  if (text.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckLength(text, max_bytes, field));
  *read = text;
  return absl::OkStatus();
}

absl::Status ReadTexts(const v1::ClaimTail& tail, const FieldPath& field,
                       Tail* read) {
  const FieldPath id(field, "id");
  const FieldPath supersedes(field, "supersedes");
  RETURN_IF_ERROR(CheckOptionalId(tail.id(), id));
  RETURN_IF_ERROR(CheckOptionalId(tail.supersedes(), supersedes));
  RETURN_IF_ERROR(ReadOptional(tail.id(), kMaxIdBytes, id, &read->id));
  RETURN_IF_ERROR(ReadOptional(tail.supersedes(), kMaxIdBytes, supersedes,
                               &read->supersedes));
  RETURN_IF_ERROR(ReadOptional(tail.by(), kMaxNoteBytes, FieldPath(field, "by"),
                               &read->by));
  return ReadOptional(tail.note(), kMaxNoteBytes, FieldPath(field, "note"),
                      &read->note);
}

v1::ValidTime ToProto(const ValidTime& valid) {
  v1::ValidTime proto;
  const std::string literal = valid.when->ToString();
  if (valid.kind == ValidTime::Kind::kAt) {
    proto.set_at(literal);
  } else {
    proto.set_during(literal);
  }
  proto.set_first_day(DayToProto(valid.when->days().first));
  proto.set_last_day(DayToProto(valid.when->days().last));
  return proto;
}

// What was claimed, without how it was put.
void WriteContent(const Claim& claim, v1::Claim* proto) {
  proto->set_id(claim.id);
  proto->set_named(claim.named);
  if (!claim.citation.source.empty()) {
    *proto->mutable_citation() = ToProto(claim.citation);
  }
  if (!claim.value.is_null()) {
    *proto->mutable_value() = ToProto(claim.value);
  }
  *proto->mutable_properties() = ToProto(claim.properties);
  *proto->mutable_qualifiers() = ToProto(claim.qualifiers);
  if (claim.valid.kind != ValidTime::Kind::kNone) {
    *proto->mutable_valid() = ToProto(claim.valid);
  }
}

}  // namespace

absl::StatusOr<Tail> FromProto(const v1::ClaimTail& tail,
                               const FieldPath& field) {
  Tail read;
  ASSIGN_OR_RETURN(read.from, ReadCitations(tail, field));
  if (tail.has_valid()) {
    ASSIGN_OR_RETURN(read.valid,
                     ReadValidTime(tail.valid(), FieldPath(field, "valid")));
  }
  if (tail.mode() != v1::MODE_UNSPECIFIED) {
    ASSIGN_OR_RETURN(read.mode,
                     FromProto(kModes, tail.mode(), FieldPath(field, "mode")));
  }
  if (tail.rank() != v1::RANK_UNSPECIFIED) {
    ASSIGN_OR_RETURN(read.rank,
                     FromProto(kRanks, tail.rank(), FieldPath(field, "rank")));
  }
  if (!tail.confidence().empty()) {
    ASSIGN_OR_RETURN(
        read.confidence,
        ReadConfidence(tail.confidence(), FieldPath(field, "confidence")));
  }
  RETURN_IF_ERROR(ReadTexts(tail, field, &read));
  ASSIGN_OR_RETURN(read.qualifiers, FromProto(tail.qualifiers(),
                                              FieldPath(field, "qualifiers")));
  return read;
}

v1::Citation ToProto(const Citation& citation) {
  v1::Citation proto;
  proto.set_source(citation.source);
  proto.set_first_line(citation.first_line);
  proto.set_last_line(citation.last_line);
  return proto;
}

v1::Claim ToProto(const ClaimView& view) {
  v1::Claim proto;
  const Claim& claim = view.claim;
  WriteContent(claim, &proto);
  proto.set_mode(ToProto(kModes, claim.mode));
  proto.set_rank(ToProto(kRanks, claim.rank));
  if (claim.confidence.has_value()) {
    proto.set_confidence(claim.confidence->ToString());
  }
  proto.set_by(claim.by);
  proto.set_note(claim.note);
  proto.set_supersedes(claim.supersedes);
  proto.set_implicit(claim.implicit);
  proto.set_since_revision(view.since.number);
  proto.set_verdict(ToProto(kVerdicts, view.verdict));
  if (view.verdict == Verdict::kLost || view.verdict == Verdict::kLostToo) {
    proto.set_loss_rule(ToProto(kLossRules, view.rule));
  }
  return proto;
}

v1::Source ToProto(const SourceView& source) {
  v1::Source proto;
  proto.set_id(source.id);
  *proto.mutable_description() = ToProto(source.description);
  return proto;
}

}  // namespace guanxi::server
