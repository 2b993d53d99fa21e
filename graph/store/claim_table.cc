#include "graph/store/claim_table.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/fact_codec.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// What an id that was not given by the user begins with; hexadecimal follows.
constexpr absl::string_view kIdPrefix = "claim-";

void PutValidTime(const ValidTime& valid, std::string* out) {
  out->push_back(static_cast<char>(valid.kind));
  if (valid.when.has_value()) PutWhen(*valid.when, out);
}

ValidTime ReadValidTime(ByteReader& reader) {
  switch (reader.Byte()) {
    case 0:
      return {};
    case 1:
      return ValidTime::At(reader.ReadWhen());
    case 2:
      return ValidTime::During(reader.ReadWhen());
    default:
      reader.Fail();
      return {};
  }
}

void PutCitation(const Citation& citation, std::string* out) {
  PutString(citation.source, out);
  PutVarint(citation.first_line, out);
  PutVarint(citation.last_line, out);
}

Citation ReadCitation(ByteReader& reader) {
  Citation citation{.source = reader.OwnedString()};
  citation.first_line = static_cast<uint32_t>(reader.Varint());
  citation.last_line = static_cast<uint32_t>(reader.Varint());
  return citation;
}

// The parts of a claim that make its identity, beside the fact.
void PutIdentityParts(const Claim& claim, std::string* out) {
  PutCitation(claim.citation, out);
  PutValue(claim.value, out);
  PutMap(claim.properties, out);
  PutValidTime(claim.valid, out);
  out->push_back(static_cast<char>(claim.mode));
  PutString(claim.by, out);
  PutString(claim.supersedes, out);
}

void ReadIdentityParts(ByteReader& reader, Claim& claim) {
  claim.citation = ReadCitation(reader);
  claim.value = reader.ReadValue();
  claim.properties = ReadMap(reader);
  claim.valid = ReadValidTime(reader);
  claim.mode = static_cast<Mode>(reader.Byte());
  if (claim.mode > Mode::kNegated) reader.Fail();
  claim.by = reader.OwnedString();
  claim.supersedes = reader.OwnedString();
}

void PutReason(const Reason& reason, std::string* out) {
  PutVarint(reason.from.size(), out);
  for (const Citation& citation : reason.from) PutCitation(citation, out);
  PutString(reason.by, out);
  PutString(reason.note, out);
}

Reason ReadReason(ByteReader& reader) {
  Reason reason;
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    reason.from.push_back(ReadCitation(reader));
  }
  reason.by = reader.OwnedString();
  reason.note = reader.OwnedString();
  return reason;
}

void PutBelief(const StoredClaim::Belief& belief, std::string* out) {
  PutVarint(belief.from.number, out);
  PutVarint(belief.to ? belief.to->number : 0, out);
  if (belief.to.has_value()) {
    out->push_back(static_cast<char>(belief.closing));
    PutReason(belief.reason, out);
  }
  PutValue(belief.end ? Value(When(*belief.end)) : Value(), out);
  PutMap(belief.qualifiers, out);
  out->push_back(static_cast<char>(belief.rank));
  PutValue(belief.confidence ? Value(*belief.confidence) : Value(), out);
  PutString(belief.note, out);
}

StoredClaim::Belief ReadBelief(ByteReader& reader) {
  StoredClaim::Belief belief{.from = {reader.Varint()}};
  const uint64_t to = reader.Varint();
  if (to != 0) {
    belief.to = Revision{to};
    belief.closing = static_cast<StoredClaim::Closing>(reader.Byte());
    if (belief.closing > StoredClaim::Closing::kEnded) reader.Fail();
    belief.reason = ReadReason(reader);
  }
  const Value end = reader.ReadValue();
  if (const When* when = end.get_if<When>()) {
    if (const Date* date = std::get_if<Date>(&when->end())) belief.end = *date;
  }
  belief.qualifiers = ReadMap(reader);
  belief.rank = static_cast<Rank>(reader.Byte());
  if (belief.rank > Rank::kPreferred) reader.Fail();
  const Value confidence = reader.ReadValue();
  if (const auto* decimal = confidence.get_if<Decimal>()) {
    belief.confidence = *decimal;
  } else if (!confidence.is_null()) {
    reader.Fail();
  }
  belief.note = reader.OwnedString();
  return belief;
}

