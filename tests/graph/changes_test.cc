#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/store/comparison.h"
#include "graph/store/fact_history.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"
#include "graph/traverse/diff.h"
#include "graph/traverse/neighbourhood.h"
#include "tests/support/random_world.h"
#include "tests/support/reference_ledger.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi {
namespace {

using store::ChangeKind;
using store::CommitResult;
using store::EventKind;
using store::FactChange;
using store::HistoryEvent;
using store::Snapshot;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr int64_t kMapBytes = int64_t{1} << 28;
constexpr int64_t kSecond = 1'000'000;
const Day kDay = *ParseDay("2025-06-30");

std::vector<Statement> Kg(absl::string_view text) {
  auto statements = text::Parse(absl::StrCat("kg 1\n", text, "\n"), {});
  EXPECT_OK(statements);
  return statements.ok() ? *std::move(statements) : std::vector<Statement>();
}

absl::string_view Name(ChangeKind kind) {
  constexpr absl::string_view kNames[] = {"regrouped", "added", "corrected",
                                          "retracted", "ended", "value",
                                          "flags"};
  return kNames[static_cast<size_t>(kind)];
}

absl::string_view Name(EventKind kind) {
  constexpr absl::string_view kNames[] = {
      "believed",          "believed again",  "ended",  "corrected",
      "retracted",         "deleted",         "purged", "implicit set",
      "implicit replaced", "implicit removed"};
  return kNames[static_cast<size_t>(kind)];
}

std::string OwnerText(const std::string& entity,
                      const std::optional<RelationshipKey>& relationship) {
  return relationship.has_value() ? relationship->ToString() : entity;
}

// A fact key in text that is its own alone.
std::string FactText(const FactKey& fact) {
  std::string text = absl::StrCat(static_cast<int>(fact.kind), ".", fact.name,
                                  ".", static_cast<int>(fact.time), ".",
                                  fact.unit, ".", fact.language, ".");
  if (fact.time != ValidTime::Kind::kNone) {
    absl::StrAppend(&text, ToString(fact.days.first), "/",
                    ToString(fact.days.last));
  }
  for (const auto& [name, value] : fact.qualifiers) {
    absl::StrAppend(&text, ".", name, "=", value.ToString());
  }
  if (fact.element.has_value()) {
    absl::StrAppend(&text, "=", fact.element->ToString());
  }
  return text;
}

// All that a reader sees of a shown fact on a day, and the claim behind it.
std::string ShownText(const Value& value, const Map& qualifiers,
                      const Showing& showing) {
  const ClaimView& claim = showing.claims.at(0);
  std::string text = absl::StrCat(
      value.ToString(), " holds ", static_cast<int>(showing.holds), " flags ",
      showing.conflict, showing.disputed, showing.undated, " mode ",
      static_cast<int>(showing.mode), " confidence ", showing.confidence,
      " by ",
      claim.claim.implicit ? absl::StrCat("implicit ", claim.since.number)
                           : claim.claim.id);
  for (const auto& [name, qualifier] : qualifiers) {
    absl::StrAppend(&text, " ", name, "=", qualifier.ToString());
  }
  return text;
}

class ChangesTest : public ::testing::Test {
 protected:
  ChangesTest()
      : store_(*store::Store::Open(dir_.path() + "/graph.guanxi",
                                   {.schema = test::RandomWorld::Schema(),
                                    .max_bytes = kMapBytes,
                                    .clock = [this] { return now_; }})) {}

  absl::StatusOr<CommitResult> Commit(std::vector<Statement> statements) {
    now_ += kSecond;
    return store_->Commit({.statements = std::move(statements),
                           .author = "wei",
                           .note = absl::StrCat("note ", now_ / kSecond)});
  }
  absl::StatusOr<CommitResult> Commit(absl::string_view kg) {
    return Commit(Kg(kg));
  }

