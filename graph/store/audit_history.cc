// What is kept of the past: images of records and tombstones; and the answers
// to requests.

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/claim_table.h"
#include "graph/store/history.h"
#include "graph/store/log.h"
#include "graph/store/request_table.h"
#include "graph/store/tombstone.h"

namespace guanxi::store {
namespace {

constexpr size_t kImageKeyBytes = 14;

// ---- images -----------------------------------------------------------------

// Whether two records are of the same entity or relationship; true too if one
// of them cannot be read.
bool SameHead(OwnerKind kind, const RecordView& image,
              const RecordView& record) {
  if (kind == OwnerKind::kEntity) {
    return image.entity_key() == record.entity_key();
  }
  const absl::StatusOr<RelationshipHead> then = image.ReadRelationshipHead();
  const absl::StatusOr<RelationshipHead> now = record.ReadRelationshipHead();
  return !then.ok() || !now.ok() ||
         (then->subject == now->subject && then->object == now->object &&
          then->type == now->type && then->created == now->created &&
          then->name == now->name && then->keys == now->keys);
}

// Goes through the images of one owner after another.
class ImageAuditor {
 public:
  explicit ImageAuditor(Audit& audit) : audit_(audit) {}

  absl::Status Take(absl::string_view key, absl::string_view bytes) {
    const auto kind = static_cast<uint8_t>(key[0]);
    const bool fits = key.size() == kImageKeyBytes &&
                      kind <= static_cast<uint8_t>(OwnerKind::kRelationship);
    if (!fits) {
      audit_.Report("key",
                    absl::StrCat("history ", absl::BytesToHexString(key)),
                    "its key is none; expected owner and revision");
      return absl::OkStatus();
    }
    owner_ = {static_cast<OwnerKind>(kind),
              ReadBigEndian(key.substr(1, kIdBytes))};
    const Revision end{ReadBigEndian(key.substr(kOwnerKeyBytes))};
    const std::string where =
        absl::StrCat("image of ", IsEntity() ? "entity " : "relationship ",
                     owner_.id, " before revision ", end.number);
    if (!audit_.Knows(end)) {
      audit_.Report("revision", where,
                    "there was no such revision; expected one that changed it");
    }
    ASSIGN_OR_RETURN(std::string wrong, WrongImage(bytes, end));
    if (!wrong.empty()) audit_.Report("image", where, std::move(wrong));
    return absl::OkStatus();
  }

 private:
  bool IsEntity() const { return owner_.kind == OwnerKind::kEntity; }

  // What is wrong with the image that ended at a revision, or "".
  absl::StatusOr<std::string> WrongImage(absl::string_view bytes,
                                         Revision end) {
    const kv::Table table =
        IsEntity() ? audit_.tables().entity : audit_.tables().relationship;
    if (!audit_.Exists(table, IdKey(owner_.id))) {
      return "its owner has no record; expected one";
    }
    const absl::StatusOr<RecordView> image = RecordView::Parse(bytes);
    if (!image.ok()) return std::string(image.status().message());
    if (!IsEntity()) {
      const absl::Status head = image->ReadRelationshipHead().status();
      if (!head.ok()) return std::string(head.message());
    }
    const auto facts = ReadFacts(*image, audit_.catalog());
    if (!facts.ok()) return std::string(facts.status().message());
    ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                     audit_.FindRecord(table, owner_.id));
    if (record.has_value() && !SameHead(owner_.kind, *image, *record)) {
      return "it is of another one than the record; expected the same head";
    }
    const Revision last{end.number - 1};
    if (!WasThere(last)) {
      return "its owner was not there before; expected no image";
    }
    return WhatWasNotBelieved(*facts, last);
  }

  // True too if the log cannot be read.
  bool WasThere(Revision revision) const {
    if (revision.number == 0) return false;
    const absl::StatusOr<std::optional<LogRow>> row =
        ReadLogHead(audit_.txn(), audit_.tables(), revision);
    if (!row.ok() || !row->has_value()) return true;
    return owner_.id <
           (IsEntity() ? (*row)->next_entity : (*row)->next_relationship);
  }

