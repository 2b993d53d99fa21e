#include <chrono>
#include <string>

#include "absl/status/status.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/base/budget.h"
#include "graph/base/clock.h"
#include "graph/base/error.h"

namespace guanxi {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(ErrorTest, CarriesItsReasonAndMetadata) {
  const absl::Status status =
      MakeError(absl::StatusCode::kNotFound, "CLAIM_NOT_FOUND",
                "there is no claim 'x'", {{"claim", "x"}});

  const auto info = GetErrorInfo(status);

  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "CLAIM_NOT_FOUND");
  EXPECT_THAT(info->metadata, UnorderedElementsAre(Pair("claim", "x")));
}

TEST(ErrorTest, ContextIsPutBeforeTheMessageAndBesideTheMetadata) {
  const absl::Status status = AddContext(
      MakeError(absl::StatusCode::kNotFound, "R", "nothing", {{"a", "1"}}),
      "seed.kg:3:1: ", {{"line", "3"}});

  EXPECT_EQ(status.message(), "seed.kg:3:1: nothing");
  EXPECT_THAT(GetErrorInfo(status)->metadata,
              UnorderedElementsAre(Pair("a", "1"), Pair("line", "3")));
}

TEST(ErrorTest, ANulInWhatAUserSentDoesNoHarm) {
  const std::string sent("a\0b", 3);

  const auto info = GetErrorInfo(MakeError(absl::StatusCode::kInvalidArgument,
                                           "R", "bad", {{"value", sent}}));

  ASSERT_TRUE(info.has_value());
  EXPECT_THAT(info->metadata, UnorderedElementsAre(Pair("value", "a?b")));
}

TEST(ErrorTest, OtherStatusHasNoInfo) {
  EXPECT_FALSE(GetErrorInfo(absl::InternalError("x")).has_value());
  EXPECT_FALSE(GetErrorInfo(absl::OkStatus()).has_value());
}

TEST(ClockTest, FixedClockStandsStill) {
  const Clock clock = FixedClock(42);
  EXPECT_EQ(clock(), 42);
  EXPECT_EQ(clock(), 42);
}

TEST(MeterTest, SaysNoFromTheFirstLimitOn) {
  Meter meter({.max_entities = 2});

  EXPECT_TRUE(meter.CountEntity());
  EXPECT_TRUE(meter.CountEntity());
  EXPECT_FALSE(meter.CountEntity());
  EXPECT_EQ(meter.stop(), Stop::kEntities);
  EXPECT_FALSE(meter.CountRelationship());
  EXPECT_EQ(meter.stop(), Stop::kEntities);
}

TEST(MeterTest, CountsBytes) {
  Meter meter({.max_bytes = 100});

  EXPECT_TRUE(meter.CountBytes(100));
  EXPECT_FALSE(meter.CountBytes(1));
  EXPECT_EQ(meter.stop(), Stop::kBytes);
}

TEST(MeterTest, GrantedUseStandsBesideTheBudget) {
  Meter meter({.max_results = 1}, {.results = 2});

  EXPECT_TRUE(meter.CountResult());
  EXPECT_TRUE(meter.CountResult());
  EXPECT_TRUE(meter.CountResult());
  EXPECT_FALSE(meter.CountResult());
  EXPECT_EQ(meter.used(), (Usage{.results = 3}));
}

int StepsUntilStop(const Budget& budget) {
  Meter meter(budget);
  int steps = 0;
  while (meter.CountRelationship()) ++steps;
  return steps;
}

TEST(MeterTest, LooksAtCancellationWithinABoundedCountOfSteps) {
  Budget budget;
  budget.cancelled = [] { return true; };
  EXPECT_LT(StepsUntilStop(budget), Meter::kStepsBetweenLooks);
}

TEST(MeterTest, LooksAtTheDeadlineWithinABoundedCountOfSteps) {
  Budget budget;
  budget.deadline = std::chrono::steady_clock::time_point::min();
  EXPECT_LT(StepsUntilStop(budget), Meter::kStepsBetweenLooks);
}

}  // namespace
}  // namespace guanxi