  Snapshot At(const store::KnownAt& known_at) const {
    auto snapshot = store_->BeginSnapshot(known_at);
    GUANXI_CHECK(snapshot.ok());
    return *std::move(snapshot);
  }
  Snapshot AtRevision(uint64_t revision) const {
    return At({.revision = Revision{revision}});
  }

  static EntityId Find(const Snapshot& snapshot, const std::string& key) {
    const auto id = snapshot.FindEntity(key);
    GUANXI_CHECK(id.ok() && id->has_value());
    return **id;
  }

  // Each event as "revision kind fact: value".
  static std::vector<std::string> Tell(const Snapshot& snapshot,
                                       const store::HistoryQuery& query,
                                       const store::HistoryRange& range = {
                                           .limit = 1000}) {
    const auto page = store::ReadHistory(snapshot, {}, query, range,
                                         [] { return absl::OkStatus(); });
    EXPECT_OK(page);
    std::vector<std::string> told;
    if (!page.ok()) return told;
    for (const HistoryEvent& event : page->events) {
      told.push_back(absl::StrCat(
          event.revision.number, " ", Name(event.kind), " ",
          event.relationship ? event.relationship->type : event.fact.name,
          event.claim && !event.claim->value.is_null()
              ? absl::StrCat("=", event.claim->value.ToString())
              : ""));
    }
    return told;
  }

  // Each change as "kind owner fact".
  std::vector<std::string> Diff(uint64_t from, uint64_t to,
                                const std::string& entity = "") const {
    const Snapshot before = AtRevision(from);
    const Snapshot after = AtRevision(to);
    const Lens lens{.valid_at = kDay};
    traverse::DiffSpec spec;
    if (!entity.empty()) spec.entity = Find(after, entity);
    const auto diff =
        traverse::FindChanges({before, lens}, {after, lens}, spec);
    EXPECT_OK(diff);
    std::vector<std::string> changes;
    if (!diff.ok()) return changes;
    EXPECT_EQ(diff->completeness.outcome, traverse::Outcome::kComplete);
    for (const FactChange& change : diff->changes) {
      changes.push_back(absl::StrCat(
          Name(change.kind), " ", OwnerText(change.entity, change.relationship),
          " ", change.fact.name));
    }
    return changes;
  }

  test::TempDir dir_;
  int64_t now_ = 0;
  std::unique_ptr<store::Store> store_;
};

TEST_F(ChangesTest, HistoryTellsWhatHappenedToEachClaimNewestFirst) {
  ASSERT_OK(
      Commit("(ada :Person)\n(ada).motto = \"a\" from s1 id m1\n"
             "source s1 {kind: filing}"));
  ASSERT_OK(Commit("(ada).motto = \"b\" from s1 id m2 supersedes m1"));
  ASSERT_OK(Commit("end m2 at 2024 by \"wei\" note \"moved on\""));
  ASSERT_OK(Commit("retract m2 from s1:3 note \"misread\""));
  ASSERT_OK(Commit("(ada).motto = \"b\" from s1 id m2 supersedes m1"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"ada"}, {}}}));
  ASSERT_OK(Commit("(ada :Person)"));

  const Snapshot now = At({});
  const EntityId ada = Find(now, "ada");

  EXPECT_THAT(
      Tell(now, {.entity = ada, .name = "motto"}),
      ElementsAre("6 deleted motto=\"b\"", "5 believed again motto=\"b\"",
                  "4 retracted motto=\"b\"", "3 ended motto=\"b\"",
                  "2 corrected motto=\"a\"", "2 believed motto=\"b\"",
                  "1 believed motto=\"a\""));
  EXPECT_THAT(Tell(AtRevision(2), {.entity = ada, .name = "motto"}),
              ElementsAre("2 corrected motto=\"a\"", "2 believed motto=\"b\"",
                          "1 believed motto=\"a\""));
}

