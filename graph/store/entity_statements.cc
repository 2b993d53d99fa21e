#include "graph/store/entity_statements.h"

#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/store/claim_table.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

constexpr absl::string_view kDeclareNote =
    "declared for the sake of what is said of it";

// What one statement takes in beside the existence, as stored.
constexpr size_t kMaxJoinedBytes = 10'000;

class Joiner {
 public:
  Joiner(const std::string& key, const Schema& schema)
      : key_(key), schema_(schema) {}

  void Add(const BelievedClaim& said) {
    switch (said.fact.kind) {
      case FactKind::kExistence:
        open_.push_back({made_.entities.size()});
        made_.entities.push_back({.key = key_, .tail = said.ToTail()});
        break;
      case FactKind::kLabel:
        AddLabel(said);
        break;
      case FactKind::kProperty:
      case FactKind::kDate:  // of relationships only
        AddProperty(said);
        break;
    }
  }

  EntityStatements Finish() && { return std::move(made_); }

 private:
  // A statement of existence that may take in more.
  struct Open {
    size_t index;
    size_t bytes = 0;
  };

  void AddLabel(const BelievedClaim& said) {
    Tail tail = said.ToTail();
    EntityStatement* into = FindRoom(tail, said.fact.name.size());
    if (into == nullptr) {
      made_.entities.push_back({.key = key_, .tail = std::move(tail)});
      into = &made_.entities.back();
    }
    into->labels.push_back(said.fact.name);
  }

  void AddProperty(const BelievedClaim& said) {
    Tail tail = said.ToTail();
    const Value& value = said.claim.value;
    EntityStatement* into = FindRoom(tail, SizeOf(value));
    if (into != nullptr && Join(said.fact.name, value, into->properties)) {
      return;
    }
    made_.properties.push_back({.key = key_,
                                .property = said.fact.name,
                                .value = value,
                                .tail = std::move(tail)});
  }

  bool Join(const std::string& property, const Value& value, Map& properties) {
    const PropertyDeclaration* declared = schema_.FindProperty(property);
    const bool is_list = declared != nullptr && declared->type.list;
    const auto known = properties.find(property);
    if (known == properties.end()) {
      properties.emplace(property, is_list ? Value(List{value}) : value);
      return true;
    }
    if (!is_list) return false;
    List elements = *known->second.get_if<List>();
    elements.push_back(value);
    known->second = Value(std::move(elements));
    return true;
  }

  // The statement of existence with this tail that takes in `bytes` more.
  EntityStatement* FindRoom(const Tail& tail, size_t bytes) {
    for (Open& open : open_) {
      EntityStatement& statement = made_.entities[open.index];
      if (statement.tail != tail) continue;
      if (open.bytes + bytes > kMaxJoinedBytes) return nullptr;
      open.bytes += bytes;
      return &statement;
    }
    return nullptr;
  }

  static size_t SizeOf(const Value& value) {
    std::string bytes;
    PutValue(value, &bytes);
    return bytes.size();
  }

  const std::string& key_;
  const Schema& schema_;
  EntityStatements made_;
  std::vector<Open> open_;
};

// What saying a label claims beside it.
BelievedClaim ExistenceBehind(const std::string& key,
                              const BelievedClaim& label) {
  BelievedClaim existence{.claim = label.claim};
  Claim& claim = existence.claim;
  claim.supersedes.clear();
  claim.named = false;
  claim.id = claim.implicit ? ""
                            : ClaimIdText(ClaimIdentity(absl::StrCat("E", key),
                                                        existence.fact, claim));
  return existence;
}

// A label cannot be said without the existence, so that of one whose existence
// is not believed by itself is said too.
std::vector<BelievedClaim> WithExistence(const std::string& key,
                                         std::vector<BelievedClaim> claims) {
  std::map<std::string, BelievedClaim> existence;
  for (const BelievedClaim& said : claims) {
    if (said.fact.kind == FactKind::kExistence) {
      existence.insert_or_assign(said.claim.id, said);
    }
  }
  for (const BelievedClaim& said : claims) {
    const bool implies = said.fact.kind == FactKind::kLabel &&
                         ModeClass(said.claim.mode) == Mode::kAsserted;
    if (!implies) continue;
    BelievedClaim implied = ExistenceBehind(key, said);
    existence.try_emplace(implied.claim.id, implied);
  }
  std::erase_if(claims, [](const BelievedClaim& said) {
    return said.fact.kind == FactKind::kExistence;
  });
  std::vector<BelievedClaim> all;
  for (auto& [id, said] : existence) all.push_back(std::move(said));
  all.insert(all.end(), std::make_move_iterator(claims.begin()),
             std::make_move_iterator(claims.end()));
  return all;
}

}  // namespace

EntityStatements MakeEntityStatements(const std::string& key,
                                      std::vector<BelievedClaim> claims,
                                      const Schema& schema) {
  Joiner joiner(key, schema);
  for (const BelievedClaim& said : WithExistence(key, std::move(claims))) {
    joiner.Add(said);
  }
  return std::move(joiner).Finish();
}

EntityStatement DeclareOnly(const std::string& key) {
  return {
      .key = key,
      .tail = {.rank = Rank::kDeprecated, .note = std::string(kDeclareNote)}};
}

}  // namespace guanxi::store
