#include "tests/support/random_world.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "tests/support/read_file.h"

namespace guanxi::test {
namespace {

constexpr absl::string_view kDelete = "delete ";
constexpr size_t kSaidAtMost = 300;
constexpr int kSources = 9;

constexpr const char* kMoreSchema = R"(
label TrustBank < Fund, Company
prop headcount : int state stale_after P1Y
prop rating : percent
prop grade : string { board: string } key (board)
prop motto : text@lang
rel WATCHES : Entity -> Entity { percent: percent, motto: text@lang, since: date } state stale_after P6M
rel PARTNERS : Entity -> Entity { percent: percent, shares: int } state symmetric
rel MET : Entity -> Entity { place: string } event symmetric
)";

constexpr std::array kDates = {
    "2019",       "2020~",      "2020-H1",    "2020-33",    "2021-Q2?",
    "2021-05",    "2021-05",    "2021-05-10", "2021-05-11", "2022",
    "2022-H2",    "2022-06-30", "2023",       "2023-01-01", "2023-02",
    "2023-12-31", "2024~?",     "2024-02-29", "2024-Q1",    "2025",
    "2025-08",    "2025-08-15", "2021-05-10~"};

constexpr std::array kIntervals = {"2020/2022",
                                   "2020-05-01/2021-06-30",
                                   "2021/..",
                                   "2021-03-01/",
                                   "/2022-05",
                                   "../2023",
                                   "2022",
                                   "2023-H1",
                                   "2021/2021",
                                   "2022-01-01/2022-12-31",
                                   "2024-06/..",
                                   "2019/",
                                   "2021-05-10/2023-12-31",
                                   "2022-06-30/..",
                                   "2023/2024-Q1",
                                   "2021-05-10"};

constexpr std::array kEventIntervals = {"2021/..", "/2023-05", "2020/2022-06",
                                        "../2020", "2021/2021"};

constexpr std::array kPeriods = {"2023",    "2024",      "2024-H1", "2024-Q1",
                                 "2024-33", "2023/2024", "2025-H1"};

constexpr std::array kPercents = {
    "16%",     "16.2%", "16.24%", "~16%", ">15%",        "10..20%", "0..15%",
    "18..30%", "30%",   "30.2%",  "35%",  "25..<50%",    ">=50%",   "<~30%",
    "29.5%",   "16.5%", ">~15%",  "<16%", "15.5..<16.5%"};

// A property with values that meet each other; `%` stands before qualifiers.
struct PropertyPool {
  const char* name;
  TimeKind kind;
  std::vector<const char*> values;
  std::vector<const char*> qualifiers;  // mostly none is taken
};

const std::vector<PropertyPool>& Properties() {
  static const std::vector<PropertyPool> kProperties = {
      {"status",
       TimeKind::kState,
       {"\"active\"", "\"closed\"", "\"sold\""},
       {"{hint: \"x\"}"}},
      {"founded",
       TimeKind::kState,
       {"2016", "2016-05", "2016-05-12", "2017", "2016-H1", "2016~"},
       {}},
      {"amount",
       TimeKind::kState,
       {"<~4e9 CNY", "3985327168.92 CNY", "4e9 CNY", "560e6 USD", "5.6e8 USD",
        "4.1e9 CNY"},
       {}},
      {"shares_issued", TimeKind::kState, {"400", "401"}, {}},
      {"rating",
       TimeKind::kState,
       {"16%", "16.2%", "30%", "10..20%", "~16%"},
       {}},
      {"headcount", TimeKind::kState, {"120", "121", "90"}, {}},
      {"grade",
       TimeKind::kState,
       {"\"A\"", "\"B\""},
       {"{board: \"x\"}", "{board: \"y\"}", "{board: \"x\", by_whom: \"z\"}"}},
      {"motto", TimeKind::kState, {"\"on\"@en", "\"off\"@en", "\"an\"@de"}, {}},
      {"alias",
       TimeKind::kState,
       {"\"Ar\"@de", "\"Br\"@de", "\"Cr\"@en", "[\"Ar\"@de, \"Cr\"@en]"},
       {"{kind: \"former\"}"}},
      {"age", TimeKind::kEvent, {"40", "41", "42"}, {}},
      {"market_cap",
       TimeKind::kEvent,
       {"4.1e9 EUR", "4.13e9 EUR", "5.0e9 EUR", "5e9 USD"},
       {"{statistic: close}", "{statistic: peak}"}},
      {"revenue",
       TimeKind::kPeriod,
       {"2.88e9 CNY", "2.881e9 CNY", "28.81e9 CNY", "~4e9 USD", "4.03e9 USD"},
       {"{scope: \"group\"}"}},
      {"share_price_change",
       TimeKind::kPeriod,
       {"~100%", "2x", "2.1x", "98%"},
       {}},
      {"odd", TimeKind::kState, {"\"p\"", "\"q\"", "\"p\"@en"}, {}},
  };
  return kProperties;
}

struct RelationshipPool {
  const char* type;
  TimeKind kind;
  std::vector<const char*> properties;  // any of them
};

const std::vector<RelationshipPool>& Relationships() {
  static const std::vector<RelationshipPool> kRelationships = {
      {"OWNS_SHARES_IN",
       TimeKind::kState,
       {"percent: %", "percent: %", "votes: %", "shares: 400", "nominee: true",
        "nominee: false", "level: direct", "level: indirect"}},
      {"FOUNDED", TimeKind::kEvent, {"role: \"lead\"", "role: \"helper\""}},
      {"INVESTED_IN",
       TimeKind::kEvent,
       {"amount: 5e6 EUR", "amount: 5.2e6 EUR", "amount: 6e6 USD",
        "round: \"A\"", "round: \"B\""}},
      {"PARTNERS",
       TimeKind::kState,
       {"percent: %", "shares: 7", "shares: 8", "extra: \"e\""}},
      {"MET", TimeKind::kEvent, {"place: \"Rome\"", "place: \"Oslo\""}},
      {"WATCHES",
       TimeKind::kState,
       {"percent: %", "percent: %", "motto: \"on\"@en", "motto: \"an\"@de",
        "motto: \"off\"@en", "since: 2016", "since: 2016-05"}},
      {"ODD", TimeKind::kState, {"weight: 1.5", "weight: 1.52", "weight: 2"}},
  };
  return kRelationships;
}

// What `delete PATTERN` deletes.
absl::StatusOr<Statement> ParseDelete(absl::string_view pattern) {
  ASSIGN_OR_RETURN(auto parsed,
                   text::Parse(absl::StrCat("kg 1\n", pattern, "\n"), {}));
  GUANXI_CHECK(parsed.size() == 1);
  Statement statement = parsed.front();
  if (const auto* entity = std::get_if<EntityStatement>(&statement.body)) {
    statement.body = DeleteEntityStatement{.key = entity->key};
  } else {
    const auto said = std::get<RelationshipStatement>(statement.body);
    statement.body = DeleteRelationshipStatement{.subject = said.subject,
                                                 .type = said.type,
                                                 .object = said.object,
                                                 .name = said.name,
                                                 .keys = said.properties};
  }
  return statement;
}

}  // namespace