  std::string WhatWasNotBelieved(const std::vector<RecordFact>& facts,
                                 Revision revision) {
    for (const RecordFact& fact : facts) {
      if (fact.implicit && revision < fact.implicit->since) {
        return absl::StrCat("an implicit claim in it is of revision ",
                            fact.implicit->since.number,
                            "; expected one before its end");
      }
      for (const Winner& winner : fact.winners) {
        if (winner.claim == 0 || WasBelieved(winner.claim, revision)) continue;
        return absl::StrCat("it shows claim ", winner.claim,
                            ", which was not believed until its end; expected "
                            "claims that were");
      }
    }
    return "";
  }

  // True too if the claims of the owner cannot be read.
  bool WasBelieved(uint32_t ordinal, Revision revision) {
    if (claims_of_ != owner_) {
      claims_of_ = owner_;
      claims_ = ReadClaims(audit_.txn(), audit_.tables(), owner_);
    }
    if (!claims_.ok()) return true;
    const auto found =
        std::ranges::find(*claims_, ordinal, &StoredClaim::ordinal);
    if (found == claims_->end()) return false;
    StoredClaim then = *found;
    return then.RewindTo(revision) && then.believed();
  }

  Audit& audit_;
  Owner owner_;      // of the image at hand
  Owner claims_of_;  // that of id 0 is none
  absl::StatusOr<std::vector<StoredClaim>> claims_ = std::vector<StoredClaim>();
};

// ---- tombstones -------------------------------------------------------------

class TombstoneAuditor {
 public:
  explicit TombstoneAuditor(Audit& audit) : audit_(audit) {}

  // Of a digest: that there is a tombstone, and no such claim.
  void TakeIdentity(absl::string_view identity, absl::string_view place) {
    const std::string where =
        absl::StrCat("digest ", absl::BytesToHexString(identity));
    const absl::StatusOr<ClaimRef> ref = ReadClaimKey(place);
    if (identity.size() != kDigestBytes || !ref.ok()) {
      audit_.Report("tombstone", where,
                    "it names no claim; expected a digest and a place");
      return;
    }
    places_.insert(std::string(place));
    const absl::StatusOr<std::optional<Tombstone>> found =
        FindTombstone(audit_.txn(), audit_.tables(), *ref);
    if (found.ok() && !found->has_value()) {
      audit_.Report("tombstone", where,
                    "there is no tombstone where it was purged; expected one");
    }
    const absl::StatusOr<std::optional<ClaimRef>> stored =
        FindClaimByIdentity(audit_.txn(), audit_.tables(), identity);
    if (stored.ok() && stored->has_value()) {
      audit_.Report("tombstone", where,
                    "the claim was purged but is stored; expected it gone");
    }
  }

  // Requires that the digests were taken.
  void TakePlace(absl::string_view place) {
    const absl::StatusOr<ClaimRef> ref = ReadClaimKey(place);
    if (!ref.ok()) {
      audit_.Report("key",
                    absl::StrCat("tombstone ", absl::BytesToHexString(place)),
                    "its key names no claim; expected owner and ordinal");
      return;
    }
    const Owner owner = ref->owner;
    const bool entity = owner.kind == OwnerKind::kEntity;
    const std::string where =
        absl::StrCat("tombstone ", ref->ordinal, " of ",
                     entity ? "entity " : "relationship ", owner.id);
    const absl::StatusOr<std::optional<Tombstone>> found =
        FindTombstone(audit_.txn(), audit_.tables(), *ref);
    if (!found.ok()) {
      audit_.Report("tombstone", where, std::string(found.status().message()));
      return;
    }
    if (found->has_value() && !audit_.Knows((*found)->revision)) {
      audit_.Report(
          "revision", where,
          absl::StrCat("it is of revision ", (*found)->revision.number,
                       "; expected one that there was"));
    }
    const kv::Table table =
        entity ? audit_.tables().entity : audit_.tables().relationship;
    if (!audit_.Exists(table, IdKey(owner.id))) {
      audit_.Report("tombstone", where,
                    "its owner has no record; expected one");
    }
    if (audit_.Exists(audit_.tables().claim, place)) {
      audit_.Report("tombstone", where,
                    "a claim stands where one was purged; expected none");
    }
    if (!places_.contains(std::string(place))) {
      audit_.Report("tombstone", where,
                    "no digest keeps the claim from being stored again; "
                    "expected one");
    }
  }

