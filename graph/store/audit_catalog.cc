// What every other table is told by: counters, names, schema.

#include <array>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/entity_index.h"
#include "graph/store/placement.h"
#include "graph/store/schema_codec.h"

namespace guanxi::store {
namespace {

constexpr absl::string_view kNameKinds = "LTP";
constexpr size_t kTypeKind = 1;
constexpr size_t kNameKeyBytes = 5;

// The names seen so far, in order, of each kind.
class NameSequences {
 public:
  explicit NameSequences(Audit& audit) : audit_(audit) {}

  void Take(absl::string_view key, absl::string_view name) {
    const std::string where = absl::StrCat(
        "name ", absl::CHexEscape(key.substr(0, 1)), " ",
        ReadBigEndian(key.substr(std::min<size_t>(1, key.size()))));
    const size_t kind = kNameKinds.find(key.empty() ? ' ' : key[0]);
    if (key.size() != kNameKeyBytes || kind == absl::string_view::npos) {
      audit_.Report("name", where,
                    "its key is none; expected L, T or P and 4 bytes");
      return;
    }
    const uint64_t id = ReadBigEndian(key.substr(1));
    if (id != next_[kind]) {
      audit_.Report("name", where,
                    absl::StrCat("expected the number ", next_[kind],
                                 ": names have no gaps"));
    }
    next_[kind] = id + 1;
    if (!seen_[kind].insert(std::string(name)).second) {
      audit_.Report("name", where,
                    absl::StrCat("'", absl::Utf8SafeCEscape(name),
                                 "' has a number already; expected one"));
    }
    if (kind == kTypeKind && id < std::size(kJudgementTypes) &&
        name != kJudgementTypes[id]) {
      audit_.Report("name", where,
                    absl::StrCat("found '", absl::Utf8SafeCEscape(name),
                                 "'; expected ", kJudgementTypes[id]));
    }
  }

 private:
  Audit& audit_;
  std::array<uint64_t, 3> next_ = {};
  std::array<std::set<std::string>, 3> seen_;
};

void AuditDeclaration(Audit& audit, absl::string_view key,
                      absl::string_view bytes, Schema& schema) {
  const std::string where =
      absl::StrCat("declaration ", absl::Utf8SafeCEscape(key));
  const absl::StatusOr<Declaration> declaration = DecodeDeclaration(bytes);
  if (!declaration.ok()) {
    audit.Report("schema", where, std::string(declaration.status().message()));
    return;
  }
  if (DeclarationKey(*declaration) != key) {
    audit.Report(
        "schema", where,
        absl::StrCat("it declares ",
                     absl::Utf8SafeCEscape(DeclarationKey(*declaration)),
                     "; expected the name in its key"));
  }
  if (EncodeDeclaration(*declaration) != bytes) {
    audit.Report("schema", where, "expected the one form of what it says");
  }
  const absl::Status declared = schema.Declare(*declaration);
  if (!declared.ok()) {
    audit.Report("schema", where, absl::Utf8SafeCEscape(declared.message()));
  }
}

}  // namespace

absl::Status AuditMeta(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("meta"));
  const absl::StatusOr<Counters> counters =
      LoadCounters(audit.txn(), audit.tables());
  if (counters.ok()) {
    audit.set_counters(*counters);
  } else {
    audit.Report("counters", "meta counters",
                 std::string(counters.status().message()));
  }
  kv::Cursor cursor = audit.txn().Walk(audit.tables().meta);
  bool identity = false;
  bool format = false;
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const absl::string_view key = cursor.key();
    if (key == "identity") {
      identity = cursor.value().size() == kStoreIdentityBytes;
    } else if (key == "format") {
      format = true;
    } else if (key != "counters" && !IsCountKey(key)) {
      audit.Report("meta", absl::StrCat("meta ", absl::CHexEscape(key)),
                   "expected format, identity, counters and counts of facts");
    }
  }
  if (!identity) {
    audit.Report("meta", "meta identity", "expected 16 bytes");
  }
  if (!format) {
    audit.Report("meta", "meta format",
                 "expected it: a store without one does not open");
  }
  return cursor.status();
}

absl::Status AuditNames(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("name"));
  NameSequences names(audit);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().name);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    names.Take(cursor.key(), cursor.value());
  }
  return cursor.status();
}

absl::Status AuditSchema(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("schema"));
  Schema schema;
  kv::Cursor cursor = audit.txn().Walk(audit.tables().schema);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    AuditDeclaration(audit, cursor.key(), cursor.value(), schema);
  }
  RETURN_IF_ERROR(cursor.status());
  absl::StatusOr<Catalog> catalog = LoadCatalog(audit.txn(), audit.tables());
  if (catalog.ok()) audit.set_catalog(*std::move(catalog));
  return absl::OkStatus();
}

absl::Status AuditFactCounts(Audit& audit) {
  if (!audit.property_facts().has_value()) return absl::OkStatus();
  const auto& names = audit.catalog().properties;
  for (PropertyId id; id.value < names.size(); ++id.value) {
    const absl::StatusOr<uint64_t> count =
        CountPropertyFacts(id, audit.txn(), audit.tables());
    const auto found = static_cast<uint64_t>((*audit.property_facts())[id]);
    if (count.ok() && *count == found) continue;
    audit.Report(
        "fact_count",
        absl::StrCat("property ", absl::Utf8SafeCEscape(*names.Get(id))),
        absl::StrCat("the count of its facts is ",
                     count.ok() ? absl::StrCat(*count) : "damaged",
                     "; expected ", found));
  }
  return absl::OkStatus();
}

}  // namespace guanxi::store