std::string Plan::ToString() const {
  if (purge.has_value()) {
    return absl::StrCat("# purge\n", purge->claim, purge->entity, "\n");
  }
  return absl::StrCat(import ? "# import\n" : "# commit\n",
                      absl::StrJoin(lines, "\n"), "\n");
}

absl::StatusOr<std::vector<Statement>> ToStatements(const Plan& plan) {
  std::vector<Statement> all;
  for (const std::string& line : plan.lines) {
    absl::string_view pattern = line;
    if (absl::ConsumePrefix(&pattern, kDelete)) {
      ASSIGN_OR_RETURN(Statement statement, ParseDelete(pattern));
      all.push_back(std::move(statement));
    } else {
      ASSIGN_OR_RETURN(auto parsed,
                       text::Parse(absl::StrCat("kg 1\n", line, "\n"), {}));
      std::ranges::move(parsed, std::back_inserter(all));
    }
  }
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].position = {.index = static_cast<int>(i)};
  }
  return all;
}

std::vector<Declaration> RandomWorld::Schema() {
  const std::string text =
      absl::StrCat(ReadSource("seed/schema.kg"), kMoreSchema);
  const auto parsed = text::Parse(text, {});
  GUANXI_CHECK(parsed.ok());
  std::vector<Declaration> schema;
  for (const Statement& statement : *parsed) {
    schema.push_back(std::get<Declaration>(statement.body));
  }
  return schema;
}

