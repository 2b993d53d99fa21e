// Claims, their ids, and the sources that they cite.

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/claim_table.h"
#include "graph/store/damage.h"

namespace guanxi::store {
namespace {

// The first byte of a key of table `source`.
constexpr char kSourceRecord = 'I';

std::string WhereOf(ClaimRef ref) {
  return absl::StrCat(
      "claim ", ref.ordinal, " of ",
      ref.owner.kind == OwnerKind::kEntity ? "entity " : "relationship ",
      ref.owner.id);
}

absl::StatusOr<std::string> EntityKeyOf(const Audit& audit, EntityId id) {
  ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                   audit.FindRecord(audit.tables().entity, id.value));
  if (!record.has_value()) return Damaged("an entity has no record");
  return std::string(record->entity_key());
}

// How identities name the owner of claims. DATA_LOSS if it cannot be told.
absl::StatusOr<std::string> OwnerName(const Audit& audit, Owner owner) {
  if (owner.kind == OwnerKind::kEntity) {
    ASSIGN_OR_RETURN(const std::string key,
                     EntityKeyOf(audit, EntityId{owner.id}));
    return absl::StrCat("E", key);
  }
  ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                   audit.FindRecord(audit.tables().relationship, owner.id));
  if (!record.has_value()) return Damaged("a relationship has no record");
  ASSIGN_OR_RETURN(const RelationshipHead head, record->ReadRelationshipHead());
  RelationshipKey key{.keys = head.keys, .name = head.name};
  ASSIGN_OR_RETURN(key.subject, EntityKeyOf(audit, head.subject));
  ASSIGN_OR_RETURN(key.object, EntityKeyOf(audit, head.object));
  ASSIGN_OR_RETURN(const std::string* type,
                   TypeName(audit.catalog(), head.type));
  key.type = *type;
  return absl::StrCat("R", RelationshipName(key));
}

// Goes through the claims of one owner after another.
class ClaimAuditor {
 public:
  explicit ClaimAuditor(Audit& audit) : audit_(audit) {}

  void Check(ClaimRef ref) {
    if (ref.owner != owner_) BeginOwner(ref.owner);
    where_ = WhereOf(ref);
    const absl::StatusOr<std::optional<StoredClaim>> stored =
        ReadClaim(audit_.txn(), audit_.tables(), ref);
    if (!stored.ok() || !stored->has_value()) {
      Report("claim", std::string(stored.status().message()));
      return;
    }
    CheckIdentity(**stored);
    CheckId(kByIdentity, (*stored)->identity, ref);
    const Claim& claim = (*stored)->claim;
    if (claim.named) CheckId(kByName, claim.id, ref);
    CheckBeliefs(**stored);
    CheckUse(claim.citation.source, ref.owner);
    for (const StoredClaim::Belief& belief : (*stored)->beliefs) {
      for (const Citation& citation : belief.reason.from) {
        FindCited(citation.source);
      }
    }
  }

 private:
  void Report(absl::string_view rule, std::string message) {
    audit_.Report(rule, where_, std::move(message));
  }

  void BeginOwner(Owner owner) {
    owner_ = owner;
    const kv::Table table = owner.kind == OwnerKind::kEntity
                                ? audit_.tables().entity
                                : audit_.tables().relationship;
    where_ = WhereOf({owner, 1});
    if (!audit_.Exists(table, IdKey(owner.id))) {
      Report("claim_owner", "its owner has no record; expected one");
    }
    absl::StatusOr<std::string> name = OwnerName(audit_, owner);
    name_ = name.ok() ? std::optional(*std::move(name)) : std::nullopt;
  }

  void CheckIdentity(const StoredClaim& stored) {
    const bool fits = owner_.kind == OwnerKind::kEntity ||
                      stored.fact.kind == FactKind::kExistence;
    if (!fits) Report("claim", "expected a relationship's claim to be of it");
    if (!name_.has_value()) return;
    Claim stated = stored.claim;
    stated.valid = stored.stated_valid;
    if (ClaimIdentity(*name_, stored.fact, stated) == stored.identity) return;
    Report("claim_identity",
           "its digest is not that of what it says; expected it to be");
  }

