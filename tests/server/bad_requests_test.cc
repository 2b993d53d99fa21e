// Malformed requests, as data: each must get its error, and nothing of it may
// be stored.

#include <fstream>
#include <functional>
#include <map>
#include <string>

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

#include "client/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "guanxi/v1/errors.pb.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::TestServer;
using nlohmann::json;

using Caller = std::function<absl::Status(const std::string& request)>;

// Makes a call of a request in JSON.
template <typename Request, typename Response>
Caller CallerOf(
    client::Client& client,
    absl::StatusOr<Response> (client::Client::*method)(const Request&)) {
  return [&client, method](const std::string& text) {
    Request request;
    const auto parsed =
        google::protobuf::util::JsonStringToMessage(text, &request);
    EXPECT_TRUE(parsed.ok()) << parsed.ToString() << "\n" << text;
    return (client.*method)(request).status();
  };
}

std::map<std::string, Caller> Callers(client::Client& client) {
  return {
      {"Get", CallerOf(client, &client::Client::Get)},
      {"BatchGet", CallerOf(client, &client::Client::BatchGet)},
      {"List", CallerOf(client, &client::Client::List)},
      {"Neighbourhood", CallerOf(client, &client::Client::Neighbourhood)},
      {"Reach", CallerOf(client, &client::Client::Reach)},
      {"Connect", CallerOf(client, &client::Client::Connect)},
      {"CommonNeighbours", CallerOf(client, &client::Client::CommonNeighbours)},
      {"FindComponents", CallerOf(client, &client::Client::FindComponents)},
      {"FindPaths", CallerOf(client, &client::Client::FindPaths)},
      {"FindCycles", CallerOf(client, &client::Client::FindCycles)},
      {"Find", CallerOf(client, &client::Client::Find)},
      {"GetSchema", CallerOf(client, &client::Client::GetSchema)},
      {"GetStatistics", CallerOf(client, &client::Client::GetStatistics)},
      {"ListClaims", CallerOf(client, &client::Client::ListClaims)},
      {"History", CallerOf(client, &client::Client::History)},
      {"Diff", CallerOf(client, &client::Client::Diff)},
      {"Commit", CallerOf(client, &client::Client::Commit)},
  };
}

json ReadCases() {
  std::ifstream file(GUANXI_SOURCE_DIR "/tests/server/bad_requests.json");
  return json::parse(file);
}

// What the metadata and the BadRequest say of the field; they must agree.
std::string FieldOf(const absl::Status& status) {
  const auto payload =
      status.GetPayload("type.googleapis.com/google.rpc.Status");
  google::rpc::Status wire;
  if (!payload.has_value() || !wire.ParseFromString(std::string(*payload))) {
    return "(no details)";
  }
  std::string field;
  for (const auto& detail : wire.details()) {
    google::rpc::BadRequest bad;
    if (detail.UnpackTo(&bad)) field = bad.field_violations(0).field();
  }
  const auto info = client::InfoOf(status);
  const auto entry = info->metadata.find("field");
  EXPECT_EQ(entry == info->metadata.end() ? "" : entry->second, field);
  return field;
}

TEST(BadRequestsTest, EachGetsItsErrorAndStoresNothing) {
  TestServer server;
  ASSERT_OK(server.CommitText(
      "(a :Company {name: \"A\"})\n(b :Company {name: \"B\"})\n"));
  client::Client client = server.Client();
  std::map<std::string, Caller> callers = Callers(client);

  const json cases = ReadCases();
  for (const json& bad : cases) {
    SCOPED_TRACE(bad.dump());
    const absl::Status status = callers[bad["call"]](bad["request"].dump());
    const auto info = client::InfoOf(status);

    EXPECT_EQ(absl::StatusCodeToString(status.code()), bad["code"]) << status;
    ASSERT_TRUE(info.has_value()) << status;
    EXPECT_EQ(info->reason, bad["reason"]) << status;
    EXPECT_EQ(FieldOf(status), bad["field"]) << status;
    v1::ErrorReason reason;
    EXPECT_TRUE(v1::ErrorReason_Parse(info->reason, &reason))
        << info->reason << " is not in errors.proto";
  }
  EXPECT_GE(cases.size(), 60U);

  v1::GetRequest request;
  request.set_entity("a");
  ASSERT_OK_AND_ASSIGN(const auto response, client.Get(request));
  EXPECT_EQ(response.moment().revision(), 1U);
}

}  // namespace
}  // namespace guanxi::server