TEST_F(ChangesTest, HistoryKnowsReasonsCommitsAndCorrections) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(ada :Person)\n(bea :Person)\n"
             "(ada).motto = \"a\" from s1 id m1"));
  ASSERT_OK(Commit("(bea).motto = \"a\" from s1 id m2 supersedes m1"));
  ASSERT_OK(Commit("retract m2 from s1:3 by \"Li\" note \"misread\""));
  const Snapshot now = At({});

  const auto read = [&](const std::string& key) {
    return *store::ReadHistory(now, {},
                               {.entity = Find(now, key), .name = "motto"},
                               {.limit = 10}, [] { return absl::OkStatus(); });
  };
  const HistoryEvent corrected = read("ada").events.at(0);
  const HistoryEvent retracted = read("bea").events.at(0);

  EXPECT_EQ(corrected.kind, EventKind::kCorrected);
  EXPECT_EQ(corrected.corrected_by, "m2");  // a claim about another entity
  EXPECT_EQ(corrected.time, 2 * kSecond);
  EXPECT_EQ(corrected.author, "wei");
  EXPECT_EQ(corrected.note, "note 2");
  EXPECT_EQ(retracted.reason.by, "Li");
  EXPECT_EQ(retracted.reason.note, "misread");
  EXPECT_EQ(retracted.reason.from.at(0).ToString(), "s1:3");
  EXPECT_EQ(retracted.since, Revision{2});
}

TEST_F(ChangesTest, HistoryTellsImplicitValuesFromBeforeImages) {
  ASSERT_OK(Commit("(ada :Person)\n(ada).motto = \"a\""));
  ASSERT_OK(Commit("(ada).motto = \"b\""));
  ASSERT_OK(Commit("(bea :Person)"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"ada"}, {}}}));
  ASSERT_OK(Commit("(ada).motto = \"c\"\n(ada :Person)"));
  const Snapshot now = At({});

  EXPECT_THAT(Tell(now, {.entity = Find(now, "ada"), .name = "motto"}),
              ElementsAre("5 implicit set motto=\"c\"",
                          "4 implicit removed motto=\"b\"",
                          "2 implicit replaced motto=\"b\"",
                          "1 implicit set motto=\"a\""));
  EXPECT_THAT(
      Tell(AtRevision(3), {.entity = Find(now, "ada"), .name = "motto"}),
      ElementsAre("2 implicit replaced motto=\"b\"",
                  "1 implicit set motto=\"a\""));
}

TEST_F(ChangesTest, HistoryFindsRelationshipsThatNobodyBelievesAnyMore) {
  ASSERT_OK(
      Commit("(ada :Person)\n(bea :Company)\n(cleo :Company)\n"
             "(ada)-[:WORKS_FOR]->(bea) at 2018 id job\n"
             "(ada)-[:WORKS_FOR]->(cleo) at 2019"));
  ASSERT_OK(Commit("retract job"));
  const Snapshot now = At({});
  const EntityId ada = Find(now, "ada");

  EXPECT_THAT(Tell(now, {.entity = ada, .other = Find(now, "bea")}),
              ElementsAre("2 retracted WORKS_FOR", "1 believed WORKS_FOR"));
  EXPECT_THAT(Tell(now, {.entity = ada, .name = "WORKS_FOR"}),
              ElementsAre("2 retracted WORKS_FOR", "1 believed WORKS_FOR",
                          "1 believed WORKS_FOR"));
  EXPECT_THAT(Tell(now, {.entity = ada, .name = "WORKS_FOR"},
                   {.skipped = 1, .limit = 1}),
              ElementsAre("1 believed WORKS_FOR"));
}