// The valid time of a claim whose fact stopped being true after `end`. What was
// said to hold throughout a date began on its first day.
ValidTime EndedOn(const ValidTime& stated, const Date& end) {
  Bound start = stated.when ? stated.when->start() : UnknownBound();
  if (stated.kind == ValidTime::Kind::kDuring && stated.when->is_date()) {
    start = Date::FromDay(stated.when->days().first);
  }
  const absl::StatusOr<When> during = When::Interval(start, end);
  return during.ok() ? ValidTime::During(*during) : stated;
}

absl::StatusOr<StoredClaim> Decode(absl::string_view bytes, ClaimRef ref) {
  ByteReader reader(bytes);
  StoredClaim stored{.ordinal = ref.ordinal};
  stored.identity = std::string(reader.Take(kDigestBytes));
  stored.fact = ReadFactKey(reader);
  ReadIdentityParts(reader, stored.claim);
  stored.stated_valid = stored.claim.valid;
  stored.claim.id = reader.OwnedString();
  stored.claim.named = !stored.claim.id.empty();
  if (!stored.claim.named) stored.claim.id = ClaimIdText(stored.identity);
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    stored.beliefs.push_back(ReadBelief(reader));
  }
  if (stored.beliefs.empty()) reader.Fail();
  RETURN_IF_ERROR(CheckRead(reader, absl::StrCat("claim ", ref.ordinal)));
  stored.TakeContent();
  return stored;
}

absl::StatusOr<std::optional<ClaimRef>> FindRef(const kv::Txn& txn,
                                                const Tables& tables, char kind,
                                                absl::string_view key) {
  ASSIGN_OR_RETURN(
      const std::optional<absl::string_view> found,
      txn.Get(tables.claim_id, absl::StrCat(std::string(1, kind), key)));
  if (!found.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(const ClaimRef ref, ReadClaimKey(*found));
  return ref;
}

}  // namespace

bool StoredClaim::EndsOn(const Date& end) const {
  return EndedOn(stated_valid, end) == claim.valid;
}

void StoredClaim::TakeContent() {
  const Belief& last = beliefs.back();
  claim.valid = last.end ? EndedOn(stated_valid, *last.end) : stated_valid;
  claim.rank = last.rank;
  claim.confidence = last.confidence;
  claim.note = last.note;
  claim.qualifiers = last.qualifiers;
}

void StoredClaim::Believe(const Claim& content, Revision from) {
  beliefs.push_back({.from = from,
                     .rank = content.rank,
                     .confidence = content.confidence,
                     .note = content.note,
                     .qualifiers = content.qualifiers});
  TakeContent();
}

void StoredClaim::EndOn(const Date& end, Revision from) {
  Belief ended = beliefs.back();
  ended.from = from;
  ended.to.reset();
  ended.reason = {};
  ended.end = end;
  beliefs.push_back(std::move(ended));
  TakeContent();
}

void StoredClaim::Close(Revision to, Closing why, Reason reason) {
  Belief& last = beliefs.back();
  last.to = to;
  last.closing = why;
  last.reason = std::move(reason);
}

bool StoredClaim::RewindTo(Revision revision) {
  while (!beliefs.empty() && revision < beliefs.back().from) {
    beliefs.pop_back();
  }
  if (beliefs.empty()) return false;
  Belief& last = beliefs.back();
  if (last.to.has_value() && revision < *last.to) last.to.reset();
  TakeContent();
  return true;
}

std::string RelationshipName(const RelationshipKey& key) {
  std::string bytes;
  PutString(key.subject, &bytes);
  PutString(key.type, &bytes);
  PutString(key.object, &bytes);
  PutMap(key.keys, &bytes);
  PutString(key.name, &bytes);
  return bytes;
}

