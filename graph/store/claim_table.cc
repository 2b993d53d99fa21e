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

// The first byte of a key of table `claim_id`.
constexpr size_t kIdentityBytes = 16;
constexpr char kByIdentity = 'H';
constexpr char kByName = 'N';

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

void PutRest(const Claim& claim, std::string* out) {
  PutString(claim.named ? claim.id : "", out);
  PutMap(claim.qualifiers, out);
  out->push_back(static_cast<char>(claim.rank));
  PutValue(claim.confidence ? Value(*claim.confidence) : Value(), out);
  PutString(claim.note, out);
}

void ReadRest(ByteReader& reader, absl::string_view identity, Claim& claim) {
  claim.id = reader.OwnedString();
  claim.named = !claim.id.empty();
  if (!claim.named) claim.id = ClaimIdText(identity);
  claim.qualifiers = ReadMap(reader);
  claim.rank = static_cast<Rank>(reader.Byte());
  if (claim.rank > Rank::kPreferred) reader.Fail();
  const Value confidence = reader.ReadValue();
  if (const auto* decimal = confidence.get_if<Decimal>()) {
    claim.confidence = *decimal;
  } else if (!confidence.is_null()) {
    reader.Fail();
  }
  claim.note = reader.OwnedString();
}

void PutBeliefs(const std::vector<StoredClaim::Belief>& beliefs,
                std::string* out) {
  PutVarint(beliefs.size(), out);
  for (const StoredClaim::Belief& belief : beliefs) {
    PutVarint(belief.from.number, out);
    PutVarint(belief.to ? belief.to->number : 0, out);
  }
}

std::vector<StoredClaim::Belief> ReadBeliefs(ByteReader& reader) {
  std::vector<StoredClaim::Belief> beliefs;
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    StoredClaim::Belief belief{.from = {reader.Varint()}};
    const uint64_t to = reader.Varint();
    if (to != 0) belief.to = Revision{to};
    beliefs.push_back(belief);
  }
  if (beliefs.empty()) reader.Fail();
  return beliefs;
}

absl::StatusOr<StoredClaim> Decode(absl::string_view bytes, ClaimRef ref) {
  ByteReader reader(bytes);
  StoredClaim stored{.ordinal = ref.ordinal};
  stored.identity = std::string(reader.Take(kIdentityBytes));
  stored.fact = ReadFactKey(reader);
  ReadIdentityParts(reader, stored.claim);
  ReadRest(reader, stored.identity, stored.claim);
  stored.beliefs = ReadBeliefs(reader);
  RETURN_IF_ERROR(CheckRead(reader, absl::StrCat("claim ", ref.ordinal)));
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

absl::Status WriteClaim(Owner owner, const StoredClaim& stored,
                        const Tables& tables, kv::WriteTxn& txn) {
  std::string bytes = stored.identity;
  PutFactKey(stored.fact, &bytes);
  PutIdentityParts(stored.claim, &bytes);
  PutRest(stored.claim, &bytes);
  PutBeliefs(stored.beliefs, &bytes);
  const std::string key = ClaimKey({owner, stored.ordinal});
  RETURN_IF_ERROR(txn.Put(tables.claim, key, bytes));
  RETURN_IF_ERROR(txn.Put(tables.claim_id, kByIdentity + stored.identity, key));
  if (!stored.claim.named) return absl::OkStatus();
  return txn.Put(tables.claim_id, kByName + stored.claim.id, key);
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
