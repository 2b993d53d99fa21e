// Finding entities by what they show: predicates, the index of values, unique
// values, and what a schema may declare of names that are in use.

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/model/predicate.h"
#include "graph/store/selection.h"
#include "graph/store/statistics.h"
#include "graph/store/store.h"
#include "graph/store/value_index.h"
#include "graph/store/value_key.h"
#include "graph/text/parser.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using ::guanxi::test::StatusIs;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<Statement> Kg(const std::string& lines) {
  auto statements = text::Parse("kg 1\n" + lines, {});
  EXPECT_OK(statements);
  return statements.ok() ? *std::move(statements) : std::vector<Statement>();
}

// The value of a literal of the .kg language.
Value Literal(const std::string& literal) {
  const std::vector<Statement> statements = Kg("(e).p = " + literal);
  GUANXI_CHECK(statements.size() == 1);
  return std::get<PropertyStatement>(statements[0].body).value;
}

const std::map<std::string, Comparison>& Comparisons() {
  static const auto& comparisons = *new std::map<std::string, Comparison>{
      {"=", Comparison::kEqual},
      {"<", Comparison::kLess},
      {"<=", Comparison::kLessOrEqual},
      {">", Comparison::kGreater},
      {">=", Comparison::kGreaterOrEqual}};
  return comparisons;
}

Predicate Where(const std::string& property, const std::string& comparison,
                const Value& bound) {
  return {.property = property,
          .comparison = Comparisons().at(comparison),
          .bound = bound};
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = GetErrorInfo(status);
  return info.has_value() ? info->reason : "";
}

// ---- predicates -------------------------------------------------------------

struct JudgeCase {
  const char* value;
  const char* comparison;
  const char* bound;
  Holds expected;
};

TEST(PredicateTest, ComparesWhatValuesCanMean) {
  constexpr Holds kYes = Holds::kYes;
  constexpr Holds kMaybe = Holds::kMaybe;
  constexpr Holds kNo = Holds::kNo;
  const JudgeCase cases[] = {
      // Numbers of all kinds are on one line, as stated.
      {"1", "=", "1.0", kYes},
      {"1.00", "=", "10e-1", kYes},
      {"double(0.5)", "=", "0.5", kYes},
      {"9007199254740993", ">", "9007199254740992", kYes},
      {"-3", "<", "-2.9", kYes},
      {"16%", ">=", "16%", kYes},
      {"16%", ">=", "15.9%", kYes},
      {"16%", ">=", "16.1%", kNo},
      // Units do not convert.
      {"16%", "=", "16", kNo},
      {"28.81e9 CNY", ">", "1 USD", kNo},
      {"28.81e9 CNY", ">", "2881e7 CNY", kNo},
      {"28.81e9 CNY", ">=", "2881e7 CNY", kYes},
      // A quantity is all that it can mean.
      {">50%", ">", "50%", kYes},
      {">50%", ">", "60%", kMaybe},
      {">50%", "<=", "50%", kNo},
      {"25..50%", ">=", "25%", kYes},
      {"25<..50%", ">", "25%", kYes},
      {"25..50%", ">", "25%", kMaybe},
      {"25..50%", "=", "30%", kMaybe},
      {"30%", "=", "25..50%", kYes},
      {"~80%", ">=", "78%", kMaybe},
      {"~80%", ">=", "70%", kYes},
      {"<~4e9 CNY", "<", "4e9 CNY", kMaybe},
      {"<~4e9 CNY", "<=", "4e9 CNY", kYes},
      // Dates are their days.
      {"date(2016)", "=", "date(2016)", kYes},
      {"2016-03-15", "=", "date(2016)", kYes},
      {"date(2016)", "=", "2016-03-15", kMaybe},
      {"date(2016)", ">=", "date(2016)", kYes},
      {"date(2016)", ">", "date(2016)", kNo},
      {"date(2016)", ">", "2016-06", kMaybe},
      {"2016-07-01", ">", "2016-06", kYes},
      {"2016-06-30", "<=", "2016-06", kYes},
      {"2016-06-30", "<", "2016-06", kNo},
      {"2016-H1", "<", "2016-07-01", kYes},
      {"2025-09-01T08:30:00Z", "=", "2025-09-01", kYes},
      {"2025-09-01T08:30:00Z", ">", "2025-08", kYes},
      {"2025-09-01T08:30:00Z", "<", "2025-09-01T08:30:01Z", kYes},
      // Text without regard to capitals of ASCII, and to language if the bound
      // has none.
      {"\"Cambricon\"@en", "=", "\"cambricon\"", kYes},
      {"\"Cambricon\"@en", "=", "\"Cambricon\"@zh", kNo},
      {"\"b\"", ">", "\"A\"", kYes},
      {"\"b\"", "<", "\"A\"", kNo},
      {"\"16\"", "=", "16", kNo},
      {"true", "=", "true", kYes},
      {"true", "=", "false", kNo},
      {"P3M", "=", "P3M", kYes},
  };
  for (const JudgeCase& one : cases) {
    const Predicate predicate = Where("p", one.comparison, Literal(one.bound));
    EXPECT_EQ(ToString(Judge(predicate, Literal(one.value))),
              ToString(one.expected))
        << one.value << " " << one.comparison << " " << one.bound;
  }
}

