#include "tests/support/random_graph.h"

#include <cstdint>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "tests/support/status_matchers.h"

namespace guanxi::test {
namespace {

using store::Snapshot;
using store::Store;
using traverse::TraversalSpec;

std::vector<Declaration> TestSchema() {
  return {LabelDeclaration{.name = "Organization"},
          LabelDeclaration{.name = "Company", .parents = {"Organization"}},
          LabelDeclaration{.name = "Person"},
          RelationshipDeclaration{.name = "OWNS",
                                  .stale_after = Duration{.months = 12}},
          RelationshipDeclaration{.name = "KNOWS", .symmetric = true},
          RelationshipDeclaration{.name = "FOUNDED", .kind = TimeKind::kEvent}};
}

Tail RandomTail(Random& random, const std::string& type) {
  Tail tail;
  if (random.OneIn(2)) return tail;
  if (type == "FOUNDED" ? random.OneIn(2) : random.OneIn(4)) {
    tail.valid = ValidTime::At(
        *When::Parse(random.Pick<std::string>({"2020", "2021~", "2022-06"})));
  } else if (type != "FOUNDED" && random.OneIn(3)) {
    tail.valid = ValidTime::During(*When::Parse(random.Pick<std::string>(
        {"2020/2022", "2021/..", "2021-06-01/", "/2022", "2022"})));
  }
  if (random.OneIn(4)) {
    tail.mode =
        random.Pick<Mode>({Mode::kPlanned, Mode::kNegated, Mode::kNegated,
                           Mode::kOpinion, Mode::kReported});
  }
  if (random.OneIn(4)) {
    tail.confidence =
        *Decimal::Parse(random.Pick<std::string>({"0.3", "0.6", "0.9"}));
  }
  return tail;
}

const std::vector<std::string>& Types() {
  static const std::vector<std::string>& types =
      *new std::vector<std::string>{"OWNS", "KNOWS", "FOUNDED", "ODD", "ODDER"};
  return types;
}

}  // namespace

// Room for a million relationships; what is not used takes nothing.
constexpr int64_t kMaxStoreBytes = int64_t{1} << 30;

int GraphCount(int usual) {
  constexpr int kWhenLong = 10'000;
  return std::getenv("GUANXI_TEST_LONG") != nullptr ? kWhenLong : usual;
}

Graph::Graph(std::vector<Statement> statements) {
  auto opened = Store::Open(
      dir_.path() + "/graph.db",
      {.schema = TestSchema(), .max_bytes = kMaxStoreBytes, .clock = [] {
         return int64_t{1'760'000'000'000'000};
       }});
  GUANXI_CHECK(opened.ok());
  store_ = *std::move(opened);
  const auto result = store_->Commit({.statements = std::move(statements)});
  EXPECT_OK(result);
}

EntityId Find(const Snapshot& snapshot, absl::string_view key) {
  return snapshot.FindEntity(key)->value();
}

Statement Entity(std::string key, std::vector<std::string> labels) {
  return {EntityStatement{.key = std::move(key), .labels = std::move(labels)},
          {}};
}

Statement Relationship(std::string subject, std::string type,
                       std::string object, Tail tail) {
  return {RelationshipStatement{.subject = std::move(subject),
                                .type = std::move(type),
                                .object = std::move(object),
                                .tail = std::move(tail)},
          {}};
}

std::vector<Statement> RandomStatements(Random& random) {
  std::vector<Statement> statements;
  std::vector<std::string> keys;
  const size_t entities = 8 + random.Below(7);
  for (size_t i = 0; i < entities; ++i) {
    keys.push_back(absl::StrCat("e", i));
    std::vector<std::string> labels;
    if (!random.OneIn(3)) labels.emplace_back("Company");
    if (random.OneIn(3)) labels.emplace_back("Person");
    statements.push_back(Entity(keys.back(), labels));
  }
  const size_t relationships = entities + random.Below(entities);
  for (size_t i = 0; i < relationships; ++i) {
    const std::string type = random.Pick(Types());
    Tail tail = RandomTail(random, type);
    // Of equal claims the first stands, whatever confidence the next one has.
    if (!tail.empty()) tail.by = absl::StrCat("witness ", i);
    statements.push_back(Relationship(random.Pick(keys), type,
                                      random.Pick(keys), std::move(tail)));
  }
  statements.push_back({JudgementStatement{.judgement = Judgement::kUnsure,
                                           .first = keys[0],
                                           .second = keys[1]},
                        {}});
  return statements;
}

TraversalSpec RandomTraversal(Random& random) {
  TraversalSpec spec;
  spec.direction = random.Pick<Direction>(
      {Direction::kBoth, Direction::kOut, Direction::kIn});
  if (random.OneIn(3)) {
    spec.types = {random.Pick(Types()), random.Pick(Types())};
  }
  if (random.OneIn(5)) spec.exclude_types = {random.Pick(Types())};
  if (random.OneIn(12)) spec.types = {"NEVER_SEEN"};
  if (random.OneIn(3)) {
    spec.labels = {random.Pick<std::string>({"Organization", "Person"})};
  }
  if (!random.OneIn(3)) {
    spec.lens.valid_at = *ParseDay(
        random.Pick<std::string>({"2019-12-31", "2020-07-01", "2021-03-01",
                                  "2022-06-15", "2024-01-01"}));
  }
  if (random.OneIn(2)) spec.lens.modes.Add(Mode::kPlanned);
  if (random.OneIn(4)) spec.lens.modes.Add(Mode::kOpinion);
  spec.lens.certain = random.OneIn(4);
  if (random.OneIn(3)) {
    spec.lens.min_confidence = random.Pick<double>({0.3, 0.5, 0.9});
  }
  return spec;
}

}  // namespace guanxi::test