const std::vector<std::string>& RandomWorld::Entities() {
  static const std::vector<std::string> kEntities = {
      "ada",   "birch", "cas-x", "delta",  "LEI:5493001KJTIIGC8Y1R12",
      "echo",  "fox",   "Gao",   "寒武纪", "hill",
      "iris9", "zed"};
  return kEntities;
}

// What the tail of a statement may hold.
struct RandomWorld::TailSpec {
  TimeKind kind = TimeKind::kState;
  bool one_claim = true;   // it may have an id
  bool existence = false;  // of an entity: no `supersedes`
  std::string entity;      // whose claims it may supersede
  std::string qualifiers;
};

bool RandomWorld::Chance(int percent) {
  return static_cast<int>(Below(100)) < percent;
}

size_t RandomWorld::Below(size_t count) { return random_() % count; }

template <typename Pool>
std::string RandomWorld::Pick(const Pool& pool) {
  return std::string(pool[Below(std::size(pool))]);
}

std::string RandomWorld::Entity() {
  return absl::StrCat("(", QuoteString(Pick(Entities())), ")");
}

// Few pairs, so that claims meet.
std::string RandomWorld::Neighbour(const std::string& entity) {
  const auto& all = Entities();
  const auto at = std::ranges::find(all, entity) - all.begin();
  const size_t step = Chance(1) ? 0 : 1 + Below(2);
  return all[(static_cast<size_t>(at) + step) % all.size()];
}

std::string RandomWorld::Source() { return absl::StrCat("s", Below(kSources)); }

std::string RandomWorld::SourceLine() {
  constexpr std::array kReliability = {"",
                                       "reliability: primary",
                                       "reliability: secondary",
                                       "reliability: secondary",
                                       "reliability: weak",
                                       "reliability: dubious"};
  constexpr std::array kPublished = {"",
                                     "published: 2024",
                                     "published: 2024~",
                                     "published: 2024-05",
                                     "published: 2024-06-01",
                                     "published: 2025-01-01"};
  std::vector<std::string> parts;
  for (std::string part : {Pick(kReliability), Pick(kPublished)}) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  if (Chance(50)) {
    parts.push_back(Chance(70) ? absl::StrCat("derived_from: [", Source(), "]")
                               : absl::StrCat("derived_from: [", Source(), ", ",
                                              Source(), "]"));
  }
  return absl::StrCat("source ", Source(), " {", absl::StrJoin(parts, ", "),
                      "}");
}

// The id of a claim about the entity that is believed, or "".
std::string RandomWorld::SomeClaim(const std::string& entity,
                                   const ReferenceLedger& ledger, bool named) {
  std::vector<const LedgerClaim*> claims;
  for (const auto& [id, fact] : ledger.FactsOf(entity)) {
    if (fact.kind == FactKind::kExistence) continue;
    claims.insert(claims.end(), fact.believed.begin(), fact.believed.end());
  }
  for (const std::string& id : ledger.RelationshipsOf(entity)) {
    const auto& believed = ledger.GetRelationship(id).believed;
    claims.insert(claims.end(), believed.begin(), believed.end());
  }
  if (named) {
    std::erase_if(
        claims, [](const LedgerClaim* stored) { return !stored->claim.named; });
  }
  const LedgerClaim* const claim = SomeOf(std::move(claims));
  return claim == nullptr ? "" : QuoteString(claim->claim.id);
}

// One of those whose id the engine is known to know; nullptr if none is.
const LedgerClaim* RandomWorld::SomeOf(std::vector<const LedgerClaim*> claims) {
  std::erase_if(claims, [](const LedgerClaim* stored) {
    // Not every claim is listed, so the engine's id may be unknown.
    return stored->claim.implicit || stored->claim.id.starts_with('~');
  });
  return claims.empty() ? nullptr : claims[Below(claims.size())];
}