TEST(PredicateTest, BoundsFitTheDeclaredType) {
  const auto fit = [](BaseType base, const char* comparison,
                      const std::string& bound) -> std::string {
    const Type type{.base = base};
    const auto fitted =
        FitPredicate(&type, Where("p", comparison, Literal(bound)));
    return fitted.ok() ? fitted->bound.ToString() : ReasonOf(fitted.status());
  };

  EXPECT_EQ(fit(BaseType::kDate, ">=", "2016"), "date(2016)");
  EXPECT_EQ(fit(BaseType::kDateTime, ">=", "2016-01"), "2016-01");
  EXPECT_EQ(fit(BaseType::kInt, ">", "40.5"), "40.5");
  EXPECT_EQ(fit(BaseType::kInt, "=", "30..40"), "30..40");
  EXPECT_EQ(fit(BaseType::kInt, "=", "30%"), "VALUE_TYPE");
  EXPECT_EQ(fit(BaseType::kPercent, ">=", "16"), "VALUE_TYPE");
  EXPECT_EQ(fit(BaseType::kMoney, ">=", "16%"), "VALUE_TYPE");
  EXPECT_EQ(fit(BaseType::kBool, "=", "true"), "true");
  EXPECT_EQ(fit(BaseType::kBool, "<", "true"), "VALUE_TYPE");
  EXPECT_EQ(fit(BaseType::kDuration, "<", "P3M"), "VALUE_TYPE");
}

// ---- keys of values ---------------------------------------------------------

class Random {
 public:
  Random() : engine_(seed_) { std::printf("GUANXI_TEST_SEED=%u\n", seed_); }

  size_t Below(size_t bound) { return engine_() % bound; }
  int Between(int first, int last) {
    return first +
           static_cast<int>(Below(static_cast<size_t>(last - first + 1)));
  }
  template <typename T>
  T Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  unsigned seed_ = test::Seed();
  std::mt19937 engine_;
};

std::string RandomNumber(Random& random) {
  const std::string sign = random.Below(3) == 0 ? "-" : "";
  switch (random.Below(4)) {
    case 0:
      return absl::StrCat(sign, random.Below(20));
    case 1:
      return absl::StrCat(sign, random.Below(20), ".", random.Below(100));
    case 2:
      return absl::StrCat(sign, random.Below(20), "e", random.Between(-3, 3));
    default:
      return absl::StrCat(sign, "1", std::string(random.Below(36), '0'),
                          random.Below(10));
  }
}

std::string RandomDate(Random& random) {
  const int year = random.Between(2014, 2017);
  switch (random.Below(4)) {
    case 0:
      return absl::StrCat("date(", year, ")");
    case 1:
      return absl::StrCat(year, "-H", random.Between(1, 2));
    case 2:
      return absl::StrCat(year, "-0", random.Between(1, 9));
    default:
      return absl::StrCat(year, "-0", random.Between(1, 9), "-1",
                          random.Between(0, 9));
  }
}

std::string RandomText(Random& random) {
  std::string text;
  for (size_t i = random.Below(4); i > 0; --i) {
    text +=
        random.Pick<std::string>({"a", "B", "b", "\\u0000", "ÿ", "\\u0001"});
  }
  if (random.Below(4) == 0) text = std::string(398, 'x') + text;
  return absl::StrCat("\"", text, "\"", random.Below(2) == 0 ? "@en" : "");
}

std::string RandomLiteral(Random& random) {
  switch (random.Below(10)) {
    case 0:
    case 1:
      return RandomNumber(random);
    case 2:
      return absl::StrCat("double(", random.Below(20), ".5)");
    case 3:
      return absl::StrCat(RandomNumber(random),
                          random.Pick<std::string>({"%", " CNY"}));
    case 4:
      return absl::StrCat(
          random.Pick<std::string>({"<", "<=", ">", ">=", "~", "<~", ">~"}),
          random.Below(20), "%");
    case 5: {
      const size_t first = random.Below(20);
      return absl::StrCat(first, "..", first + 1 + random.Below(9), "%");
    }
    case 6:
    case 7:
      return RandomDate(random);
    case 8:
      return random.Pick<std::string>(
          {"2015-03-01T08:30:00Z", "2015-03-01T00:00:00Z", "true", "P3M"});
    default:
      return RandomText(random);
  }
}

bool IsIn(const std::string& key, const std::vector<KeyRange>& ranges) {
  return std::ranges::any_of(ranges, [&key](const KeyRange& range) {
    return range.from <= key && key < range.to;
  });
}

