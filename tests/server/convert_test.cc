// What goes over the wire and back, without a server.

#include <limits>
#include <string>
#include <vector>

#include <google/protobuf/util/json_util.h>

#include "client/client.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "graph/base/error.h"
#include "server/address.h"
#include "server/convert/enums.h"
#include "server/convert/statement.h"
#include "server/convert/traversal.h"
#include "server/convert/value.h"
#include "server/log.h"
#include "server/page_token.h"
#include "server/server.h"
#include "server/status.h"
#include "tests/support/status_matchers.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::StatusIs;
using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// ---- enums ------------------------------------------------------------------

template <typename Ours, typename Theirs, size_t N>
void ExpectComplete(const EnumPair<Ours, Theirs> (&table)[N],
                    const google::protobuf::EnumDescriptor* theirs) {
  for (int i = 0; i < theirs->value_count(); ++i) {
    const auto value = static_cast<Theirs>(theirs->value(i)->number());
    if (value == Theirs{}) continue;
    const auto ours = FromProto(table, value, FieldPath("field"));
    ASSERT_TRUE(ours.ok()) << theirs->value(i)->name();
    EXPECT_EQ(ToProto(table, *ours), value);
  }
}

TEST(EnumsTest, EveryValueOfTheContractHasOneOfOurs) {
  ExpectComplete(kModes, v1::Mode_descriptor());
  ExpectComplete(kRanks, v1::Rank_descriptor());
  ExpectComplete(kVerdicts, v1::Verdict_descriptor());
  ExpectComplete(kLossRules, v1::LossRule_descriptor());
  ExpectComplete(kEvidences, v1::Evidence_descriptor());
  ExpectComplete(kHolds, v1::Holds_descriptor());
  ExpectComplete(kFactKinds, v1::FactKind_descriptor());
  ExpectComplete(kFactTimeKinds, v1::FactTimeKind_descriptor());
  ExpectComplete(kBaseTypes, v1::BaseType_descriptor());
  ExpectComplete(kTimeKinds, v1::TimeKind_descriptor());
  ExpectComplete(kJudgements, v1::Judgement_descriptor());
  ExpectComplete(kNoticeKinds, v1::NoticeKind_descriptor());
  ExpectComplete(kDirections, v1::Direction_descriptor());
  ExpectComplete(kOutcomes, v1::Outcome_descriptor());
  ExpectComplete(kStops, v1::StopReason_descriptor());
}

TEST(EnumsTest, EveryModeRankAndRuleOfOursIsInTheContract) {
  EXPECT_EQ(std::size(kModes), kModeNames.size());
  EXPECT_EQ(std::size(kRanks), kRankNames.size());
  EXPECT_EQ(std::size(kLossRules), kLossRuleNames.size());
}

// ---- values -----------------------------------------------------------------

std::vector<Value> ValuesOfEachKind() {
  const List list = {Value(int64_t{1}), Value::String("a")};
  return {
      Value(true),
      Value(int64_t{-3}),
      Value(0.1),
      Value(*Decimal::Parse("28.810e9")),
      Value::String("plain"),
      Value::String("中国科学院", "zh-Hans"),
      Value(Bytes{std::string("\0\xFF", 2)}),
      Value(*Date::Parse("2025-H1~?")),
      Value(*When::Parse("2022/..")),
      Value(*DateTime::Parse("1969-12-31T23:59:59.5Z")),
      Value(*Duration::Parse("P1Y2M3DT4H")),
      Value(*Quantity::Parse("25..<50%")),
      Value(*Quantity::Parse("<~4e9 CNY")),
      Value(list),
      Value(Map{{"of", Value(list)}, {"by", Value(Map{})}}),
  };
}

TEST(ValueTest, EachKindComesBackTheSame) {
  for (const Value& value : ValuesOfEachKind()) {
    const v1::Value proto = ToProto(value);
    ASSERT_OK_AND_ASSIGN(const Value back,
                         FromProto(proto, FieldPath("value")));
    EXPECT_EQ(back, value) << value.ToString();
  }
}