std::string RandomWorld::Tail(const TailSpec& spec,
                              const ReferenceLedger& ledger) {
  if (Chance(12)) return spec.qualifiers.empty() ? "" : " " + spec.qualifiers;
  std::string tail;
  bool one = spec.one_claim;
  if (Chance(85)) {
    absl::StrAppend(&tail, " from ", Source());
    if (Chance(30)) absl::StrAppend(&tail, ":", 1 + Below(3));
    if (Chance(10)) {
      absl::StrAppend(&tail, ", ", Source(), ":2-", 3 + Below(2));
      one = false;
    }
  }
  if (spec.kind == TimeKind::kPeriod) {
    if (Chance(80))
      absl::StrAppend(&tail, " during ", Pick(kPeriods));
    else if (Chance(60))
      absl::StrAppend(&tail, " at ", Pick(kDates));
  } else if (spec.kind == TimeKind::kEvent) {
    if (Chance(65))
      absl::StrAppend(&tail, " at ", Pick(kDates));
    else if (Chance(40))
      absl::StrAppend(&tail, " at ", Pick(kEventIntervals));
  } else if (Chance(50)) {
    absl::StrAppend(&tail, " at ", Pick(kDates));
  } else if (Chance(60)) {
    absl::StrAppend(&tail, " during ", Pick(kIntervals));
  }
  if (Chance(30)) {
    constexpr std::array kModes = {
        "asserted", "reported", "reported", "expected",  "planned",
        "planned",  "inferred", "opinion",  "suggested", "negated",
        "negated",  "negated",  "negated"};
    absl::StrAppend(&tail, " mode ", Pick(kModes));
  }
  if (Chance(15)) {
    constexpr std::array kRanks = {"preferred", "normal", "deprecated"};
    absl::StrAppend(&tail, " rank ", Pick(kRanks));
  }
  if (Chance(12)) {
    constexpr std::array kConfidences = {"0.4", "0.9", "0.90", "1", "0"};
    absl::StrAppend(&tail, " conf ", Pick(kConfidences));
  }
  if (Chance(4)) absl::StrAppend(&tail, " by \"desk\"");
  if (Chance(4)) absl::StrAppend(&tail, " note \"n", Below(2), "\"");
  if (one && Chance(12)) absl::StrAppend(&tail, " id c", next_id_++);
  if (one && !spec.existence && Chance(15)) {
    const std::string claim = SomeClaim(spec.entity, ledger, false);
    if (!claim.empty()) absl::StrAppend(&tail, " supersedes ", claim);
  }
  if (!spec.qualifiers.empty()) absl::StrAppend(&tail, " ", spec.qualifiers);
  return tail;
}

std::string RandomWorld::EntityLine(const ReferenceLedger& ledger) {
  constexpr std::array kLabels = {"Company", "TrustBank", "Person",
                                  "Oddity",  "Company",   "Foundry"};
  const std::string key = Pick(Entities());
  std::string line = absl::StrCat("(", QuoteString(key));
  size_t stated = 0;
  for (; Chance(45) && stated < 2; ++stated) {
    absl::StrAppend(&line, stated == 0 ? " :" : ":", Pick(kLabels));
  }
  if (Chance(40)) {
    constexpr std::array kStated = {"name: \"A\"@en",
                                    "name: \"B\"@en",
                                    "name: \"A\"@de, status: \"sold\"",
                                    "alias: [\"Ar\"@de]",
                                    "shares_issued: 400",
                                    "age: 40"};
    absl::StrAppend(&line, " {", Pick(kStated), "}");
    stated += 2;  // perhaps one, but then it goes without an id
  }
  return absl::StrCat(
      line, ")",
      Tail({.one_claim = stated == 1, .existence = true, .entity = key},
           ledger));
}

std::string RandomWorld::PropertyLine(const ReferenceLedger& ledger) {
  const PropertyPool& pool = Properties()[Below(Properties().size())];
  const std::string key = Pick(Entities());
  const std::string value = Pick(pool.values);
  std::string qualifiers;
  if (!pool.qualifiers.empty() && Chance(40))
    qualifiers = Pick(pool.qualifiers);
  return absl::StrCat("(", QuoteString(key), ").", pool.name, " = ", value,
                      Tail({.kind = pool.kind,
                            .one_claim = !value.starts_with("["),
                            .entity = key,
                            .qualifiers = qualifiers},
                           ledger));
}