  void CheckId(char kind, absl::string_view id, ClaimRef ref) {
    const auto found = audit_.txn().Get(audit_.tables().claim_id,
                                        absl::StrCat(std::string(1, kind), id));
    if (found.ok() && found->has_value() && **found == ClaimKey(ref)) return;
    Report(kind == kByName ? "claim_name_missing" : "claim_id_missing",
           absl::StrCat("its ", kind == kByName ? "name" : "digest",
                        " does not find it; expected it to"));
  }

  void CheckBeliefs(const StoredClaim& stored) {
    Revision before;
    for (size_t i = 0; i < stored.beliefs.size(); ++i) {
      const StoredClaim::Belief& belief = stored.beliefs[i];
      const Revision to = belief.to.value_or(belief.from);
      const bool last = i + 1 == stored.beliefs.size();
      if (!audit_.Knows(belief.from) || !audit_.Knows(to) ||
          belief.from < before || to < belief.from ||
          (!last && !belief.to.has_value())) {
        Report("belief",
               absl::StrCat("it is believed from revision ", belief.from.number,
                            " to ", to.number,
                            "; expected stretches of revisions that there "
                            "were, one after another"));
        return;
      }
      const bool ended = belief.to.has_value() &&
                         belief.closing == StoredClaim::Closing::kEnded;
      if (ended && (last || stored.beliefs[i + 1].from != to)) {
        Report("belief",
               absl::StrCat("what it states ended in revision ", to.number,
                            "; expected it to be believed so from then on"));
        return;
      }
      before = to;
    }
  }

  std::optional<SourceId> FindCited(const std::string& name) {
    const absl::StatusOr<std::optional<SourceId>> id =
        FindSourceId(audit_.txn(), audit_.tables(), name);
    if (id.ok() && id->has_value()) return *id;
    Report("source_missing",
           absl::StrCat("its source '", absl::Utf8SafeCEscape(name),
                        "' is missing; expected it"));
    return std::nullopt;
  }

  void CheckUse(const std::string& name, Owner owner) {
    if (name.empty()) return;
    const std::optional<SourceId> id = FindCited(name);
    if (!id.has_value()) return;
    const std::string prefix = IdKey(id->value);
    const Tuple<2> use = {static_cast<uint64_t>(owner.kind), owner.id};
    if (audit_.Lacks({audit_.tables().source_use, prefix}, use)) {
      Report("source_use_missing",
             absl::StrCat("source ", id->value,
                          " does not know that it is cited; expected that"));
    }
  }

  Audit& audit_;
  Owner owner_;  // that of id 0 is none
  std::optional<std::string> name_;
  std::string where_;
};

// Whether a row of table `claim_id` finds a claim that is called so; true too
// if the claim cannot be read.
bool Finds(const Audit& audit, absl::string_view key, absl::string_view value) {
  const absl::StatusOr<ClaimRef> ref = ReadClaimKey(value);
  if (!ref.ok() || key.empty()) return false;
  const absl::StatusOr<std::optional<StoredClaim>> stored =
      ReadClaim(audit.txn(), audit.tables(), *ref);
  if (!stored.ok()) return true;
  if (!stored->has_value()) return false;
  const absl::string_view id = key.substr(1);
  if (key[0] == kByIdentity) return (*stored)->identity == id;
  return key[0] == kByName && (*stored)->claim.named &&
         (*stored)->claim.id == id;
}

class SourceAuditor {
 public:
  explicit SourceAuditor(Audit& audit)
      : audit_(audit), ids_(audit, "source", &Counters::next_source) {}