 private:
  Audit& audit_;
  std::set<std::string> places_;  // that digests name
};

// ---- answers to requests ----------------------------------------------------

std::string RequestKey(char kind, absl::string_view rest) {
  return absl::StrCat(std::string(1, kind), rest);
}

// What is wrong with a row of an answer, or "".
std::string WrongAnswer(const Audit& audit, absl::string_view id) {
  const absl::StatusOr<std::optional<Answer>> answer =
      ReadAnswer(audit.txn(), audit.tables(), id);
  if (!answer.ok()) return std::string(answer.status().message());
  if (!answer->has_value()) return "it is missing; expected it";
  const Revision revision = (*answer)->result.revision;
  if (revision.number != 0 && !audit.Knows(revision)) {
    return absl::StrCat("it tells of revision ", revision.number,
                        "; expected one that there was");
  }
  const std::string time =
      BigEndian(static_cast<uint64_t>((*answer)->time), kRequestTimeBytes);
  if (!audit.Exists(audit.tables().request,
                    RequestKey(kRequestByTime, absl::StrCat(time, id)))) {
    return "it has no place in the order of time; expected one";
  }
  return "";
}

void AuditRequest(Audit& audit, absl::string_view key) {
  const absl::string_view rest = key.substr(1);
  if (key[0] == kRequestById) {
    std::string wrong = WrongAnswer(audit, rest);
    if (wrong.empty()) return;
    audit.Report("request",
                 absl::StrCat("answer '", absl::Utf8SafeCEscape(rest), "'"),
                 std::move(wrong));
    return;
  }
  const std::string where =
      absl::StrCat("request ", absl::BytesToHexString(key));
  if (key[0] != kRequestByTime || rest.size() < kRequestTimeBytes) {
    audit.Report("key", where,
                 "its key is neither an id nor a time; expected one");
  } else if (!audit.Exists(
                 audit.tables().request,
                 RequestKey(kRequestById, rest.substr(kRequestTimeBytes)))) {
    audit.Report("request", where, "it finds no answer; expected one");
  }
}

}  // namespace

absl::Status AuditImages(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("history"));
  ImageAuditor auditor(audit);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().history);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    RETURN_IF_ERROR(auditor.Take(cursor.key(), cursor.value()));
  }
  return cursor.status();
}

absl::Status AuditTombstones(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("tombstone"));
  TombstoneAuditor auditor(audit);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().tombstone);
  const std::string identities(1, kTombstoneByIdentity);
  for (cursor.Seek(identities); cursor.InPrefix(identities); cursor.Next()) {
    auditor.TakeIdentity(cursor.key().substr(1), cursor.value());
  }
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const absl::string_view key = cursor.key();
    if (key[0] == kTombstoneByPlace) {
      auditor.TakePlace(key.substr(1));
    } else if (key[0] != kTombstoneByIdentity) {
      audit.Report("key",
                   absl::StrCat("tombstone ", absl::BytesToHexString(key)),
                   "its key is neither a place nor a digest; expected one");
    }
  }
  return cursor.status();
}

absl::Status AuditRequests(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("request"));
  kv::Cursor cursor = audit.txn().Walk(audit.tables().request);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    AuditRequest(audit, cursor.key());
  }
  return cursor.status();
}

}  // namespace guanxi::store