std::string RandomWorld::RelationshipLine(const ReferenceLedger& ledger) {
  const RelationshipPool& pool = Relationships()[Below(Relationships().size())];
  const std::string from = Pick(Entities());
  const std::string to = Neighbour(from);
  std::vector<std::string> properties;
  std::set<std::string> names;
  while (Chance(60) && names.size() < 3) {
    std::string property = Pick(pool.properties);
    if (!names.insert(property.substr(0, property.find(':'))).second) continue;
    if (property.ends_with('%')) {
      property = property.substr(0, property.size() - 1) + Pick(kPercents);
    }
    properties.push_back(property);
  }
  std::string first = from;
  std::string second = to;
  if (Chance(25)) std::swap(first, second);
  return absl::StrCat("(", QuoteString(first), ")-[", Chance(4) ? "pool:" : ":",
                      pool.type, " {", absl::StrJoin(properties, ", "), "}]->(",
                      QuoteString(second), ")",
                      Tail({.kind = pool.kind, .entity = from}, ledger));
}

std::string RandomWorld::DeleteLine(const ReferenceLedger& ledger) {
  const std::string key = Pick(Entities());
  const std::vector<std::string> all = ledger.RelationshipsOf(key);
  if (all.empty() || Chance(25)) {
    return absl::StrCat(kDelete, "(", QuoteString(key), ")");
  }
  const LedgerRelationship& one =
      ledger.GetRelationship(all[Below(all.size())]);
  return absl::StrCat(kDelete, "(", QuoteString(one.from), ")-[", one.name, ":",
                      one.type, " ", Value(one.keys).ToString(), "]->(",
                      QuoteString(one.to), ")");
}

// Of neighbours in the same third of the world, so that clusters stay small.
std::string RandomWorld::JudgementLine(const ReferenceLedger& ledger) {
  constexpr size_t kCluster = 4;
  constexpr std::array kJudgements = {"same",      "same",  "same",
                                      "same",      "same",  "different",
                                      "different", "unsure"};
  const auto& all = Entities();
  const size_t first = Below(all.size());
  const size_t second = first / kCluster * kCluster + Below(kCluster);
  if (first == second) {
    return absl::StrCat("(", QuoteString(all[first]),
                        ").canonical = ", Chance(80) ? "true" : "false",
                        Tail({.entity = all[first]}, ledger));
  }
  return absl::StrCat(Pick(kJudgements), " (", QuoteString(all[first]), ") (",
                      QuoteString(all[second]), ")",
                      Tail({.entity = all[first]}, ledger));
}

// Mostly of judgements, of which there are few, and of states, which alone end.
std::string RandomWorld::VerbLine(const ReferenceLedger& ledger) {
  std::vector<const LedgerClaim*> judged;
  for (const auto& [id, judgement] : ledger.judgements()) {
    judged.insert(judged.end(), judgement.believed.begin(),
                  judgement.believed.end());
  }
  std::vector<const LedgerClaim*> other;
  const std::string entity = Pick(Entities());
  for (const auto& [id, fact] : ledger.FactsOf(entity)) {
    other.insert(other.end(), fact.believed.begin(), fact.believed.end());
  }
  for (const std::string& id : ledger.RelationshipsOf(entity)) {
    const auto& believed = ledger.GetRelationship(id).believed;
    other.insert(other.end(), believed.begin(), believed.end());
  }
  const LedgerClaim* const claim =
      SomeOf(Chance(40) ? std::move(judged) : std::move(other));
  if (claim == nullptr) return PropertyLine(ledger);
  const bool state = ledger.KindOf(*claim->holder) == TimeKind::kState;
  const std::string id = QuoteString(claim->claim.id);
  const std::string tail = Chance(50) ? absl::StrCat(" from ", Source()) : "";
  if (state ? Chance(55) : Chance(5)) {
    return absl::StrCat("end ", id, " at ", Pick(kDates), tail);
  }
  return absl::StrCat("retract ", id, tail);
}