// Whatever satisfies a predicate must be among its candidates; that most others
// are not is checked for numbers and days, where it counts.
TEST(ValueKeyTest, RangesHoldWhatPredicatesAdmit) {
  Random random;
  const PropertyId property{7};
  int admitted = 0;
  for (int i = 0; i < 5'000; ++i) {
    const Value value = Literal(RandomLiteral(random));
    const Value bound = Literal(RandomLiteral(random));
    for (const auto& [sign, comparison] : Comparisons()) {
      const auto predicate = FitPredicate(nullptr, Where("p", sign, bound));
      if (!predicate.ok()) continue;
      const std::vector<KeyRange> ranges = KeyRanges(property, *predicate);
      const std::string key = ValueKey(property, value);
      ASSERT_LE(key.size(), 511U - 5);
      if (Judge(*predicate, value) == Holds::kNo) continue;
      ++admitted;
      ASSERT_TRUE(IsIn(key, ranges))
          << value.ToString() << " " << sign << " " << bound.ToString();
      // Later blocks of the set have longer keys.
      ASSERT_TRUE(IsIn(key + std::string(5, '\xFF'), ranges));
    }
  }
  EXPECT_GT(admitted, 1000);
}

TEST(ValueKeyTest, KeysSortAsNumbersAndNoKeyBeginsAnother) {
  Random random;
  std::map<std::string, Value> numbers;
  std::vector<std::string> keys;
  for (int i = 0; i < 1'000; ++i) {
    const Value number = Literal(RandomNumber(random));
    numbers.emplace(ValueKey({1}, number), number);
    keys.push_back(ValueKey({1}, number));
    keys.push_back(ValueKey({1}, Literal(RandomLiteral(random))));
  }

  const Value* before = nullptr;
  for (const auto& [key, number] : numbers) {
    if (before != nullptr) {
      EXPECT_EQ(Judge(Where("p", ">", *before), number), Holds::kYes)
          << before->ToString() << " before " << number.ToString();
    }
    before = &number;
  }
  std::ranges::sort(keys);
  for (size_t i = 1; i < keys.size(); ++i) {
    if (keys[i] == keys[i - 1]) continue;
    EXPECT_NE(keys[i].substr(0, keys[i - 1].size()), keys[i - 1]);
  }
}

// ---- finding in a store -----------------------------------------------------

class FindTest : public ::testing::Test {
 protected:
  FindTest() {
    auto opened = Store::Open(dir_.path() + "/graph.guanxi",
                              {.max_bytes = int64_t{1} << 30, .clock = [] {
                                 return int64_t{1'760'000'000'000'000};
                               }});
    GUANXI_CHECK(opened.ok());
    store_ = *std::move(opened);
  }

  absl::StatusOr<CommitResult> Commit(const std::string& lines) {
    return store_->Commit({.statements = Kg(lines)});
  }

  Snapshot Read() const { return *store_->BeginSnapshot(); }

  // The keys of table `property`, that is of the index of values.
  std::vector<std::string> IndexKeys() const {
    const Snapshot snapshot = Read();
    std::vector<std::string> keys;
    kv::Cursor cursor = snapshot.txn().Walk(snapshot.tables().property);
    for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
      keys.emplace_back(cursor.key());
    }
    return keys;
  }

  // The keys of the entities found, a '?' behind those that are maybe.
  std::vector<std::string> Find(const std::string& label,
                                std::vector<Predicate> predicates,
                                const Lens& lens = {},
                                const KnownAt& known_at = {}) const {
    const Snapshot snapshot = *store_->BeginSnapshot(known_at);
    const auto selection = Selection::Begin(
        snapshot, lens,
        {.label = label, .predicates = Fitted(snapshot, predicates)});
    GUANXI_CHECK(selection.ok());
    std::vector<std::string> keys;
    std::optional<EntityId> after;
    constexpr size_t kBatch = 3;
    while (true) {
      const auto ids = selection->Candidates(after, kBatch);
      for (const EntityId id : *ids) {
        after = id;
        const Holds holds = *selection->Matches(id);
        if (holds == Holds::kNo) continue;
        keys.push_back(*snapshot.EntityKey(id) +
                       (holds == Holds::kMaybe ? "?" : ""));
      }
      if (ids->size() < kBatch) return keys;
    }
  }

  // Of all entities, by looking at the whole of each.
  std::vector<std::string> FindBySight(
      const std::vector<Predicate>& predicates) const {
    const Snapshot snapshot = Read();
    std::vector<std::string> keys;
    for (uint64_t id = 1; snapshot.EntityKey({id}).ok(); ++id) {
      const Holds holds = JudgeBySight(
          snapshot, {id}, {}, {.predicates = Fitted(snapshot, predicates)});
      if (holds == Holds::kNo) continue;
      keys.push_back(*snapshot.EntityKey({id}) +
                     (holds == Holds::kMaybe ? "?" : ""));
    }
    return keys;
  }