TEST_F(ChangesTest, HistoryTellsThatAClaimWasPurgedAndNotWhatItSaid) {
  ASSERT_OK(Commit("(ada :Person)\n(ada).motto = \"SECRET\" at 2020 id said"));
  ASSERT_OK(Commit({{PurgeClaimStatement{"said", "court order"}, {}}}));
  const Snapshot now = At({});

  const auto page =
      store::ReadHistory(now, {}, {.entity = Find(now, "ada"), .name = "motto"},
                         {.limit = 10}, [] { return absl::OkStatus(); });

  ASSERT_OK(page);
  ASSERT_EQ(page->events.size(), 1);
  EXPECT_EQ(page->events[0].kind, EventKind::kPurged);
  EXPECT_EQ(page->events[0].revision, Revision{2});
  EXPECT_EQ(page->events[0].reason.by, "wei");
  EXPECT_EQ(page->events[0].reason.note, "court order");
  EXPECT_FALSE(page->events[0].claim.has_value());
  EXPECT_THAT(
      Tell(AtRevision(1), {.entity = Find(now, "ada"), .name = "motto"}),
      IsEmpty());
}

TEST_F(ChangesTest, EachPurgeHasItsOwnTombstone) {
  ASSERT_OK(Commit("(ada :Person)\n(ada).motto = \"one\" at 2020 id first"));
  ASSERT_OK(Commit({{PurgeClaimStatement{"first", "order 1"}, {}}}));
  ASSERT_OK(Commit("(ada).motto = \"two\" at 2021 id second"));
  ASSERT_OK(Commit({{PurgeClaimStatement{"second", "order 2"}, {}}}));
  const Snapshot now = At({});

  EXPECT_THAT(Tell(now, {.entity = Find(now, "ada"), .name = "motto"}),
              ElementsAre("4 purged ", "2 purged "));
}

TEST_F(ChangesTest, HistoryOfAMergedEntityIsThatOfAllMembers) {
  ASSERT_OK(Commit("(ada :Person)\n(ada).motto = \"a\" at 2020"));
  ASSERT_OK(Commit("(bea :Person)\n(bea).motto = \"b\" at 2021"));
  ASSERT_OK(Commit("same (ada) (bea) at 2020"));
  const Snapshot now = At({});

  EXPECT_THAT(Tell(now, {.entity = Find(now, "bea"), .name = "motto"}),
              ElementsAre("2 believed motto=\"b\"", "1 believed motto=\"a\""));
}

TEST_F(ChangesTest, HistoryStopsWhenToldTo) {
  ASSERT_OK(Commit("(ada :Person)"));
  const Snapshot now = At({});

  const auto page =
      store::ReadHistory(now, {}, {.entity = Find(now, "ada")}, {.limit = 10},
                         [] { return absl::CancelledError("enough"); });

  EXPECT_EQ(page.status().code(), absl::StatusCode::kCancelled);
}

TEST_F(ChangesTest, DiffNamesEachKindOfChange) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\nsource s2 {kind: news}\n(ada :Person)\n"
             "(bea :Company)\n(ada)-[:WORKS_FOR]->(bea) at 2018 id job\n"
             "(ada).motto = \"a\" from s2 id m1"));
  ASSERT_OK(Commit("(ada).motto = \"b\" from s2 id m2 supersedes m1"));
  ASSERT_OK(Commit("(ada).motto = \"c\" from s1 rank preferred id m3"));
  ASSERT_OK(Commit("(ada).motto = \"c\" from s2 mode negated id no"));
  ASSERT_OK(Commit("retract m3"));
  ASSERT_OK(Commit("end job at 2024"));
  ASSERT_OK(Commit("retract m2"));
  const std::string job = "(ada)-[:WORKS_FOR]->(bea) ";

  EXPECT_THAT(Diff(0, 1, "ada"),
              UnorderedElementsAre("added ada ", "added ada Person",
                                   "added ada motto", "added " + job));
  EXPECT_THAT(Diff(1, 2), ElementsAre("corrected ada motto"));
  EXPECT_THAT(Diff(2, 3), ElementsAre("value ada motto"));
  EXPECT_THAT(Diff(3, 4), ElementsAre("flags ada motto"));
  EXPECT_THAT(Diff(4, 5), ElementsAre("retracted ada motto"));
  EXPECT_THAT(Diff(5, 6), ElementsAre("ended " + job));
  EXPECT_THAT(Diff(6, 7), ElementsAre("retracted ada motto"));
  EXPECT_THAT(Diff(5, 6, "bea"), ElementsAre("ended " + job));
  EXPECT_THAT(Diff(7, 7), IsEmpty());
}

