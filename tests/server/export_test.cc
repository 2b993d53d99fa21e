// FactService.Export over a real channel, and imports of what it writes.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/client.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::TestServer;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Exported {
  std::string text;
  absl::StatusOr<v1::ExportResponse> rest;
};

Exported Export(const TestServer& server, const v1::ExportRequest& request) {
  Exported exported{.rest = absl::UnknownError("")};
  exported.rest = server.Client().Export(request, [&](const std::string& data) {
    exported.text += data;
    return absl::OkStatus();
  });
  return exported;
}

class ExportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EXPECT_OK(server_
                  .CommitText("source s {}\nsource t {}\n(a)\n(b) from s\n(c)\n"
                              "(d) from t\n(a)-[:KNOWS]->(b)\n"
                              "(b)-[:KNOWS]->(c)\n(c)-[:KNOWS]->(d)\n")
                  .status());
  }

  TestServer server_;
};

TEST_F(ExportTest, WholeGraphComesWithItsMoment) {
  const Exported exported = Export(server_, {});

  ASSERT_OK(exported.rest.status());
  EXPECT_THAT(exported.text, StartsWith("kg 1\nsource s {}\n"));
  EXPECT_EQ(exported.rest->statements(), 9);
  EXPECT_EQ(exported.rest->moment().revision(), 1U);
  EXPECT_EQ(exported.rest->moment().valid_at(), "2025-09-30");
  EXPECT_EQ(exported.rest->completeness().outcome(), v1::OUTCOME_COMPLETE);
}

TEST_F(ExportTest, DepthSaysHowMuchLiesAround) {
  v1::ExportRequest request;
  request.add_entities("a");
  EXPECT_EQ(Export(server_, request).text, "kg 1\n(a)\n");

  request.set_depth(1);
  EXPECT_EQ(Export(server_, request).text,
            "kg 1\nsource s {}\n(a)\n(b) from s\n(a)-[:KNOWS]->(b)\n");

  request.set_depth(2);
  EXPECT_THAT(Export(server_, request).text, HasSubstr("(b)-[:KNOWS]->(c)\n"));
  EXPECT_THAT(Export(server_, request).text, Not(HasSubstr("(d)")));
}

TEST_F(ExportTest, AWalkThatALimitEndsIsSaidToBeCut) {
  v1::ExportRequest request;
  request.add_entities("a");
  request.set_depth(3);
  request.mutable_budget()->set_max_results(1);

  const Exported exported = Export(server_, request);

  ASSERT_OK(exported.rest.status());
  EXPECT_EQ(exported.rest->completeness().outcome(), v1::OUTCOME_TRUNCATED);
}

TEST_F(ExportTest, LongValuesComeInPieces) {
  const std::string text(300'000, 'x');
  EXPECT_OK(
      server_.CommitText("(a).remark = \"" + text + "\" from s\n").status());

  const Exported exported = Export(server_, {});

  ASSERT_OK(exported.rest.status());
  EXPECT_THAT(exported.text, HasSubstr(text));
}

TEST_F(ExportTest, RequestsThatCannotWorkAreRefused) {
  v1::ExportRequest no_start;
  no_start.set_depth(1);
  EXPECT_EQ(test::ReasonOf(Export(server_, no_start).rest.status()),
            "FIELD_INVALID");

  v1::ExportRequest too_deep;
  too_deep.add_entities("a");
  too_deep.set_depth(17);
  EXPECT_EQ(test::ReasonOf(Export(server_, too_deep).rest.status()),
            "FIELD_INVALID");

  v1::ExportRequest unknown;
  unknown.add_entities("nobody");
  EXPECT_EQ(test::ReasonOf(Export(server_, unknown).rest.status()),
            "ENTITY_NOT_FOUND");

  v1::ExportRequest early;
  early.mutable_options()->set_min_revision(99);
  EXPECT_EQ(test::ReasonOf(Export(server_, early).rest.status()),
            "REVISION_NOT_YET");

  v1::ExportRequest no_format;
  no_format.set_format(static_cast<v1::FileFormat>(7));
  EXPECT_EQ(test::ReasonOf(Export(server_, no_format).rest.status()),
            "FIELD_INVALID");
}

TEST_F(ExportTest, AClientThatHasEnoughEndsIt) {
  const auto rest = server_.Client().Export({}, [](const std::string&) {
    return absl::ResourceExhaustedError("the disk is full");
  });

  EXPECT_EQ(rest.status().message(), "the disk is full");
}

}  // namespace
}  // namespace guanxi::server