TEST(ValueTest, WhatIsNoNumberIsOneValue) {
  v1::Value negative;
  negative.set_double_value(-std::numeric_limits<double>::quiet_NaN());

  ASSERT_OK_AND_ASSIGN(const Value value,
                       FromProto(negative, FieldPath("value")));

  EXPECT_EQ(value, Value(std::numeric_limits<double>::quiet_NaN()));
}

TEST(ValueTest, QuantityTellsItsBoundsAndUnit) {
  const v1::Value proto = ToProto(Value(*Quantity::Parse(">50%")));

  EXPECT_EQ(proto.quantity_value().lower().number(), "50");
  EXPECT_FALSE(proto.quantity_value().lower().closed());
  EXPECT_FALSE(proto.quantity_value().has_upper());
  EXPECT_EQ(proto.quantity_value().unit(), "%");
}

TEST(ValueTest, DateTellsItsDays) {
  const v1::Value proto = ToProto(Value(*Date::Parse("2025-H1~")));

  EXPECT_EQ(proto.date_value().first_day(), "2025-01-01");
  EXPECT_EQ(proto.date_value().last_day(), "2025-06-30");
  EXPECT_TRUE(proto.date_value().approximate());
}

TEST(ValueTest, OpenEndHasNoDay) {
  const v1::Value proto = ToProto(Value(*When::Parse("2022/..")));

  EXPECT_EQ(proto.period_value().first_day(), "2022-01-01");
  EXPECT_EQ(proto.period_value().last_day(), "");
}

TEST(ValueTest, PeriodIsWrittenAsShortAsItCan) {
  const auto text = [](const char* first, const char* last) {
    return PeriodToProto({*ParseDay(first), *ParseDay(last)});
  };

  EXPECT_EQ(text("2025-01-01", "2025-12-31"), "2025");
  EXPECT_EQ(text("2025-07-01", "2025-12-31"), "2025-H2");
  EXPECT_EQ(text("2025-07-01", "2025-09-30"), "2025-Q3");
  EXPECT_EQ(text("2024-02-01", "2024-02-29"), "2024-02");
  EXPECT_EQ(text("2024-02-29", "2024-02-29"), "2024-02-29");
  EXPECT_EQ(text("2024-02-02", "2024-02-29"), "2024-02-02/2024-02-29");
  EXPECT_EQ(PeriodToProto({*ParseDay("2022-12-01"), kEndOfTime}),
            "2022-12-01/..");
}

TEST(ValueTest, NestingIsBoundedBothWays) {
  Value deepest(int64_t{1});
  for (int level = 1; level < kMaxValueDepth; ++level) {
    deepest = Value(List{deepest});
  }
  const v1::Value fits = ToProto(deepest);
  const v1::Value does_not = ToProto(Value(List{deepest}));

  EXPECT_EQ(Depth(deepest), kMaxValueDepth);
  EXPECT_OK(FromProto(fits, FieldPath("value")));
  EXPECT_THAT(FromProto(does_not, FieldPath("value")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("at most 24 levels")));
  // What fits survives a trip through every parser's limit of 100 messages.
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(fits, &json).ok());
  v1::Value parsed;
  EXPECT_TRUE(parsed.ParseFromString(fits.SerializeAsString()));
}

// ---- field paths ------------------------------------------------------------

TEST(FieldPathTest, NamesTheWayToAField) {
  const FieldPath operations("operations");
  const FieldPath third(operations, 3);
  const FieldPath entity(third, "entity");
  const FieldPath properties(entity, "properties");

  EXPECT_EQ(FieldPath::Key(properties, "revenue").ToString(),
            "operations[3].entity.properties[\"revenue\"]");
}

TEST(FieldPathTest, NamesAreThoseOfTheLanguage) {
  for (const char* name : {"a", "A1", "OWNS_SHARES_IN", "zh-Hans", "x-1-y"}) {
    EXPECT_OK(CheckName(name, FieldPath("name"))) << name;
  }
  for (const char* name : {"", "1a", "_a", "a-", "a--b", "a b", "ä", "a\n"}) {
    EXPECT_FALSE(CheckName(name, FieldPath("name")).ok()) << name;
  }
}

