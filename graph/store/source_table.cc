#include "graph/store/source_table.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/model/lineage.h"
#include "graph/store/damage.h"
#include "graph/store/fact_codec.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

// The first byte of a key of table `source`.
constexpr char kRecordKey = 'I';
constexpr char kNameKey = 'N';

std::string RecordKey(SourceId id) { return kRecordKey + IdKey(id.value); }

std::string NameKey(absl::string_view name) {
  return absl::StrCat(std::string(1, kNameKey), name);
}

std::string TextOf(const Map& description, absl::string_view property) {
  const auto found = description.find(property);
  if (found == description.end()) return "";
  const Text* text = found->second.get_if<Text>();
  return text == nullptr ? "" : text->text;
}

Standing::Tier TierOf(const Map& description) {
  const std::string reliability = TextOf(description, "reliability");
  if (reliability == "primary") return Standing::Tier::kPrimary;
  if (reliability == "secondary") return Standing::Tier::kSecondary;
  return Standing::Tier::kWeak;
}

std::optional<DayRange> PublishedOf(const Map& description) {
  const auto found = description.find("published");
  if (found == description.end()) return std::nullopt;
  if (const auto* date = found->second.get_if<Date>()) return date->days();
  const auto* year = found->second.get_if<int64_t>();
  if (year == nullptr || *year < 1 || *year > 9999) return std::nullopt;
  return Date::FromYear(static_cast<int>(*year)).days();
}

absl::Status TooLong(absl::string_view source) {
  const std::string most = absl::StrCat(Standings::kMaxLineage);
  return MakeError(absl::StatusCode::kResourceExhausted, "LINEAGE_TOO_LARGE",
                   absl::StrCat("source '", source, "' derives from more than ",
                                most, " others; expected fewer"),
                   {{"source", source}, {"limit", most}});
}

}  // namespace

const Map& SourceRecord::DescriptionAt(Revision revision) const {
  const auto later =
      std::ranges::upper_bound(versions, revision, {}, &Version::since);
  return later == versions.begin() ? later->description
                                   : std::prev(later)->description;
}

bool SameWeight(const Map& a, const Map& b) {
  const auto of = [](const Map& map, absl::string_view name) {
    const auto found = map.find(name);
    return found == map.end() ? Value() : found->second;
  };
  return std::ranges::all_of(
      std::array<absl::string_view, 3>{"reliability", "published",
                                       "derived_from"},
      [&](absl::string_view name) { return of(a, name) == of(b, name); });
}

absl::Status NoSuchSource(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound, "SOURCE_NOT_FOUND",
                   absl::StrCat("there is no source '", name,
                                "'; expected one that is declared, as in: "
                                "source ",
                                name, " {kind: news_article}"),
                   {{"source", name}});
}

std::vector<std::string> DerivedFrom(const Map& description) {
  const auto found = description.find("derived_from");
  if (found == description.end()) return {};
  std::vector<std::string> names;
  if (const Text* one = found->second.get_if<Text>()) names = {one->text};
  if (const List* list = found->second.get_if<List>()) {
    for (const Value& item : *list) {
      if (const Text* text = item.get_if<Text>()) names.push_back(text->text);
    }
  }
  return names;
}

absl::StatusOr<std::optional<SourceId>> FindSourceId(const kv::Txn& txn,
                                                     const Tables& tables,
                                                     absl::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   txn.Get(tables.source, NameKey(name)));
  if (!found.has_value()) return std::nullopt;
  SourceId id;
  ASSIGN_OR_RETURN(id.value, ReadIdRow(*found, "a source's name"));
  return id;
}

absl::StatusOr<SourceId> RequireSource(const kv::Txn& txn, const Tables& tables,
                                       absl::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<SourceId> id,
                   FindSourceId(txn, tables, name));
  if (id.has_value()) return *id;
  return NoSuchSource(name);
}

absl::StatusOr<std::optional<SourceRecord>> ReadSource(const kv::Txn& txn,
                                                       const Tables& tables,
                                                       SourceId id) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn.Get(tables.source, RecordKey(id)));
  if (!bytes.has_value()) return std::nullopt;
  ByteReader reader(*bytes);
  SourceRecord source{.id = id, .name = std::string(reader.String())};
  while (reader.ok() && !reader.done()) {
    SourceRecord::Version version{.since = {reader.Varint()}};
    version.description = ReadMap(reader);
    source.versions.push_back(std::move(version));
  }
  if (source.versions.empty()) reader.Fail();
  RETURN_IF_ERROR(CheckRead(reader, absl::StrCat("source ", id.value)));
  return source;
}