PurgeOrder RandomWorld::SomePurge(const ReferenceLedger& ledger) {
  const std::string key = Pick(Entities());
  if (Chance(25)) return {.entity = key, .why = "privacy"};
  std::vector<const LedgerClaim*> claims;
  for (const auto& [id, fact] : ledger.FactsOf(key)) {
    for (const Belief& belief : ReferenceLedger::AllBeliefs(fact)) {
      claims.push_back(belief.stored);
    }
  }
  for (const std::string& id : ledger.EverRelated(key)) {
    for (const Belief& belief :
         ReferenceLedger::AllBeliefs(ledger.GetRelationship(id))) {
      claims.push_back(belief.stored);
    }
  }
  const LedgerClaim* const claim = SomeOf(std::move(claims));
  if (claim == nullptr) return {.entity = key, .why = "privacy"};
  return {.claim = claim->claim.id, .why = "court order"};
}

std::string RandomWorld::SchemaLine() {
  constexpr std::array kLines = {
      "label TrustBank < Fund, Company",
      "label TrustBank < Person",
      "label Oddity < Market",
      "label Oddity",
      "prop headcount : int state stale_after P1Y",
      "prop headcount : int state stale_after P3M",
      "rel WATCHES : Entity -> Entity { percent: percent, motto: text@lang, "
      "since: date } state stale_after P6M",
      "rel WATCHES : Entity -> Entity { percent: percent, motto: text@lang, "
      "since: date } state stale_after P2Y",
      "prop grade : string { board: string }",
      "rel INVESTED_IN : LegalEntity -> Organization { amount: money, round: "
      "string } event"};
  return Pick(kLines);
}

std::string RandomWorld::WrongLine(const ReferenceLedger& ledger) {
  const std::string key = Pick(Entities());
  const std::string e = absl::StrCat("(", QuoteString(key), ")");
  const std::string f = Entity();
  const std::string named = SomeClaim(key, ledger, true);
  std::vector<std::string> wrong = {
      "(nobody).status = \"sold\" from s0",
      e + "-[:OWNS_SHARES_IN]->(nobody) from s0",
      e + ".status = \"sold\" from nosource",
      "(nobody :Company) from s1, nosource",
      e + ".amount = 5 from s0",
      e + ".amount = \"five\" from s0",
      "(" + QuoteString(key) + " {status: 5}) from s0",
      e + "-[:FOUNDED]->" + f + " during 2020/2021 from s0",
      e + ".age = 40 during 2020 from s0",
      e + ".status = \"sold\" at 2020/2021 from s0",
      e + ".revenue = 5e6 EUR at 2020/2021 from s0",
      e + "-[:PARTNERS]->" + f + " at 2021/.. from s0",
      e + "-[:OWNS_SHARES_IN {percent: 5}]->" + f + " from s0",
      e + "-[:OWNS_SHARES_IN {level: sideways}]->" + f + " from s0",
      e + ".revenue = 5e6 EUR during 2024 {scope: 5} from s0",
      e + ".status = \"sold\" from s0 supersedes no-such-claim",
      e + ".status = [\"sold\", \"active\"] from s0",
      "same " + e + " (nobody) from s0",
      "delete (nobody)",
      "delete " + e + "-[:MET]->(nobody)",
      "delete " + e +
          "-[:OWNS_SHARES_IN {level: direct, share_class: \"z\"}]->" + f,
  };
  if (!named.empty()) {
    wrong.push_back(e + ".status = \"sold\" from s0:99 id " + named);
    wrong.push_back(e + "-[:ODD]->" + f + " from s0:98 id " + named);
  }
  if (options_.verbs) {
    wrong.emplace_back("end no-such-claim at 2023");
    wrong.emplace_back("retract no-such-claim");
  }
  return Pick(wrong);
}