TEST_F(ChangesTest, DiffOfTwoDaysSaysWhatEnded) {
  ASSERT_OK(
      Commit("(ada :Person)\n(bea :Company)\n"
             "(ada)-[:WORKS_FOR]->(bea) during 2018/2022 id job"));
  const Snapshot now = At({});
  const Lens before{.valid_at = *ParseDay("2020-01-01")};
  const Lens after{.valid_at = kDay};

  const auto diff = traverse::FindChanges({now, before}, {now, after},
                                          {.entity = Find(now, "bea")});

  ASSERT_OK(diff);
  ASSERT_EQ(diff->changes.size(), 1);
  EXPECT_EQ(diff->changes[0].kind, ChangeKind::kEnded);
  EXPECT_EQ(diff->changes[0].before->showing.claims[0].claim.id, "job");
}

TEST_F(ChangesTest, DiffSeesAnotherDescriptionOfASource) {
  ASSERT_OK(
      Commit("source s1 {kind: filing, reliability: primary}\n"
             "source s2 {kind: news, reliability: secondary}\n"
             "(ada :Person)\n"
             "(ada).motto = \"a\" from s1\n(ada).motto = \"b\" from s2"));
  ASSERT_OK(Commit("source s1 {kind: filing, reliability: weak}"));

  EXPECT_THAT(Diff(1, 2), ElementsAre("value ada motto"));
}

TEST_F(ChangesTest, DiffTellsMergingFromNews) {
  ASSERT_OK(Commit(
      "(ada :Person)\n(ada).motto = \"a\" at 2020\n"
      "(bea :Person)\n(bea).motto = \"b\" at 2021\n(bea).strange = 1 at 2021\n"
      "(cleo :Company)\n(bea)-[:WORKS_FOR]->(cleo) at 2018"));
  ASSERT_OK(Commit("same (ada) (bea) at 2020 id one"));
  ASSERT_OK(Commit("retract one"));

  const auto merged =
      UnorderedElementsAre("regrouped ada motto", "regrouped ada strange");
  EXPECT_THAT(Diff(1, 2, "ada"), merged);
  EXPECT_THAT(Diff(2, 3, "ada"), merged);
  EXPECT_THAT(Diff(1, 2), merged);
  EXPECT_THAT(Diff(2, 3), merged);
  EXPECT_THAT(Diff(1, 3), IsEmpty());
}

TEST_F(ChangesTest, DiffSaysWhereItsBudgetEnded) {
  ASSERT_OK(Commit("(ada :Person)"));
  ASSERT_OK(Commit("(bea :Person)\n(cleo :Person)"));
  const Snapshot before = AtRevision(0);
  const Snapshot after = At({});
  const Lens lens{.valid_at = kDay};

  const auto diff = traverse::FindChanges({before, lens}, {after, lens},
                                          {.budget = {.max_results = 3}});

  ASSERT_OK(diff);
  EXPECT_EQ(diff->changes.size(), 3);
  EXPECT_EQ(diff->completeness.outcome, traverse::Outcome::kTruncated);
  EXPECT_EQ(diff->completeness.reason, Stop::kResults);
  EXPECT_EQ(diff->completeness.where, "at revision 2");
}

// What a moment shows of the whole small world, by fact, and what is believed.
struct World {
  std::map<std::string, std::string> shown;
  std::set<std::string> believed;
};

