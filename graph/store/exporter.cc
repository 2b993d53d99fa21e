#include "graph/store/exporter.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"

#include "graph/base/status_macros.h"
#include "graph/store/believed.h"
#include "graph/store/entity_list.h"
#include "graph/store/entity_statements.h"
#include "graph/store/key.h"
#include "graph/store/placement.h"
#include "graph/store/source_table.h"
#include "graph/store/tuple_cursor.h"

namespace guanxi::store {
namespace {

using Write = absl::FunctionRef<absl::Status(const Statement::Body&)>;

enum class Slots : uint8_t { kRelationships, kJudgements };

Statement::Body MakeStatement(const RelationshipKey& key,
                              const BelievedClaim& said) {
  for (size_t i = 0; i < std::size(kJudgementTypes); ++i) {
    if (key.type != kJudgementTypes[i]) continue;
    return JudgementStatement{.judgement = static_cast<Judgement>(i),
                              .first = key.subject,
                              .second = key.object,
                              .tail = said.ToTail()};
  }
  RelationshipStatement statement{.subject = key.subject,
                                  .type = key.type,
                                  .object = key.object,
                                  .name = key.name,
                                  .properties = key.keys,
                                  .tail = said.ToTail()};
  statement.properties.insert(said.claim.properties.begin(),
                              said.claim.properties.end());
  return statement;
}

bool Before(const RelationshipKey& a, const RelationshipKey& b) {
  return std::tie(a.type, a.object, a.keys, a.name) <
         std::tie(b.type, b.object, b.keys, b.name);
}

const Tail* TailOf(const Statement::Body& body) {
  return std::visit(
      [](const auto& held) -> const Tail* {
        if constexpr (requires { held.tail; }) return &held.tail;
        return nullptr;
      },
      body);
}

// One export under way.
class Exporter {
 public:
  Exporter(const Snapshot& snapshot, const ExportOptions& options)
      : snapshot_(snapshot), options_(options) {}

  absl::Status Run(Write write) {
    RETURN_IF_ERROR(SelectEntities());
    RETURN_IF_ERROR(WriteSchema(write));
    RETURN_IF_ERROR(WriteSources(write));
    return WriteFacts(write);
  }

 private:
  struct Entity {
    std::string key;
    EntityId id;
    friend auto operator<=>(const Entity&, const Entity&) = default;
  };
  using VisitEntity = absl::FunctionRef<absl::Status(const Entity&)>;
  using VisitRelationship = absl::FunctionRef<absl::Status(RelationshipId)>;

  absl::Status SelectEntities();
  bool IsWhole() const { return !options_.entities.has_value(); }
  bool Includes(uint64_t entity) const {
    return IsWhole() || ids_.contains(EntityId{entity});
  }

  absl::Status WriteSchema(Write write) const;
  absl::Status WriteSources(Write write) const;
  absl::Status WriteSource(const std::string& name, Write write) const;
  absl::StatusOr<std::set<std::string>> SourcesOfPart() const;
  absl::Status WriteFacts(Write write) const;

  absl::Status ForEachEntity(VisitEntity visit) const;
  absl::Status ForEachSlot(EntityId entity, kv::Table table,
                           VisitRelationship visit) const;
  absl::StatusOr<EntityStatements> StatementsOf(const Entity& entity) const;
  absl::StatusOr<bool> IsSpokenOf(EntityId entity) const;
  absl::Status WriteEntity(const Entity& entity, Write write) const;
  absl::Status WriteProperties(const Entity& entity, Write write) const;
  absl::Status WriteRelationships(const Entity& entity, Slots slots,
                                  Write write) const;