std::string RandomWorld::NextLine(const ReferenceLedger& ledger) {
  if (!said_.empty() && Chance(14)) {
    std::string line = said_[Below(said_.size())];
    // With other words that are no part of a claim's identity.
    if (Chance(15)) line = absl::StrCat(line, " rank preferred");
    return line;
  }
  if (options_.verbs && Chance(8)) return VerbLine(ledger);
  if (options_.judgements && Chance(8)) return JudgementLine(ledger);
  const size_t dice = Below(100);
  if (dice < 1) {
    return options_.schema && Chance(40) ? SchemaLine() : SourceLine();
  }
  if (dice < 9) return DeleteLine(ledger);
  if (dice < 22) return EntityLine(ledger);
  if (dice < 60) return PropertyLine(ledger);
  return RelationshipLine(ledger);
}

Plan RandomWorld::First() {
  Plan plan;
  for (int i = 0; i < kSources; ++i) {
    plan.lines.push_back(absl::StrCat("source s", i, " {}"));
  }
  for (const std::string& key : Entities()) {
    plan.lines.push_back(absl::StrCat("(", QuoteString(key), ") from s0"));
  }
  return plan;
}

Plan RandomWorld::Next(const ReferenceLedger& ledger) {
  if (options_.purges && Chance(2)) return {.purge = SomePurge(ledger)};
  Plan plan = {.import = Chance(25)};
  const size_t count = 1 + Below(4);
  const bool wrong = Chance(6);
  const size_t wrong_at = Below(count);
  for (size_t i = 0; i < count; ++i) {
    std::string line =
        wrong && i == wrong_at ? WrongLine(ledger) : NextLine(ledger);
    if (!ToStatements({.lines = {line}}).ok()) continue;  // an id twice, say
    // What names a claim by its id would mostly be wrong the next time.
    const bool verb = absl::StartsWith(line, kDelete) ||
                      absl::StartsWith(line, "end ") ||
                      absl::StartsWith(line, "retract ");
    if (!wrong && !verb) said_.push_back(line);
    if (said_.size() > kSaidAtMost) said_.pop_front();
    plan.lines.push_back(std::move(line));
  }
  // Deletions first: what was said of the entity in the same commit would be
  // said in vain.
  std::stable_partition(
      plan.lines.begin(), plan.lines.end(),
      [](const std::string& line) { return absl::StartsWith(line, kDelete); });
  // An entity that was deleted comes back before anything is said of it.
  if (!wrong && Chance(70)) {
    std::vector<std::string> lines;
    for (const std::string& key : Entities()) {
      const bool known = std::ranges::any_of(
          ledger.FactsOf(key),
          [](const auto& fact) { return !fact.second.believed.empty(); });
      const bool used = std::ranges::any_of(plan.lines, [&](const auto& line) {
        return absl::StrContains(line, QuoteString(key));
      });
      if (!known && used) {
        lines.push_back(
            absl::StrCat("(", QuoteString(key), ") from s", Below(3)));
      }
    }
    const auto first = std::ranges::find_if_not(
        plan.lines,
        [](const auto& line) { return absl::StartsWith(line, kDelete); });
    plan.lines.insert(first, lines.begin(), lines.end());
  }
  return plan;
}

Day RandomWorld::RandomDay() {
  const Date date = Date::Parse(Pick(kDates)).value();
  Day day = Chance(50) ? date.days().first : date.days().last;
  if (Chance(10)) {
    const Duration later = Duration::Parse(Chance(50) ? "P6M" : "P1Y").value();
    day = AddDuration(day, later);
  }
  if (Chance(30)) day = Before(day);
  if (Chance(30)) day = After(day);
  if (Chance(10)) day.number += static_cast<int32_t>(Below(900));
  return day;
}

std::optional<uint64_t> RandomWorld::RandomRevision(uint64_t latest) {
  if (!options_.past || Chance(60)) return std::nullopt;
  return Below(static_cast<size_t>(latest) + 1);
}

Lens RandomWorld::RandomLens(std::optional<Day> day) {
  Lens lens = {.valid_at = day};
  for (const Mode mode : {Mode::kExpected, Mode::kPlanned, Mode::kInferred,
                          Mode::kOpinion, Mode::kSuggested}) {
    if (Chance(20)) lens.modes.Add(mode);
  }
  lens.certain = Chance(20);
  if (Chance(15)) lens.min_confidence = Chance(50) ? 0.5 : 0.95;
  return lens;
}

}  // namespace guanxi::test