  static Holds JudgeBySight(const Snapshot& snapshot, EntityId id,
                            const Lens& lens,
                            const EntityCondition::Asked& asked) {
    const EntityView view = *snapshot.ReadEntity(id, lens, Evidence::kNone);
    const bool carried =
        asked.labels.empty() ||
        std::ranges::find_first_of(view.all_labels, asked.labels) !=
            view.all_labels.end();
    Holds least = carried ? Holds::kYes : Holds::kNo;
    for (const Predicate& predicate : asked.predicates) {
      Holds best = Holds::kNo;
      for (const PropertyView& one : view.properties) {
        if (one.key.name != predicate.property) continue;
        best = std::max(
            best, std::min(Judge(predicate, one.value), one.showing.holds));
      }
      least = std::min(least, best);
    }
    return least;
  }

  static std::vector<Predicate> Fitted(const Snapshot& snapshot,
                                       std::vector<Predicate> predicates) {
    for (Predicate& predicate : predicates) {
      const auto* declared = snapshot.schema().FindProperty(predicate.property);
      auto fitted =
          FitPredicate(declared ? &declared->type : nullptr, predicate);
      GUANXI_CHECK(fitted.ok());
      predicate = *std::move(fitted);
    }
    return predicates;
  }

  static Lens On(const char* day) { return {.valid_at = *ParseDay(day)}; }

  test::TempDir dir_;
  std::unique_ptr<Store> store_;
};

constexpr char kCompanies[] = R"(
label Company
prop name : text@lang index
prop founded : date index
prop revenue : money period
prop note : string
source s {title: "S"}
(a :Company {name: "Alpha"@en, founded: 2014}) from s
(b :Company {name: "Beta"@en, founded: 2016-05, note: "x"}) from s
(c :Company {name: "Gamma"@en, founded: 2016}) from s
(d :Person {name: "alpha"}) from s
(e :Company)
(b).revenue = 5e9 CNY during 2024 from s
(b).revenue = 2e9 CNY during 2023 from s
(c).revenue = >4e9 CNY during 2024 from s
)";