std::string ClaimIdentity(absl::string_view owner_name, const FactKey& fact,
                          const Claim& claim) {
  std::string bytes;
  PutString(owner_name, &bytes);
  PutFactKey(fact, &bytes);
  PutIdentityParts(claim, &bytes);
  return Digest128(bytes);
}

std::string ClaimIdText(absl::string_view identity) {
  return absl::StrCat(kIdPrefix, absl::BytesToHexString(identity));
}

absl::StatusOr<std::optional<StoredClaim>> ReadClaim(const kv::Txn& txn,
                                                     const Tables& tables,
                                                     ClaimRef ref) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn.Get(tables.claim, ClaimKey(ref)));
  if (!bytes.has_value()) return std::nullopt;
  return Decode(*bytes, ref);
}

absl::StatusOr<std::vector<StoredClaim>> ReadClaims(const kv::Txn& txn,
                                                    const Tables& tables,
                                                    Owner owner) {
  std::vector<StoredClaim> claims;
  const std::string prefix = OwnerKey(owner);
  kv::Cursor cursor = txn.Walk(tables.claim);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    ASSIGN_OR_RETURN(const ClaimRef ref, ReadClaimKey(cursor.key()));
    ASSIGN_OR_RETURN(StoredClaim stored, Decode(cursor.value(), ref));
    claims.push_back(std::move(stored));
  }
  RETURN_IF_ERROR(cursor.status());
  return claims;
}

void RewindTo(Revision revision, std::vector<StoredClaim>& claims) {
  std::erase_if(claims, [revision](StoredClaim& claim) {
    return !claim.RewindTo(revision);
  });
}

absl::Status WriteClaim(Owner owner, const StoredClaim& stored,
                        const Tables& tables, kv::WriteTxn& txn) {
  std::string bytes = stored.identity;
  PutFactKey(stored.fact, &bytes);
  Claim stated = stored.claim;
  stated.valid = stored.stated_valid;
  PutIdentityParts(stated, &bytes);
  PutString(stored.claim.named ? stored.claim.id : "", &bytes);
  PutVarint(stored.beliefs.size(), &bytes);
  for (const StoredClaim::Belief& belief : stored.beliefs) {
    PutBelief(belief, &bytes);
  }
  const std::string key = ClaimKey({owner, stored.ordinal});
  RETURN_IF_ERROR(txn.Put(tables.claim, key, bytes));
  RETURN_IF_ERROR(txn.Put(tables.claim_id, kByIdentity + stored.identity, key));
  if (!stored.claim.named) return absl::OkStatus();
  return txn.Put(tables.claim_id, kByName + stored.claim.id, key);
}

absl::Status DeleteClaim(Owner owner, const StoredClaim& stored,
                         const Tables& tables, kv::WriteTxn& txn) {
  const std::string key = ClaimKey({owner, stored.ordinal});
  RETURN_IF_ERROR(txn.Delete(tables.claim, key).status());
  RETURN_IF_ERROR(
      txn.Delete(tables.claim_id, kByIdentity + stored.identity).status());
  if (!stored.claim.named) return absl::OkStatus();
  return txn.Delete(tables.claim_id, kByName + stored.claim.id).status();
}

absl::StatusOr<std::optional<ClaimRef>> FindClaimByIdentity(
    const kv::Txn& txn, const Tables& tables, absl::string_view identity) {
  return FindRef(txn, tables, kByIdentity, identity);
}

absl::StatusOr<std::optional<ClaimRef>> FindClaimById(const kv::Txn& txn,
                                                      const Tables& tables,
                                                      absl::string_view id) {
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> named,
                   FindRef(txn, tables, kByName, id));
  if (named.has_value() || !absl::StartsWith(id, kIdPrefix)) return named;
  const std::string identity =
      absl::HexStringToBytes(id.substr(kIdPrefix.size()));
  if (ClaimIdText(identity) != id) return std::nullopt;
  return FindRef(txn, tables, kByIdentity, identity);
}

}  // namespace guanxi::store