absl::Status WriteSource(const SourceRecord& source, const Tables& tables,
                         kv::WriteTxn& txn) {
  std::string bytes;
  PutString(source.name, &bytes);
  for (const SourceRecord::Version& version : source.versions) {
    PutVarint(version.since.number, &bytes);
    PutMap(version.description, &bytes);
  }
  RETURN_IF_ERROR(txn.Put(tables.source, RecordKey(source.id), bytes));
  return txn.Put(tables.source, NameKey(source.name), IdKey(source.id.value));
}

absl::Status ForEachSourceName(
    const kv::Txn& txn, const Tables& tables,
    absl::FunctionRef<absl::Status(const std::string&)> visit) {
  const std::string prefix = NameKey("");
  kv::Cursor cursor = txn.Walk(tables.source);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    RETURN_IF_ERROR(visit(std::string(cursor.key().substr(prefix.size()))));
  }
  return cursor.status();
}

absl::StatusOr<const Standing*> Standings::Of(absl::string_view source) {
  const auto known = known_.find(source);
  if (known != known_.end()) return &known->second;
  ASSIGN_OR_RETURN(Standing standing, WorkOut(source));
  return &known_.emplace(source, std::move(standing)).first->second;
}

absl::StatusOr<Standing> Standings::WorkOut(absl::string_view source) {
  Standing standing;
  if (source.empty()) return standing;
  Lineage lineage;
  std::map<std::string, Standing::Tier> tiers;
  std::vector<std::string> queue = {std::string(source)};
  while (!queue.empty()) {
    const std::string name = std::move(queue.back());
    queue.pop_back();
    if (lineage.contains(name)) continue;
    if (lineage.size() == kMaxLineage) return TooLong(source);
    ASSIGN_OR_RETURN(const Map description, Describe(name));
    if (name == source) standing.published = PublishedOf(description);
    tiers[name] = TierOf(description);
    lineage[name] = DerivedFrom(description);
    queue.insert(queue.end(), lineage[name].begin(), lineage[name].end());
  }
  standing.roots = LineageRoots(lineage, std::string(source));
  for (const std::string& root : standing.roots) {
    standing.tier = std::min(standing.tier, tiers[root]);
  }
  return standing;
}

absl::StatusOr<Map> Standings::Describe(absl::string_view source) const {
  ASSIGN_OR_RETURN(const std::optional<SourceId> id,
                   FindSourceId(txn_, tables_, source));
  std::optional<SourceRecord> record;
  if (id.has_value()) {
    ASSIGN_OR_RETURN(record, ReadSource(txn_, tables_, *id));
  }
  // Whoever cites a source was told so if it was not there.
  if (!record.has_value()) {
    return Damaged(absl::StrCat("source '", absl::Utf8SafeCEscape(source),
                                "' is missing"));
  }
  return record->DescriptionAt(revision_);
}

absl::Status AddSourceUse(SourceId source, Owner user, const Tables& tables,
                          kv::WriteTxn& txn) {
  return InsertTuple(txn, {tables.source_use, IdKey(source.value)},
                     Tuple<2>{static_cast<uint64_t>(user.kind), user.id})
      .status();
}

absl::StatusOr<std::vector<Owner>> DependentOwners(const kv::Txn& txn,
                                                   const Tables& tables,
                                                   SourceId source) {
  std::vector<Owner> owners;
  std::set<uint64_t> seen = {source.value};
  std::vector<uint64_t> queue = {source.value};
  while (!queue.empty()) {
    TupleCursor<2> cursor(txn, {tables.source_use, IdKey(queue.back())});
    queue.pop_back();
    for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
      const auto [kind, id] = cursor.tuple();
      if (kind > static_cast<uint64_t>(OwnerKind::kSource) || id == 0) {
        return Damaged("who rests on a source is of no kind");
      }
      if (static_cast<OwnerKind>(kind) != OwnerKind::kSource) {
        owners.push_back({static_cast<OwnerKind>(kind), id});
      } else if (seen.insert(id).second) {
        queue.push_back(id);
      }
    }
    RETURN_IF_ERROR(cursor.status());
  }
  std::ranges::sort(owners);
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  return owners;
}

}  // namespace guanxi::store