TEST_F(FindTest, ByLabelAndProperties) {
  ASSERT_OK(Commit(kCompanies));
  const Value y2016 = Literal("2016");

  EXPECT_THAT(Find("Company", {Where("founded", ">=", y2016)}),
              ElementsAre("b", "c"));
  EXPECT_THAT(Find("", {Where("founded", "<", y2016)}), ElementsAre("a"));
  EXPECT_THAT(Find("", {Where("founded", "<", Literal("2016-06"))}),
              ElementsAre("a", "b", "c?"));
  EXPECT_THAT(Find("", {Where("name", "=", Value::String("ALPHA"))}),
              ElementsAre("a", "d"));
  EXPECT_THAT(Find("Company", {Where("name", "=", Value::String("alpha"))}),
              ElementsAre("a"));
  EXPECT_THAT(Find("Company", {Where("revenue", ">", Literal("3e9 CNY"))}),
              ElementsAre("b", "c"));
  EXPECT_THAT(Find("Company", {Where("revenue", ">", Literal("4.5e9 CNY")),
                               Where("founded", "=", y2016)}),
              ElementsAre("b", "c?"));
  EXPECT_THAT(Find("Company", {{.property = "note"}}), ElementsAre("b"));
  EXPECT_THAT(Find("Company", {{.property = "founded"}}),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(Find("", {{.property = "unheard_of"}}), IsEmpty());
  EXPECT_THAT(Find("Company", {}), ElementsAre("a", "b", "c", "e"));
}

TEST_F(FindTest, CertainHidesMaybe) {
  ASSERT_OK(Commit(kCompanies));
  Lens certain;
  certain.certain = true;

  EXPECT_THAT(Find("", {Where("founded", "<", Literal("2016-06"))}, certain),
              ElementsAre("a", "b"));
}

TEST_F(FindTest, WhatTheLensDoesNotShowIsNotFound) {
  ASSERT_OK(
      Commit("prop name : string index\n"
             "(a {name: \"Old\"}) during 2010/2015\n"
             "(a {name: \"New\"}) during 2016/..\n"));
  const Predicate old_name = Where("name", "=", Value::String("Old"));

  EXPECT_THAT(Find("", {old_name}, On("2012-01-01")), ElementsAre("a"));
  EXPECT_THAT(Find("", {old_name}, On("2020-01-01")), IsEmpty());
  const Snapshot snapshot = Read();
  EXPECT_THAT(snapshot.FindByName("old", On("2012-01-01"), 9),
              test::IsOkAndHolds(ElementsAre(EntityId{1})));
  EXPECT_THAT(snapshot.FindByName("old", On("2020-01-01"), 9),
              test::IsOkAndHolds(IsEmpty()));
}

TEST_F(FindTest, EntriesThatOutliveTheirValueAreNotFound) {
  ASSERT_OK(
      Commit("prop age : int index\nsource s {title: \"S\"}\n"
             "(a).age = 40 from s id first\n(a)\n(b {age: 40})\n"));

  ASSERT_OK(Commit("(a).age = 41 from s supersedes first\n"));
  ASSERT_OK(store_->Commit({.statements = {{DeleteEntityStatement{"b"}, {}}}}));

  EXPECT_THAT(Find("", {Where("age", "=", Literal("40"))}), IsEmpty());
  EXPECT_THAT(Find("", {Where("age", ">", Literal("30"))}), ElementsAre("a"));
}

TEST_F(FindTest, WhatWasFoundOnceIsFoundAtThatRevision) {
  ASSERT_OK(
      Commit("prop age : int index\nprop size : int\nsource s {title: \"S\"}\n"
             "(a).age = 40 from s id first\n(a)\n(b {age: 40, size: 7})\n"));
  const KnownAt then{.revision = Read().revision()};
  ASSERT_OK(
      Commit("(a).age = 41 from s supersedes first\n(b {size: 8})\n"
             "(c {age: 40})\n"));
  ASSERT_OK(store_->Commit({.statements = {{DeleteEntityStatement{"b"}, {}}}}));
  ASSERT_OK(Commit("prop size : int index\n"));

  EXPECT_THAT(Find("", {Where("age", "=", Literal("40"))}, {}, then),
              ElementsAre("a", "b"));
  EXPECT_THAT(Find("", {Where("size", "=", Literal("7"))}, {}, then),
              ElementsAre("b"));
  EXPECT_THAT(Find("", {Where("age", "=", Literal("40"))}), ElementsAre("c"));
}

TEST_F(FindTest, EntitiesThatAreOneAreFoundOnce) {
  ASSERT_OK(
      Commit("label Company\nprop name : string[] index\nprop size : int\n"
             "source s {title: \"S\"}\n"
             "(z :Company {name: \"One\"}) from s\n"
             "(b {name: \"One\", size: 1}) from s\n"
             "(c {name: \"One\"}) from s\n"
             "(a {name: \"Other\", size: 1}) from s\n"
             "same (z) (b) from s id zb\nsame (b) (a) from s\n"));
  const KnownAt merged{.revision = Read().revision()};
  const Predicate one = Where("name", "=", Value::String("one"));
  const EntityId a{4};

  // By the id of the first candidate; its facts are those of all.
  EXPECT_THAT(Find("", {one}), ElementsAre("z", "c"));
  EXPECT_THAT(Find("Company", {}), ElementsAre("z"));
  EXPECT_THAT(Find("Company", {Where("size", "=", Literal("1"))}),
              ElementsAre("z"));
  EXPECT_THAT(Find("", {Where("name", "=", Value::String("other"))}),
              ElementsAre("a"));
  EXPECT_THAT(Read().FindByName("One", {}, 9),
              test::IsOkAndHolds(ElementsAre(EntityId{3}, a)));

  ASSERT_OK(store_->Commit({.statements = {{RetractStatement{"zb"}, {}}}}));
  EXPECT_THAT(Find("", {one}), ElementsAre("z", "b", "c"));
  EXPECT_THAT(Find("", {one}, {}, merged), ElementsAre("z", "c"));
}

// ---- purged values ----------------------------------------------------------

TEST_F(FindTest, PurgedClaimLeavesNoByteOfItsValue) {
  ASSERT_OK(
      Commit("prop name : string index\nsource s {title: \"S\"}\n"
             "source t {title: \"T\"}\n(a) from s\n"
             "(a).name = \"SECRET\" from s id said\n"
             "(a).name = \"SECRET\" from t id also\n"
             "(a).name = \"hidden\" rank deprecated from s id lost\n"
             "(b).name = \"SECRET\" from t id other\n(b)\n"));
  ASSERT_OK(Commit("(a).name = \"open\" from s supersedes said\n"));
  const auto purge = [this](const char* claim) {
    return store_->Commit(
        {.statements = {{PurgeClaimStatement{claim, "court order"}, {}}}});
  };
  ASSERT_THAT(IndexKeys(), Contains(HasSubstr("secret")));

  // As long as another claim says so, the entity is found by it.
  ASSERT_OK(purge("said"));
  EXPECT_THAT(Find("", {Where("name", "=", Value::String("SECRET"))}),
              ElementsAre("a", "b"));
  ASSERT_OK(purge("also"));
  EXPECT_THAT(Find("", {Where("name", "=", Value::String("SECRET"))}),
              ElementsAre("b"));
  ASSERT_OK(purge("other"));
  ASSERT_OK(purge("lost"));

  EXPECT_THAT(IndexKeys(), Each(Not(HasSubstr("secret"))));
  EXPECT_THAT(IndexKeys(), Each(Not(HasSubstr("hidden"))));
  EXPECT_THAT(IndexKeys(), Contains(HasSubstr("open")));
}

TEST_F(FindTest, PurgedEntityLeavesNoByteOfItsValues) {
  ASSERT_OK(
      Commit("prop name : string index\nprop motto : string index\n"
             "source s {title: \"S\"}\n(a {name: \"SECRET\"}) from s\n"
             "(a {motto: \"first SECRET\"})\n(b {name: \"open\"})\n"));
  ASSERT_OK(Commit("(a {motto: \"second SECRET\"})\n"));
  // An index that is given up keeps what it held.
  ASSERT_OK(Commit("prop motto : string\n"));

  ASSERT_OK(store_->Commit(
      {.statements = {{PurgeEntityStatement{"a", "her wish"}, {}}}}));

  EXPECT_THAT(IndexKeys(), ElementsAre(HasSubstr("open")));
  ASSERT_OK_AND_ASSIGN(const Snapshot now, store_->BeginSnapshot());
  ASSERT_OK_AND_ASSIGN(const Statistics counts,
                       CountAll(now, [] { return absl::OkStatus(); }));
  EXPECT_EQ(counts.entities, 1);
}

TEST_F(FindTest, RandomPredicatesFindWhatLookingAtEachEntityFinds) {
  Random random;
  ASSERT_OK(
      Commit("prop p : quantity index\nprop d : date index\n"
             "prop t : text@lang[] index\nsource s {title: \"S\"}\n"));
  const auto numbers = [&random] {
    return absl::StrCat(random.Pick<std::string>({"", "<", ">=", "~"}),
                        random.Below(9), random.Pick<std::string>({"", "%"}));
  };
  const std::map<std::string, std::function<std::string()>> values = {
      {"p", numbers},
      {"d", [&random] { return RandomDate(random); }},
      {"t", [&random] { return RandomText(random); }}};
  for (int round = 0; round < 25; ++round) {
    std::string lines;
    for (int i = 0; i < 8; ++i) {
      const std::string key = absl::StrCat("e", random.Below(30));
      absl::StrAppend(&lines, "(", key, ")\n");
      for (const auto& [property, value] : values) {
        absl::StrAppend(&lines, "(", key, ").", property, " = ", value(),
                        random.Below(2) == 0 ? " from s" : "", "\n");
      }
    }
    ASSERT_OK(Commit(lines));
    for (const auto& [property, value] : values) {
      for (const auto& [sign, comparison] : Comparisons()) {
        const std::string literal = value();
        const Predicate predicate = Where(property, sign, Literal(literal));
        ASSERT_EQ(Find("", {predicate}), FindBySight({predicate}))
            << property << sign << literal;
      }
    }
  }
}

// Random statements about a few entities, and random questions.
class Conditions {
 public:
  static constexpr size_t kEntities = 12;

  // Those that the lines are about.
  static std::string Entities() {
    std::string lines;
    for (size_t i = 0; i < kEntities; ++i) {
      absl::StrAppend(&lines, "(e", i, ")\n");
    }
    return lines;
  }

  std::string Line() {
    if (random_.Below(12) == 0) {
      const std::string one = Entity();
      const std::string other = Entity();
      return one == other ? "" : absl::StrCat("same ", one, " ", other, Tail());
    }
    if (random_.Below(2) == 0) {
      return absl::StrCat("(e", random_.Below(kEntities), " :",
                          labels_[random_.Below(4)], ")", Tail());
    }
    return absl::StrCat(Entity(), ".p = ", random_.Below(4), Tail());
  }

  Lens Through() {
    constexpr Day kIn2021{18'779};
    constexpr Day kIn2023{19'509};
    Lens lens{.certain = random_.Below(4) == 0};
    if (random_.Below(4) > 0) {
      lens.valid_at = random_.Pick<Day>({kIn2021, kIn2023});
    }
    if (random_.Below(2) == 0) lens.modes.Add(Mode::kExpected);
    return lens;
  }

  EntityCondition::Asked Asked() {
    EntityCondition::Asked asked;
    if (random_.Below(2) == 0) asked.labels = {random_.Pick(labels_)};
    if (random_.Below(3) == 0) asked.labels.push_back(random_.Pick(labels_));
    if (random_.Below(4) > 0) {
      asked.predicates = {Where("p",
                                random_.Pick<std::string>({"=", "<", ">="}),
                                Value(static_cast<int64_t>(random_.Below(4))))};
    }
    return asked;
  }

  Revision UpTo(Revision latest) {
    return Revision{1 + random_.Below(latest.number)};
  }

 private:
  std::string Entity() {
    return absl::StrCat("(e", random_.Below(kEntities), ")");
  }
  std::string Tail() {
    return random_.Pick<std::string>(
        {"", " from s", " at 2021 from s", " at 2021 from s", " at 2023 from s",
         " during 2020/2022 from s", " during 2023 from s",
         " from s mode expected", " from s mode negated"});
  }

  Random random_;
  const std::vector<std::string> labels_ = {"Body", "Firm", "Bank", "Other",
                                            "Unknown"};
};

// Of entities that are one too, through any lens, and in the past.
TEST_F(FindTest, ConditionsMeanWhatTheWholeViewMeans) {
  Conditions conditions;
  std::map<Holds, int> seen;
  ASSERT_OK(
      Commit("label Body\nlabel Firm < Body\nlabel Bank < Firm\n"
             "prop p : int\nsource s {title: \"S\"}\n" +
             Conditions::Entities()));
  for (int question = 0; question < 600; ++question) {
    if (question % 20 == 0) {
      std::string lines;
      for (int i = 0; i < 10; ++i) {
        absl::StrAppend(&lines, conditions.Line(), "\n");
      }
      ASSERT_OK(Commit(lines)) << lines;
    }
    const Revision then = conditions.UpTo(Read().revision());
    const Snapshot snapshot = *store_->BeginSnapshot({.revision = then});
    const Lens lens = conditions.Through();
    const EntityCondition::Asked asked = conditions.Asked();
    const EntityCondition condition(snapshot, lens, asked);
    for (size_t i = 0; i < Conditions::kEntities; ++i) {
      const auto id = *snapshot.FindEntity(absl::StrCat("e", i));
      if (!id.has_value()) continue;
      const Holds holds = *condition.Judge(*id);
      ASSERT_EQ(holds, JudgeBySight(snapshot, *id, lens, asked))
          << "e" << i << " at revision " << then.number;
      ++seen[holds];
    }
  }
  EXPECT_THAT(seen, ::testing::SizeIs(3));
}

// ---- unique -----------------------------------------------------------------

constexpr char kUniqueIds[] =
    "prop lei : string unique\nprop size : decimal unique\n"
    "source s {title: \"S\"}\nsource t {title: \"T\"}\n"
    "(a {lei: \"L1\", size: 1}) from s\n(b {lei: \"L2\"}) from s\n(c)\n";

TEST_F(FindTest, UniqueValueOfAnotherIsRefused) {
  ASSERT_OK(Commit(kUniqueIds));

  const auto refused = Commit("(c)\n(c).lei = \"L1\" from s\n");

  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  const auto info = GetErrorInfo(refused.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "UNIQUE_TAKEN");
  EXPECT_EQ(info->metadata.at("property"), "lei");
  EXPECT_EQ(info->metadata.at("value"), "\"L1\"");
  EXPECT_EQ(info->metadata.at("entity"), "c");
  EXPECT_EQ(info->metadata.at("taken_by"), "a");
  EXPECT_EQ(info->metadata.at("line"), "3");
  EXPECT_THAT(Find("", {Where("lei", "=", Value::String("L1"))}),
              ElementsAre("a"));
}

TEST_F(FindTest, WhatCountsForUnique) {
  ASSERT_OK(Commit(kUniqueIds));

  // Not shown, but claimed; on other days; without a claim; of equal size.
  for (const char* taken : {"(b).lei = \"L1\" mode reported from t\n",
                            "(b).lei = \"L1\" during 1990/1991 from t\n",
                            "(c {lei: \"L1\"})\n", "(c {size: 1.0})\n"}) {
    EXPECT_EQ(ReasonOf(Commit(taken).status()), "UNIQUE_TAKEN") << taken;
  }
  // No affirmation that counts, another value, or the own one.
  for (const char* free :
       {"(b).lei = \"L1\" mode negated from t\n",
        "(b).lei = \"L1\" mode expected from t\n",
        "(b).lei = \"L1\" rank deprecated from t\n",
        "(b).lei = \"l1\" from t\n", "(a).lei = \"L1\" from t\n"}) {
    EXPECT_OK(Commit(free)) << free;
  }
}

TEST_F(FindTest, CommitThatFreesAValueMayGiveItAway) {
  ASSERT_OK(Commit(kUniqueIds));
  ASSERT_OK(Commit("(c).lei = \"L3\" from s id c-lei\n"));

  EXPECT_OK(
      Commit("(c).lei = \"L4\" from s supersedes c-lei\n"
             "(b).lei = \"L3\" from t\n"));
}

TEST_F(FindTest, EntitiesJudgedSameMayShareAUniqueValue) {
  ASSERT_OK(Commit(kUniqueIds));

  EXPECT_EQ(ReasonOf(Commit("same (a) (c) mode suggested from s\n"
                            "(c).lei = \"L1\" from s\n")
                         .status()),
            "UNIQUE_TAKEN");
  ASSERT_OK(
      Commit("same (a) (b) from s id ab\nsame (b) (c) from s\n"
             "(c).lei = \"L1\" from s\n"));
  // What joined them goes.
  EXPECT_EQ(
      ReasonOf(
          Commit("same (a) (b) mode suggested from s supersedes ab").status()),
      "UNIQUE_TAKEN");
}

// Against a plain map: which commits are taken.
TEST_F(FindTest, RandomCommitsAreTakenJustWhenNoValueIsShared) {
  Random random;
  ASSERT_OK(Commit("prop n : int[] unique\nsource s {title: \"S\"}\n"));
  std::map<int, std::string> holders;  // value -> entity
  int refused = 0;
  for (int round = 0; round < 150; ++round) {
    std::map<int, std::string> after = holders;
    bool fits = true;
    std::string lines;
    for (size_t i = 1 + random.Below(2); i > 0; --i) {
      const std::string key = absl::StrCat("e", random.Below(12));
      const int value = random.Between(0, 60);
      absl::StrAppend(&lines, "(", key, ")\n(", key, ").n = ", value,
                      random.Below(2) == 0 ? " from s" : "", "\n");
      fits = after.emplace(value, key).first->second == key && fits;
    }

    const auto result = Commit(lines);

    if (fits) {
      ASSERT_OK(result) << lines;
      holders = after;
    } else {
      ASSERT_EQ(ReasonOf(result.status()), "UNIQUE_TAKEN") << lines;
      ++refused;
    }
  }
  EXPECT_GT(refused, 5);
}

// ---- declaring names that are in use ----------------------------------------

TEST_F(FindTest, IndexThatComesLaterHoldsWhatWasThere) {
  ASSERT_OK(
      Commit("prop size : int\nsource s {title: \"S\"}\n"
             "(a {size: 1}) from s\n(b {size: 2})\n(c {size: 3})\n"));
  ASSERT_OK(Commit("prop size : int index\n(d {size: 2})\n"));

  const Snapshot snapshot = Read();
  const auto candidates = FindCandidates(
      *snapshot.catalog().properties.Find("size"),
      Where("size", "=", Literal("2")), 9, snapshot.txn(), snapshot.tables());
  ASSERT_OK(candidates);
  EXPECT_THAT(**candidates, ElementsAre(EntityId{2}, EntityId{4}));
  EXPECT_THAT(Find("", {Where("size", ">=", Literal("2"))}),
              ElementsAre("b", "c", "d"));
}

TEST_F(FindTest, UniqueThatComesLaterAsksForUniqueValues) {
  ASSERT_OK(Commit("prop size : int\n(a {size: 1})\n(b {size: 1})\n"));

  EXPECT_EQ(ReasonOf(Commit("prop size : int unique\n").status()),
            "UNIQUE_TAKEN");
  EXPECT_OK(Commit("prop size : int unique\n(b {size: 2})\n"));
  EXPECT_EQ(ReasonOf(Commit("(c {size: 2})\n").status()), "UNIQUE_TAKEN");
}

TEST_F(FindTest, NameThatIsUsedMayBeDeclaredAsItsValuesAre) {
  ASSERT_OK(
      Commit("source s {title: \"S\"}\n(a {size: 1, day: 2016-01-02}) from s\n"
             "(b {size: 2, word: \"w\"})\n"));

  EXPECT_THAT(Commit("prop size : string\n"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("'size' has facts, and one of them, 1, is no "
                                 "string")));
  EXPECT_EQ(ReasonOf(Commit("prop size : int[]\n").status()), "SCHEMA_IN_USE");
  EXPECT_EQ(ReasonOf(Commit("prop size : int event\n").status()),
            "SCHEMA_IN_USE");
  EXPECT_OK(
      Commit("prop size : int index\nprop day : date\n"
             "prop word : enum(v, w)\n"));
  EXPECT_THAT(Find("", {Where("size", ">", Literal("1"))}), ElementsAre("b"));
  EXPECT_EQ(ReasonOf(Commit("prop size : decimal\n").status()),
            "SCHEMA_IN_USE");
}

TEST_F(FindTest, LastDescriptionInACommitCountsSoThatItCanBeRepeated) {
  const std::string lines =
      "source s {title: \"one\"}\nsource s {title: \"two\"}\n"
      "prop p : int \"one\"\nprop p : int \"two\"\n"
      "label L \"one\"\nlabel L \"two\"\n(a :L {p: 1}) from s\n";

  ASSERT_OK(Commit(lines));
  ASSERT_OK_AND_ASSIGN(const CommitResult again, Commit(lines));

  EXPECT_FALSE(again.changed);
  EXPECT_EQ(Read().revision(), Revision{1});
  EXPECT_EQ(Read().schema().FindProperty("p")->comment, "two");
  EXPECT_EQ(Read().schema().FindLabel("L")->comment, "two");
  EXPECT_EQ((*Read().FindSource("s"))->description.at("title"),
            Value::String("two"));
}

}  // namespace
}  // namespace guanxi::store