  void CheckRecord(absl::string_view key) {
    const std::optional<uint64_t> id = ids_.Take(key.substr(1));
    if (!id.has_value()) return;
    const std::string where = absl::StrCat("source ", *id);
    const absl::StatusOr<std::optional<SourceRecord>> source =
        ReadSource(audit_.txn(), audit_.tables(), SourceId{*id});
    if (!source.ok() || !source->has_value()) {
      audit_.Report("source", where, std::string(source.status().message()));
      return;
    }
    const auto found =
        FindSourceId(audit_.txn(), audit_.tables(), (*source)->name);
    if (!found.ok() || !found->has_value() || **found != SourceId{*id}) {
      audit_.Report("source_name_missing", where,
                    "its name does not find it; expected it to");
    }
    CheckVersions(**source, where);
  }

  void CheckName(absl::string_view key, absl::string_view value) {
    const absl::StatusOr<uint64_t> id = ReadIdRow(value, "it");
    if (id.ok()) {
      const absl::StatusOr<std::optional<SourceRecord>> source =
          ReadSource(audit_.txn(), audit_.tables(), SourceId{*id});
      if (!source.ok()) return;
      if (source->has_value() && (*source)->name == key.substr(1)) return;
    }
    audit_.Report(
        "source_name_extra",
        absl::StrCat("source '", absl::Utf8SafeCEscape(key.substr(1)), "'"),
        "its name finds no source that has it; expected one");
  }

  void Finish() { ids_.Finish(); }

 private:
  void CheckVersions(const SourceRecord& source, const std::string& where) {
    Revision before;
    for (const SourceRecord::Version& version : source.versions) {
      if (!audit_.Knows(version.since) || version.since < before) {
        audit_.Report(
            "revision", where,
            absl::StrCat("it is described in revision ", version.since.number,
                         "; expected ones that there were, in order"));
      }
      before = version.since;
      for (const std::string& parent : DerivedFrom(version.description)) {
        CheckParent(source.id, parent, where);
      }
    }
  }

  void CheckParent(SourceId child, const std::string& parent,
                   const std::string& where) {
    const absl::StatusOr<std::optional<SourceId>> id =
        FindSourceId(audit_.txn(), audit_.tables(), parent);
    if (!id.ok() || !id->has_value()) {
      audit_.Report("source_missing", where,
                    absl::StrCat("source '", absl::Utf8SafeCEscape(parent),
                                 "', which it derives from, is missing; "
                                 "expected it"));
      return;
    }
    const std::string prefix = IdKey((*id)->value);
    const Tuple<2> use = {static_cast<uint64_t>(OwnerKind::kSource),
                          child.value};
    if (!audit_.Lacks({audit_.tables().source_use, prefix}, use)) return;
    audit_.Report("source_use_missing", where,
                  absl::StrCat("source ", (*id)->value,
                               " does not know that it derives from it; "
                               "expected that"));
  }

  Audit& audit_;
  IdSequence ids_;
};

}  // namespace

absl::Status AuditClaims(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("claim"));
  ClaimAuditor auditor(audit);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().claim);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const absl::StatusOr<ClaimRef> ref = ReadClaimKey(cursor.key());
    if (ref.ok()) {
      auditor.Check(*ref);
    } else {
      audit.Report("key",
                   absl::StrCat("claim ", absl::BytesToHexString(cursor.key())),
                   "its key names no claim; expected owner and ordinal");
    }
  }
  return cursor.status();
}

absl::Status AuditClaimIds(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("claim_id"));
  kv::Cursor cursor = audit.txn().Walk(audit.tables().claim_id);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    if (Finds(audit, cursor.key(), cursor.value())) continue;
    audit.Report("claim_id_extra",
                 absl::StrCat("claim id ", absl::CHexEscape(cursor.key())),
                 "it finds no claim that is called so; expected one");
  }
  return cursor.status();
}

absl::Status AuditSources(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("source"));
  SourceAuditor auditor(audit);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().source);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const absl::string_view key = cursor.key();
    if (key[0] == kSourceRecord) {
      auditor.CheckRecord(key);
    } else if (key[0] == kByName) {
      auditor.CheckName(key, cursor.value());
    } else {
      audit.Report("key", absl::StrCat("source ", absl::BytesToHexString(key)),
                   "its key is neither a name nor an id; expected one");
    }
  }
  auditor.Finish();
  return cursor.status();
}

}  // namespace guanxi::store