TEST(FieldPathTest, ShortenedTextEndsWithAWholeCharacter) {
  EXPECT_EQ(Shorten("中国", 4), "中…");
  EXPECT_EQ(Shorten("a\nb", 10), "a?b");
}

// ---- errors -----------------------------------------------------------------

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status wire;
  EXPECT_TRUE(wire.ParseFromString(status.error_details()));
  return wire;
}

TEST(StatusTest, SendsReasonAndField) {
  const grpc::Status status =
      ToGrpc(Invalid(FieldPath("depth"), "99", "1 to 16"));

  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const google::rpc::Status wire = Details(status);
  ASSERT_EQ(wire.details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(wire.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "FIELD_INVALID");
  EXPECT_EQ(info.domain(), "guanxi");
  EXPECT_EQ(info.metadata().at("value"), "99");
  google::rpc::BadRequest bad;
  ASSERT_TRUE(wire.details(1).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations(0).field(), "depth");
}

TEST(StatusTest, HidesInternalMessages) {
  const grpc::Status status = ToGrpc(absl::InternalError("page 7 of /data"));

  EXPECT_EQ(status.error_message(), "internal error");
}

TEST(StatusTest, DetailsOfLongTextsFitAHeader) {
  const std::string text(20'000, 'x');
  const grpc::Status status =
      ToGrpc(MakeError(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                       text, {{"field", text}, {"value", text}}));

  EXPECT_LT(status.error_message().size() + status.error_details().size(),
            6'000U);
}

// ---- page tokens ------------------------------------------------------------

TEST(PageTokenTest, ComesBackForItsRequestAlone) {
  const std::string token =
      EncodePageToken({.position = 7, .revision = 3}, "List:Company");

  ASSERT_OK_AND_ASSIGN(const auto back, DecodePageToken(token, "List:Company"));
  EXPECT_EQ(back->position, 7U);
  EXPECT_EQ(back->revision, 3U);
  EXPECT_FALSE(DecodePageToken(token, "List:Person").ok());
  EXPECT_FALSE(DecodePageToken(token + "x", "List:Company").ok());
  EXPECT_FALSE(DecodePageToken("!", "List:Company").ok());
}

// ---- log --------------------------------------------------------------------

TEST(LogTest, ValuesCannotForgeLines) {
  std::vector<std::string> lines;
  Log log(FixedClock(0),
          [&](absl::string_view line) { lines.emplace_back(line); });

  log.Write("Get", {{"entity", "a\nforged line"}, {"empty", ""}, {"n", "1"}});

  EXPECT_THAT(lines,
              ElementsAre("1970-01-01T00:00:00Z Get "
                          "entity=\"a\\nforged line\" empty=\"\" n=1\n"));
}

// ---- addresses --------------------------------------------------------------

TEST(AddressTest, TellsWhatOthersReach) {
  for (const char* text : {"127.0.0.1:0", "localhost:7410", "[::1]:1"}) {
    ASSERT_OK_AND_ASSIGN(const Address address, ParseAddress(text));
    EXPECT_TRUE(address.IsLoopback()) << text;
  }
  for (const char* text : {"0.0.0.0:1", "[::]:1", "127.evil.example:1"}) {
    ASSERT_OK_AND_ASSIGN(const Address address, ParseAddress(text));
    EXPECT_FALSE(address.IsLoopback()) << text;
  }
  for (const char* text : {"", "127.0.0.1", ":1", "::1:1", "a:b", "a:99999"}) {
    EXPECT_FALSE(ParseAddress(text).ok()) << text;
  }
}

TEST(AddressTest, ClientAsksWhereServersListen) {
  EXPECT_STREQ(client::kDefaultAddress, server::kDefaultAddress);
}

// ---- settings ---------------------------------------------------------------

TEST(SettingsTest, DefaultsLieWithinTheirLimits) {
  const Settings settings;
  for (const SettingRow& row : AllSettings()) {
    EXPECT_LE(row.least, settings.*row.value) << row.name;
    EXPECT_LE(settings.*row.value, row.greatest) << row.name;
  }
}

}  // namespace
}  // namespace guanxi::server