  const Snapshot& snapshot_;
  const ExportOptions& options_;
  std::vector<Entity> part_;  // in the order of keys; unless IsWhole()
  absl::flat_hash_set<EntityId> ids_;
};

absl::Status Exporter::SelectEntities() {
  if (IsWhole()) return absl::OkStatus();
  for (const EntityId id : *options_.entities) {
    if (!ids_.insert(id).second) continue;
    ASSIGN_OR_RETURN(std::string key, snapshot_.EntityKey(id));
    part_.push_back({std::move(key), id});
  }
  std::ranges::sort(part_);
  return absl::OkStatus();
}

absl::Status Exporter::WriteSchema(Write write) const {
  const Schema& schema = snapshot_.schema();
  const Schema& builtin = options_.builtin;
  for (const auto& [name, label] : schema.labels()) {
    const LabelDeclaration* known = builtin.FindLabel(name);
    if (known != nullptr && *known == label) continue;
    RETURN_IF_ERROR(write(Declaration(label)));
  }
  for (const auto& [name, property] : schema.properties()) {
    const PropertyDeclaration* known = builtin.FindProperty(name);
    if (known != nullptr && *known == property) continue;
    RETURN_IF_ERROR(write(Declaration(property)));
  }
  for (const auto& [name, type] : schema.relationships()) {
    const RelationshipDeclaration* known = builtin.FindRelationship(name);
    if (known != nullptr && *known == type) continue;
    RETURN_IF_ERROR(write(Declaration(type)));
  }
  return absl::OkStatus();
}

absl::Status Exporter::WriteSources(Write write) const {
  if (IsWhole()) {
    return ForEachSourceName(
        snapshot_.txn(), snapshot_.tables(),
        [&](const std::string& name) { return WriteSource(name, write); });
  }
  ASSIGN_OR_RETURN(const std::set<std::string> names, SourcesOfPart());
  for (const std::string& name : names) {
    RETURN_IF_ERROR(WriteSource(name, write));
  }
  return absl::OkStatus();
}

absl::Status Exporter::WriteSource(const std::string& name, Write write) const {
  ASSIGN_OR_RETURN(const std::optional<SourceView> source,
                   snapshot_.FindSource(name));
  if (!source.has_value()) return absl::OkStatus();
  return write(SourceStatement{.id = name, .description = source->description});
}

// The sources that are cited, and those that these derive from.
absl::StatusOr<std::set<std::string>> Exporter::SourcesOfPart() const {
  std::set<std::string> names;
  RETURN_IF_ERROR(WriteFacts([&](const Statement::Body& body) {
    const Tail* tail = TailOf(body);
    for (const Citation& citation : tail->from) names.insert(citation.source);
    return absl::OkStatus();
  }));
  std::vector<std::string> queue(names.begin(), names.end());
  while (!queue.empty()) {
    const std::string name = std::move(queue.back());
    queue.pop_back();
    ASSIGN_OR_RETURN(const std::optional<SourceView> source,
                     snapshot_.FindSource(name));
    if (!source.has_value()) continue;
    for (std::string& parent : DerivedFrom(source->description)) {
      if (names.insert(parent).second) queue.push_back(std::move(parent));
    }
  }
  return names;
}

absl::Status Exporter::WriteFacts(Write write) const {
  RETURN_IF_ERROR(ForEachEntity(
      [&](const Entity& entity) { return WriteEntity(entity, write); }));
  RETURN_IF_ERROR(ForEachEntity(
      [&](const Entity& entity) { return WriteProperties(entity, write); }));
  RETURN_IF_ERROR(ForEachEntity([&](const Entity& entity) {
    return WriteRelationships(entity, Slots::kRelationships, write);
  }));
  return ForEachEntity([&](const Entity& entity) {
    return WriteRelationships(entity, Slots::kJudgements, write);
  });
}

// In the order of keys.
absl::Status Exporter::ForEachEntity(VisitEntity visit) const {
  const auto visit_one = [&](const Entity& entity) -> absl::Status {
    if (options_.check) RETURN_IF_ERROR(options_.check());
    return visit(entity);
  };
  for (const Entity& entity : part_) RETURN_IF_ERROR(visit_one(entity));
  if (!IsWhole()) return absl::OkStatus();
  absl::Status visited;
  RETURN_IF_ERROR(
      store::ForEachEntity(snapshot_, [&](absl::string_view key, EntityId id) {
        visited = visit_one({std::string(key), id});
        return visited.ok();
      }));
  return visited;
}

// Those whose other end is exported too.
absl::Status Exporter::ForEachSlot(EntityId entity, kv::Table table,
                                   VisitRelationship visit) const {
  const bool aside = table.dbi == snapshot_.tables().aside.dbi;
  const size_t other = aside ? size_t{kAsideOther} : size_t{kSlotOther};
  const size_t relationship =
      aside ? size_t{kAsideRelationship} : size_t{kSlotRelationship};
  TupleCursor<4> cursor(snapshot_.txn(), {table, IdKey(entity)});
  for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
    if (!Includes(cursor.value(other))) continue;
    if (options_.check) RETURN_IF_ERROR(options_.check());
    const RelationshipId id{cursor.value(relationship)};
    if (snapshot_.standpoint().Knows(id)) RETURN_IF_ERROR(visit(id));
  }
  return cursor.status();
}

absl::StatusOr<EntityStatements> Exporter::StatementsOf(
    const Entity& entity) const {
  ASSIGN_OR_RETURN(std::vector<BelievedClaim> claims,
                   ReadBelieved(snapshot_, entity.id));
  return MakeEntityStatements(entity.key, std::move(claims),
                              snapshot_.schema());
}

// Whether a relationship or judgement that is exported touches the entity.
absl::StatusOr<bool> Exporter::IsSpokenOf(EntityId entity) const {
  const Tables& tables = snapshot_.tables();
  bool found = false;
  for (const kv::Table table :
       {tables.adjacency_out, tables.adjacency_in, tables.aside}) {
    RETURN_IF_ERROR(
        ForEachSlot(entity, table, [&](RelationshipId id) -> absl::Status {
          if (found) return absl::OkStatus();
          ASSIGN_OR_RETURN(const std::vector<BelievedClaim> claims,
                           ReadBelieved(snapshot_, id));
          found = !claims.empty();
          return absl::OkStatus();
        }));
  }
  return found;
}

absl::Status Exporter::WriteEntity(const Entity& entity, Write write) const {
  ASSIGN_OR_RETURN(const EntityStatements said, StatementsOf(entity));
  for (const EntityStatement& statement : said.entities) {
    RETURN_IF_ERROR(write(statement));
  }
  if (!said.entities.empty()) return absl::OkStatus();
  bool needed = !said.properties.empty();
  if (!needed) {
    ASSIGN_OR_RETURN(needed, IsSpokenOf(entity.id));
  }
  return needed ? write(DeclareOnly(entity.key)) : absl::OkStatus();
}

absl::Status Exporter::WriteProperties(const Entity& entity,
                                       Write write) const {
  ASSIGN_OR_RETURN(const EntityStatements said, StatementsOf(entity));
  for (const PropertyStatement& statement : said.properties) {
    RETURN_IF_ERROR(write(statement));
  }
  return absl::OkStatus();
}

// Of those of which `entity` is the subject. A denied one and a judgement
// stands aside at both ends, a symmetric one in the adjacency of both.
absl::Status Exporter::WriteRelationships(const Entity& entity, Slots slots,
                                          Write write) const {
  const bool judgements = slots == Slots::kJudgements;
  std::vector<std::pair<RelationshipKey, RelationshipId>> all;
  const auto add = [&](RelationshipId id) -> absl::Status {
    ASSIGN_OR_RETURN(RelationshipKey key, ReadRelationshipKey(snapshot_, id));
    const bool is_judgement = absl::StartsWith(key.type, "=");
    if (key.subject == entity.key && is_judgement == judgements) {
      all.emplace_back(std::move(key), id);
    }
    return absl::OkStatus();
  };
  const Tables& tables = snapshot_.tables();
  if (!judgements) {
    RETURN_IF_ERROR(ForEachSlot(entity.id, tables.adjacency_out, add));
  }
  RETURN_IF_ERROR(ForEachSlot(entity.id, tables.aside, add));
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    return Before(a.first, b.first);
  });
  const auto same = [](const auto& a, const auto& b) {
    return a.second == b.second;
  };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  for (const auto& [key, id] : all) {
    ASSIGN_OR_RETURN(const std::vector<BelievedClaim> claims,
                     ReadBelieved(snapshot_, id));
    for (const BelievedClaim& said : claims) {
      RETURN_IF_ERROR(write(MakeStatement(key, said)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Export(const Snapshot& snapshot, const ExportOptions& options,
                    Write write) {
  return Exporter(snapshot, options).Run(write);
}

}  // namespace guanxi::store