void AddBelieved(const std::vector<FactClaims>& facts, World& world) {
  for (const FactClaims& fact : facts) {
    for (const ClaimView& claim : fact.claims) {
      world.believed.insert(claim.claim.id);
    }
  }
}

void AddEntity(const Snapshot& snapshot, EntityId id, const Lens& lens,
               World& world) {
  const EntityView view = *snapshot.ReadEntity(id, lens, Evidence::kShown);
  for (const LabelView& label : view.labels) {
    world.shown[absl::StrCat(
        view.key, " ",
        FactText({.kind = FactKind::kLabel, .name = label.label}))] =
        ShownText({}, {}, label.showing);
  }
  for (const PropertyView& property : view.properties) {
    world.shown[absl::StrCat(view.key, " ", FactText(property.key))] =
        ShownText(property.value, property.qualifiers, property.showing);
  }
  AddBelieved(*snapshot.EntityClaims(id, {}, ""), world);
}

void AddRelationships(const Snapshot& snapshot, EntityId id, const Lens& lens,
                      World& world) {
  traverse::NeighbourhoodSpec spec{.include_denied = true};
  for (const Mode mode : {Mode::kExpected, Mode::kPlanned, Mode::kInferred,
                          Mode::kOpinion, Mode::kSuggested}) {
    spec.traversal.lens.modes.Add(mode);
  }
  const auto found = traverse::FindNeighbourhood({snapshot}, id, spec);
  std::vector<RelationshipId> all = found->relationships;
  all.insert(all.end(), found->denied.begin(), found->denied.end());
  for (const RelationshipId one : all) {
    AddBelieved(*snapshot.RelationshipClaims(one, {}), world);
    const auto views = *snapshot.ReadRelationship(one, lens, Evidence::kShown);
    if (views.empty() || views.front().denied) continue;
    const RelationshipView& view = views.front();
    const std::string owner = view.key.ToString() + " ";
    world.shown[owner + FactText({})] = ShownText({}, {}, view.showing);
    if (view.date.has_value()) {
      world.shown[owner + FactText({.kind = FactKind::kDate})] =
          ShownText(Value(view.date->date), {}, view.date->showing);
    }
    for (const PropertyView& property : view.properties) {
      world.shown[owner + FactText(property.key)] =
          ShownText(property.value, property.qualifiers, property.showing);
    }
  }
}

World ReadWorld(const Snapshot& snapshot, const Lens& lens) {
  World world;
  for (const std::string& key : test::RandomWorld::Entities()) {
    const auto id = *snapshot.FindEntity(key);
    if (!id.has_value()) continue;
    AddEntity(snapshot, *id, lens, world);
    AddRelationships(snapshot, *id, lens, world);
  }
  return world;
}

// Fact -> what was shown before and after ("" for nothing).
using Changes = std::map<std::string, std::pair<std::string, std::string>>;

Changes Compare(const World& before, const World& after) {
  Changes changes;
  for (const auto& [fact, shown] : before.shown) {
    const auto is = after.shown.find(fact);
    const std::string now = is == after.shown.end() ? "" : is->second;
    if (now != shown) changes[fact] = {shown, now};
  }
  for (const auto& [fact, shown] : after.shown) {
    if (!before.shown.contains(fact)) changes[fact] = {"", shown};
  }
  return changes;
}

std::string ShownText(const std::optional<store::ShownFact>& shown) {
  return shown ? ShownText(shown->value, shown->qualifiers, shown->showing)
               : "";
}

// The same of a diff; of an entity its existence is in no view.
Changes FromDiff(const std::vector<FactChange>& diff) {
  Changes changes;
  for (const FactChange& change : diff) {
    const bool in_view = change.relationship.has_value() ||
                         change.fact.kind != FactKind::kExistence;
    if (!in_view) continue;
    const std::string fact =
        absl::StrCat(OwnerText(change.entity, change.relationship), " ",
                     FactText(change.fact));
    EXPECT_FALSE(changes.contains(fact)) << fact << " stands twice";
    changes[fact] = {ShownText(change.before), ShownText(change.after)};
  }
  return changes;
}

// Whether the kinds agree with what is shown and believed.
void CheckKinds(const std::vector<FactChange>& diff, const World& after) {
  for (const FactChange& change : diff) {
    const bool appeared = !change.before.has_value();
    EXPECT_EQ(change.kind == ChangeKind::kAdded, appeared);
    EXPECT_NE(change.kind, ChangeKind::kRegrouped);
    if (appeared) continue;
    const Claim& was = change.before->showing.claims.at(0).claim;
    const bool closed = change.kind == ChangeKind::kCorrected ||
                        change.kind == ChangeKind::kRetracted;
    if (!was.implicit) {
      EXPECT_EQ(closed, !after.believed.contains(was.id)) << was.id;
    }
    if (change.kind == ChangeKind::kEnded) {
      EXPECT_FALSE(change.after.has_value());
    }
  }
}

TEST_F(ChangesTest, DiffOfARandomHistoryIsWhatTheViewsDifferBy) {
  constexpr int kCommits = 300;
  constexpr int kVerbEvery = 5;
  const unsigned seed = test::Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  test::RandomWorld world(seed);
  std::mt19937 random(seed);
  test::ReferenceLedger ledger(test::RandomWorld::Schema());
  std::vector<std::string> claims;
  Lens lens = world.RandomLens(kDay);
  lens.min_confidence = 0;
  World before;
  uint64_t revision = 0;
  size_t found = 0;

  for (int i = 0; i < kCommits; ++i) {
    test::Plan plan = i == 0 ? world.First() : world.Next(ledger);
    if (i % kVerbEvery == 4 && !claims.empty()) {
      const std::string& claim = claims[random() % claims.size()];
      plan.lines = {random() % 2 == 0
                        ? absl::StrCat("retract \"", claim, "\"")
                        : absl::StrCat("end \"", claim, "\" at 2021")};
    }
    const auto statements = test::ToStatements(plan);
    ASSERT_OK(statements);
    const auto result = Commit(*statements);
    if (!result.ok() || !result->changed) continue;
    for (const auto& ids : result->claim_ids) {
      claims.insert(claims.end(), ids.begin(), ids.end());
    }
    const Snapshot old = AtRevision(revision);
    const Snapshot now = At({});
    ASSERT_EQ(now.revision().number, ++revision);
    const World after = ReadWorld(now, lens);
    const auto diff = traverse::FindChanges({old, lens}, {now, lens}, {});
    ASSERT_OK(diff);
    ASSERT_EQ(FromDiff(diff->changes), Compare(before, after))
        << "at revision " << revision << ":\n"
        << plan.ToString();
    CheckKinds(diff->changes, after);
    found += diff->changes.size();
    before = after;
    ASSERT_FALSE(HasFailure()) << "at revision " << revision;
  }

  EXPECT_GT(found, kCommits / 2);
  // Entity by entity over the whole history the same is found.
  const Snapshot first = AtRevision(revision / 2);
  const Snapshot last = At({});
  Changes together;
  for (const std::string& key : test::RandomWorld::Entities()) {
    auto id = *last.FindEntity(key);
    if (!id.has_value()) id = *first.FindEntity(key);
    if (!id.has_value()) continue;
    const auto diff =
        traverse::FindChanges({first, lens}, {last, lens}, {.entity = id});
    ASSERT_OK(diff);
    together.merge(FromDiff(diff->changes));
  }
  const auto graph = traverse::FindChanges({first, lens}, {last, lens}, {});
  ASSERT_OK(graph);
  EXPECT_EQ(FromDiff(graph->changes),
            Compare(ReadWorld(first, lens), ReadWorld(last, lens)));
  EXPECT_EQ(together, FromDiff(graph->changes));
}

}  // namespace
}  // namespace guanxi
