// A server in this process, asked over a real channel.

#include "server/server.h"

#include <chrono>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/client_context.h>
#include <grpcpp/health_check_service_interface.h>

#include "client/status.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::StatusIs;
using ::guanxi::test::TestServer;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Status = absl::Status;

v1::GetRequest GetOf(const std::string& entity) {
  v1::GetRequest request;
  request.set_entity(entity);
  return request;
}

const v1::Property* FindProperty(const v1::Entity& entity,
                                 const std::string& name) {
  for (const v1::Property& property : entity.properties()) {
    if (property.key().name() == name) return &property;
  }
  return nullptr;
}

// A server that holds the seed graphs.
class SeededTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(server_.LoadSeeds()); }

  TestServer server_;
  client::Client client_ = server_.Client();
};

// ---- reads ------------------------------------------------------------------

TEST_F(SeededTest, GetFindsByKeyAndByUniqueNameInAnyCase) {
  for (const char* name :
       {"cas", "Chinese Academy of Sciences", "chinese academy of SCIENCES"}) {
    ASSERT_OK_AND_ASSIGN(const auto response, client_.Get(GetOf(name)));
    EXPECT_EQ(response.entity().key(), "cas") << name;
    EXPECT_EQ(response.entity().name(), "Chinese Academy of Sciences");
    EXPECT_TRUE(response.entity().in_view());
  }
}

TEST_F(SeededTest, GetTellsTheMomentAndTheAncestorsOfLabels) {
  ASSERT_OK_AND_ASSIGN(const auto response, client_.Get(GetOf("cas")));

  EXPECT_EQ(response.moment().revision(), 1U);
  EXPECT_EQ(response.moment().valid_at(), "2025-09-30");
  EXPECT_THAT(response.entity().labels(),
              ElementsAre("Entity", "LegalEntity", "Organization",
                          "ResearchInstitution"));
}

TEST_F(SeededTest, GetBringsTheClaimsAskedFor) {
  v1::GetRequest request = GetOf("cambricon");
  request.set_property("founded");
  for (const auto& [evidence, claims] : {std::pair{v1::EVIDENCE_UNSPECIFIED, 0},
                                         {v1::EVIDENCE_SHOWN, 1},
                                         {v1::EVIDENCE_ALL, 2}}) {
    request.set_evidence(evidence);
    ASSERT_OK_AND_ASSIGN(const auto response, client_.Get(request));
    const v1::Property* founded = FindProperty(response.entity(), "founded");
    ASSERT_NE(founded, nullptr);
    EXPECT_EQ(founded->value().date_value().literal(), "2016");
    EXPECT_EQ(founded->showing().claims_size(), claims);
  }
}

TEST_F(SeededTest, UnknownEntityIsNotFound) {
  const auto response = client_.Get(GetOf("cambricom"));

  EXPECT_THAT(response,
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'cambricom'")));
  EXPECT_EQ(test::ReasonOf(response.status()), "ENTITY_NOT_FOUND");
}

TEST_F(SeededTest, AmbiguousNameListsItsCandidates) {
  ASSERT_OK(
      server_.CommitText("(one :Company {name: \"Twin\"})\n"
                         "(two :Company {name: \"twin\"})\n"));

  const auto response = client_.Get(GetOf("Twin"));

  EXPECT_EQ(response.status().code(), absl::StatusCode::kFailedPrecondition);
  const auto info = client::InfoOf(response.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "ENTITY_AMBIGUOUS");
  EXPECT_EQ(info->metadata.at("candidates"), "[\"one\", \"two\"]");
}

TEST_F(SeededTest, EntityThatHoldsNothingOnTheDayIsNotInView) {
  ASSERT_OK(server_.CommitText("(late :Company) during 2030/..\n"));

  ASSERT_OK_AND_ASSIGN(const auto response, client_.Get(GetOf("late")));

  EXPECT_FALSE(response.entity().in_view());
  EXPECT_THAT(response.entity().labels(), IsEmpty());
}

TEST_F(SeededTest, BatchGetAnswersEachInOrder) {
  v1::BatchGetRequest request;
  for (const char* name : {"cas", "nobody", "Huawei"}) {
    request.add_entities(name);
  }

  ASSERT_OK_AND_ASSIGN(const auto response, client_.BatchGet(request));

  ASSERT_EQ(response.results_size(), 3);
  EXPECT_EQ(response.results(0).entity().key(), "cas");
  EXPECT_EQ(response.results(1).unresolved().reason(), v1::ENTITY_NOT_FOUND);
  EXPECT_EQ(response.results(2).entity().key(), "huawei");
}

TEST_F(SeededTest, MinRevisionIsMetOrRefused) {
  v1::GetRequest request = GetOf("cas");
  request.mutable_options()->set_min_revision(1);
  EXPECT_OK(client_.Get(request));
  request.mutable_options()->set_min_revision(2);

  const auto response = client_.Get(request);

  EXPECT_EQ(response.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(test::ReasonOf(response.status()), "REVISION_NOT_YET");
}

// All keys of a list, page by page.
std::vector<std::string> ListAll(client::Client& client,
                                 v1::ListRequest request) {
  std::vector<std::string> keys;
  do {
    const auto page = client.List(request);
    if (!page.ok()) {
      ADD_FAILURE() << page.status();
      return keys;
    }
    for (const auto& entity : page->entities()) keys.push_back(entity.key());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return keys;
}

TEST_F(SeededTest, ListHasTheSameEntitiesWhateverThePageSize) {
  v1::ListRequest request;
  request.set_label("Company");
  const std::vector<std::string> whole = ListAll(client_, request);
  ASSERT_THAT(whole, AllOf(Contains("cambricon"), Contains("tsmc"),
                           Not(Contains("cas"))));

  for (const int page_size : {1, 2, 3, 7}) {
    request.set_page_size(page_size);
    EXPECT_EQ(ListAll(client_, request), whole) << page_size;
  }
}

TEST_F(SeededTest, ListRefusesTheTokenOfAnotherList) {
  v1::ListRequest request;
  request.set_label("Company");
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto page, client_.List(request));
  request.set_label("Person");
  request.set_page_token(page.next_page_token());

  EXPECT_EQ(test::ReasonOf(client_.List(request).status()),
            "PAGE_TOKEN_INVALID");
}

TEST_F(SeededTest, ListGoesOnAfterACommitBetweenPages) {
  v1::ListRequest request;
  request.set_label("Company");
  const std::vector<std::string> before = ListAll(client_, request);
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto page, client_.List(request));
  ASSERT_OK(server_.CommitText("(newcomer :Company)\n"));
  request.set_page_token(page.next_page_token());

  std::vector<std::string> rest = ListAll(client_, request);

  EXPECT_THAT(rest, AllOf(SizeIs(before.size() - 1), Contains("newcomer")));
}

TEST_F(SeededTest, NeighbourhoodOfCambriconIsComplete) {
  v1::NeighbourhoodRequest request;
  request.set_entity("cambricon");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.Neighbourhood(request));

  EXPECT_EQ(response.completeness().outcome(), v1::OUTCOME_COMPLETE);
  ASSERT_GT(response.entities_size(), 10);
  EXPECT_EQ(response.entities(0).entity().key(), "cambricon");
  std::set<std::string> keys;
  for (const auto& neighbour : response.entities()) {
    EXPECT_TRUE(keys.insert(neighbour.entity().key()).second);
    EXPECT_EQ(neighbour.parent(), neighbour.depth() == 0 ? "" : "cambricon");
  }
  for (const auto& relationship : response.relationships()) {
    EXPECT_TRUE(keys.contains(relationship.key().subject()));
    EXPECT_TRUE(keys.contains(relationship.key().object()));
  }
  EXPECT_GT(response.completeness().left_out().denied(), 0);
}

TEST_F(SeededTest, NeighbourhoodListsDenialsOnRequest) {
  v1::NeighbourhoodRequest request;
  request.set_entity("cambricon");
  request.set_include_denied(true);
  ASSERT_OK_AND_ASSIGN(const auto response, client_.Neighbourhood(request));

  ASSERT_EQ(response.denied_size(), 1);
  EXPECT_EQ(response.denied(0).key().subject(), "tsmc");
  EXPECT_TRUE(response.denied(0).denied());
}

TEST_F(SeededTest, ReachedLimitIsToldNotHidden) {
  v1::NeighbourhoodRequest request;
  request.set_entity("cambricon");
  request.mutable_traversal()->mutable_budget()->set_max_results(2);
  ASSERT_OK_AND_ASSIGN(const auto response, client_.Neighbourhood(request));

  EXPECT_EQ(response.relationships_size(), 2);
  EXPECT_EQ(response.completeness().outcome(), v1::OUTCOME_TRUNCATED);
  EXPECT_EQ(response.completeness().reason(), v1::STOP_REASON_MAX_RESULTS);
}

TEST_F(SeededTest, OnlyTheLastMessageOfAStreamTellsCompleteness) {
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    absl::StrAppend(&text, "(hub)-[:SUPPLIES]->(customer-", i,
                    ") from x:1 note \"", std::string(100, 'n'),
                    "\"\n(customer-", i, ")\n");
  }
  ASSERT_OK(server_.CommitText("source x {kind: blog}\n(hub)\n" + text));
  v1::NeighbourhoodRequest request;
  request.set_entity("hub");
  request.set_evidence(v1::EVIDENCE_ALL);
  const auto stub = v1::GraphService::NewStub(server_.Channel());
  grpc::ClientContext context;
  const auto reader = stub->Neighbourhood(&context, request);

  std::vector<v1::NeighbourhoodResponse> messages(1);
  while (reader->Read(&messages.back())) messages.emplace_back();
  messages.pop_back();

  ASSERT_TRUE(reader->Finish().ok());
  ASSERT_GT(messages.size(), 3U);
  int relationships = 0;
  for (size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(messages[i].has_moment(), i == 0);
    EXPECT_EQ(messages[i].has_completeness(), i + 1 == messages.size());
    relationships += messages[i].relationships_size();
  }
  EXPECT_EQ(relationships, 2000);
}

TEST_F(SeededTest, PathFromTheAcademyToCambricon) {
  v1::FindPathsRequest request;
  request.set_from_entity("Chinese Academy of Sciences");
  request.set_to_entity("cambricon");
  request.set_evidence(v1::EVIDENCE_SHOWN);
  ASSERT_OK_AND_ASSIGN(const auto response, client_.FindPaths(request));

  EXPECT_EQ(response.completeness().outcome(), v1::OUTCOME_COMPLETE);
  ASSERT_EQ(response.paths_size(), 1);
  ASSERT_EQ(response.paths(0).relationships_size(), 1);
  const v1::Relationship& step = response.paths(0).relationships(0);
  EXPECT_EQ(step.key().type(), "OWNS_SHARES_IN");
  EXPECT_EQ(step.properties(0).value().quantity_value().literal(), "16%");
  EXPECT_EQ(step.showing().claims(0).citation().source(), "a004");
  EXPECT_EQ(step.showing().claims(0).citation().first_line(), 8U);
}

TEST_F(SeededTest, NoPathIsProven) {
  v1::FindPathsRequest request;
  request.set_from_entity("deepseek");
  request.set_to_entity("cambricon");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.FindPaths(request));

  EXPECT_THAT(response.paths(), IsEmpty());
  EXPECT_EQ(response.completeness().outcome(), v1::OUTCOME_PROVEN_NONE);
}

TEST_F(SeededTest, ClaimsOfRevenueTellWhyOneIsPreferred) {
  v1::ListClaimsRequest request;
  request.set_entity("cambricon");
  request.set_name("revenue");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.ListClaims(request));

  const auto& facts = response.facts();
  const auto half_year =
      std::find_if(facts.begin(), facts.end(), [](const v1::Fact& fact) {
        return fact.key().time() == "2025-H1" && fact.key().unit() == "CNY";
      });
  ASSERT_NE(half_year, facts.end());
  EXPECT_TRUE(half_year->showing().conflict());
  ASSERT_EQ(half_year->claims_size(), 3);
  EXPECT_EQ(half_year->claims(0).verdict(), v1::VERDICT_SHOWN);
  EXPECT_EQ(half_year->claims(0).value().quantity_value().literal(),
            "2.881e9 CNY");
  for (const v1::Claim& claim : half_year->claims()) {
    if (claim.citation().source() != "a000") continue;
    EXPECT_EQ(claim.verdict(), v1::VERDICT_LOST);
    EXPECT_EQ(claim.loss_rule(), v1::LOSS_RULE_TIER);
  }
}

TEST_F(SeededTest, ClaimsBringTheirSourcesAndThoseBehindThem) {
  v1::ListClaimsRequest request;
  request.set_entity("cambricon");
  request.set_name("revenue");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.ListClaims(request));

  std::set<std::string> ids;
  for (const auto& source : response.sources()) ids.insert(source.id());
  EXPECT_THAT(ids,
              AllOf(Contains("usmart"), Contains("a000"),
                    Contains("cambricon-h1-2025"), Contains("trendforce")));
}

TEST_F(SeededTest, ClaimsOfRelationshipsByTypeAndByOtherEnd) {
  v1::ListClaimsRequest request;
  request.set_entity("cambricon");
  request.set_name("OWNS_SHARES_IN");
  ASSERT_OK_AND_ASSIGN(const auto by_type, client_.ListClaims(request));
  request.clear_name();
  request.set_other("Chinese Academy of Sciences");
  ASSERT_OK_AND_ASSIGN(const auto by_other, client_.ListClaims(request));

  std::set<std::string> subjects;
  for (const auto& fact : by_type.facts()) {
    subjects.insert(fact.relationship().subject());
  }
  EXPECT_THAT(subjects, ElementsAre("cas", "chen-tianshi", "zhongke-suanyuan"));
  ASSERT_GT(by_other.facts_size(), 1);  // it exists, and its percentage
  for (const auto& fact : by_other.facts()) {
    EXPECT_EQ(fact.relationship().subject(), "cas");
  }
}

TEST_F(SeededTest, ClaimsHaveTheSameFactsWhateverThePageSize) {
  v1::ListClaimsRequest request;
  request.set_entity("cambricon");
  ASSERT_OK_AND_ASSIGN(const auto whole, client_.ListClaims(request));
  ASSERT_GT(whole.facts_size(), 10);
  request.set_page_size(4);
  int facts = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, client_.ListClaims(request));
    for (const v1::Fact& fact : page.facts()) {
      EXPECT_EQ(fact.SerializeAsString().size(),
                whole.facts(facts++).SerializeAsString().size());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(facts, whole.facts_size());
}

TEST_F(SeededTest, ClaimsRefuseToPageAcrossACommit) {
  v1::ListClaimsRequest request;
  request.set_entity("cambricon");
  request.set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto page, client_.ListClaims(request));
  ASSERT_OK(server_.CommitText("(newcomer :Company)\n"));
  request.set_page_token(page.next_page_token());

  const auto response = client_.ListClaims(request);

  EXPECT_EQ(response.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(test::ReasonOf(response.status()), "PAGE_TOKEN_STALE");
}

// ---- writes -----------------------------------------------------------------

TEST(CommitTest, OperationsOfEachKindAreApplied) {
  TestServer server;
  client::Client client = server.Client();
  v1::CommitRequest request;
  auto* source = request.add_operations()->mutable_source();
  source->set_id("register");
  (*source->mutable_description())["reliability"].set_string_value("primary");
  auto* entity = request.add_operations()->mutable_entity();
  entity->set_key("arbor");
  entity->add_labels("Company");
  auto& name = *(*entity->mutable_properties())["name"].mutable_text_value();
  name.set_text("Arbor Ltd");
  name.set_language("en");
  request.add_operations()->mutable_entity()->set_key("mara");
  auto* property = request.add_operations()->mutable_property();
  property->set_key("arbor");
  property->set_property("revenue");
  property->mutable_value()->mutable_quantity_value()->set_literal("4e6 EUR");
  property->mutable_tail()->mutable_valid()->set_during("2024");
  auto* citation = property->mutable_tail()->add_citations();
  citation->set_source("register");
  citation->set_first_line(12);
  auto* relationship = request.add_operations()->mutable_relationship();
  relationship->set_subject("mara");
  relationship->set_type("OWNS_SHARES_IN");
  relationship->set_object("arbor");
  (*relationship->mutable_properties())["percent"]
      .mutable_quantity_value()
      ->set_literal("60%");
  auto* judgement = request.add_operations()->mutable_judgement();
  judgement->set_judgement(v1::JUDGEMENT_DIFFERENT);
  judgement->set_first("arbor");
  judgement->set_second("mara");

  ASSERT_OK_AND_ASSIGN(const auto response, client.Commit(request));

  EXPECT_TRUE(response.summary().changed());
  EXPECT_EQ(response.summary().revision(), 1U);
  ASSERT_EQ(response.stated_size(), request.operations_size());
  EXPECT_EQ(response.stated(3).claim_ids_size(), 1);
  ASSERT_OK_AND_ASSIGN(const auto arbor, client.Get(GetOf("Arbor Ltd")));
  const v1::Property* revenue = FindProperty(arbor.entity(), "revenue");
  ASSERT_NE(revenue, nullptr);
  EXPECT_EQ(revenue->key().time(), "2024");
  EXPECT_EQ(revenue->key().unit(), "EUR");
}

TEST(CommitTest, DeclarationsAreInForceAtOnce) {
  TestServer server;
  client::Client client = server.Client();
  v1::CommitRequest request;
  request.add_operations()->mutable_declare_label()->set_name("Bank");
  request.mutable_operations(0)->mutable_declare_label()->add_parents(
      "Company");
  auto* grade = request.add_operations()->mutable_declare_property();
  grade->set_name("grade");
  grade->mutable_type()->set_base(v1::BASE_TYPE_ENUM);
  grade->mutable_type()->add_choices("good");
  auto* insures = request.add_operations()->mutable_declare_relationship();
  insures->set_name("INSURES");
  insures->set_from_label("Bank");
  insures->set_to_label("Company");
  auto* entity = request.add_operations()->mutable_entity();
  entity->set_key("b");
  entity->add_labels("Bank");
  (*entity->mutable_properties())["grade"].set_string_value("good");

  ASSERT_OK_AND_ASSIGN(const auto response, client.Commit(request));

  EXPECT_EQ(response.summary().notice_count(), 0);
  ASSERT_OK_AND_ASSIGN(const auto bank, client.Get(GetOf("b")));
  EXPECT_THAT(bank.entity().labels(), Contains("Organization"));
}

TEST_F(SeededTest, DeletedRelationshipIsGone) {
  v1::CommitRequest request;
  auto& key = *request.add_operations()
                   ->mutable_delete_relationship()
                   ->mutable_relationship();
  key.set_subject("cas");
  key.set_type("OWNS_SHARES_IN");
  key.set_object("cambricon");
  (*key.mutable_keys())["level"].set_string_value("unknown");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.Commit(request));

  EXPECT_GT(response.summary().claims_retracted(), 0);
  v1::ListClaimsRequest claims;
  claims.set_entity("cas");
  claims.set_other("cambricon");
  ASSERT_OK_AND_ASSIGN(const auto left, client_.ListClaims(claims));
  EXPECT_THAT(left.facts(), IsEmpty());
}

TEST_F(SeededTest, DeletedEntityIsNotInView) {
  v1::CommitRequest request;
  request.add_operations()->mutable_delete_entity()->set_key("huawei");
  ASSERT_OK(client_.Commit(request));

  const auto response = client_.Get(GetOf("huawei"));

  EXPECT_TRUE(!response.ok() || !response->entity().in_view());
}

TEST(CommitTest, RefusedCommitStoresNothing) {
  TestServer server;
  client::Client client = server.Client();
  v1::CommitRequest request;
  request.add_operations()->mutable_entity()->set_key("a");
  auto* property = request.add_operations()->mutable_property();
  property->set_key("a");
  property->set_property("founded");
  property->mutable_value()->set_string_value("long ago");

  const auto response = client.Commit(request);

  EXPECT_EQ(response.status().code(), absl::StatusCode::kInvalidArgument);
  const auto info = client::InfoOf(response.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "VALUE_TYPE");
  EXPECT_EQ(info->metadata.at("field"), "operations[1].property.value");
  EXPECT_EQ(test::ReasonOf(client.Get(GetOf("a")).status()),
            "ENTITY_NOT_FOUND");
}

TEST(CommitTest, TextIsRefusedWithLineAndColumn) {
  TestServer server;

  const auto response = server.CommitText("(a)\n(b) form x\n");

  const auto info = client::InfoOf(response.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "SYNTAX");
  EXPECT_EQ(info->metadata.at("line"), "3");
  EXPECT_EQ(info->metadata.at("column"), "5");
  EXPECT_EQ(info->metadata.at("field"), "kg");
}

TEST(CommitTest, AWriteIsSeenByAReadThatAsksForItsRevision) {
  TestServer server;
  ASSERT_OK_AND_ASSIGN(const auto written, server.CommitText("(a)\n"));
  v1::GetRequest request = GetOf("a");
  request.mutable_options()->set_min_revision(written.summary().revision());

  EXPECT_OK(server.Client().Get(request));
}

// ---- import -----------------------------------------------------------------

TEST_F(SeededTest, SecondImportChangesNothingAndSaysSo) {
  const std::string folder = GUANXI_SOURCE_DIR "/seed/";
  ASSERT_OK_AND_ASSIGN(
      const auto report,
      client_.Import({folder + "cambricon.kg", folder + "context.kg"}, {},
                     [](const v1::ImportProgress&) {}));

  EXPECT_FALSE(report.summary().changed());
  EXPECT_EQ(report.summary().revision(), 1U);
  EXPECT_EQ(report.summary().claims_added(), 0);
  EXPECT_GT(report.summary().claims_unchanged(), 100);
}

// ---- limits -----------------------------------------------------------------

// A call that was answered is over, even where its client alone is let in.
TEST(LimitTest, OneCallAfterTheOtherIsNeverTooMany) {
  TestServer server(Settings{.max_calls = 1, .max_client_calls = 1});
  client::Client client = server.Client();

  for (int i = 0; i < 300; ++i) ASSERT_OK(client.GetStatistics({}));
}

// What is said to a call while the server works on an import of this client.
absl::Status AskBesideAnImport(const TestServer& server) {
  const auto stub = v1::FactService::NewStub(server.Channel());
  grpc::ClientContext context;
  const auto import = stub->Import(&context);
  v1::ImportRequest chunk;
  chunk.mutable_chunk()->set_file("a.kg");
  chunk.mutable_chunk()->set_data(std::string(2 << 20, '#'));
  import->Write(chunk);
  v1::ImportResponse progress;
  EXPECT_TRUE(import->Read(&progress));  // the call is being worked on
  absl::Status said = server.Client().Get(GetOf("a")).status();
  context.TryCancel();
  import->Finish();
  return said;
}

TEST(LimitTest, CallsBeyondTheLimitAreRefused) {
  const TestServer server(Settings{.max_calls = 1});

  const absl::Status refused = AskBesideAnImport(server);

  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(test::ReasonOf(refused), "TOO_MANY_CALLS");
}

TEST(LimitTest, CallsOfOneClientBeyondItsLimitAreRefused) {
  const TestServer server(Settings{.max_client_calls = 1});

  const absl::Status refused = AskBesideAnImport(server);

  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(test::ReasonOf(refused), "TOO_MANY_CALLS_OF_CLIENT");
}

TEST(LimitTest, AClientThatSendsNothingIsCancelled) {
  TestServer server(Settings{.max_stall_ms = 50});
  const auto stub = v1::FactService::NewStub(server.Channel());
  grpc::ClientContext context;
  const auto import = stub->Import(&context);
  v1::ImportRequest header;
  header.mutable_header();
  import->Write(header);

  EXPECT_EQ(import->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST(LimitTest, AClientThatTakesNothingIsCancelled) {
  TestServer server(Settings{.max_stall_ms = 100});
  const std::string story(100'000, 's');
  for (int i = 0; i < 60; ++i) {
    ASSERT_OK(server.CommitText(
        absl::StrCat("(e", i, " :Company {story: \"", story, "\"})\n")));
  }
  const auto stub = v1::FactService::NewStub(server.Channel());
  grpc::ClientContext context;
  const auto reader = stub->Export(&context, v1::ExportRequest());

  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::vector<std::string> lines;
  while (lines.empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    lines = server.LogLines("FactService/Export");
  }

  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("code=CANCELLED"));
  context.TryCancel();
  reader->Finish();
}

TEST(LimitTest, AnswerBeyondTheLimitIsRefusedByReason) {
  TestServer server(Settings{.max_answer_bytes = 64 << 10});
  ASSERT_OK(server.CommitText("(a {remark: [\"" + std::string(100'000, 'x') +
                              "\"]})\n"));

  const auto response = server.Client().Get(GetOf("a"));

  EXPECT_EQ(test::ReasonOf(response.status()), "ANSWER_TOO_LARGE");
}

TEST(LimitTest, RequestBeyondTheLimitIsRefused) {
  TestServer server(Settings{.max_message_bytes = 64 << 10});

  const auto response = server.CommitText(std::string(100'000, '#'));

  EXPECT_EQ(response.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(LimitTest, CallThatWaitsForItsClientEndsWithTheServersDeadline) {
  TestServer server(Settings{.default_deadline_ms = 200});
  const auto stub = v1::FactService::NewStub(server.Channel());
  grpc::ClientContext context;  // sets no deadline, sends nothing
  const auto import = stub->Import(&context);

  const grpc::Status status = import->Finish();

  EXPECT_THAT(status.error_code(),
              ::testing::AnyOf(grpc::StatusCode::CANCELLED,
                               grpc::StatusCode::DEADLINE_EXCEEDED));
}

// ---- health, log, end -------------------------------------------------------

TEST_F(SeededTest, OneLineIsLoggedForACall) {
  ASSERT_OK(client_.Get(GetOf("cas")));
  ASSERT_FALSE(client_.Get(GetOf("nobody\nelse")).ok());
  server_.server().Drain();

  const std::vector<std::string> lines = server_.LogLines("GraphService/Get");

  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0], AllOf(HasSubstr(" code=OK took="),
                              HasSubstr(" entity=cas revision=1")));
  EXPECT_THAT(lines[1], AllOf(HasSubstr(" code=NOT_FOUND "),
                              HasSubstr(" reason=ENTITY_NOT_FOUND "),
                              HasSubstr(" entity=\"nobody\\nelse\"")));
}

TEST(DrainTest, RunningCallFinishesAndNewOnesAreRefused) {
  TestServer server;
  const auto stub = v1::FactService::NewStub(server.Channel());
  grpc::ClientContext context;
  const auto import = stub->Import(&context);
  v1::ImportRequest request;
  request.mutable_chunk()->set_file("a.kg");
  request.mutable_chunk()->set_data("kg 1\n(a)\n#" + std::string(2 << 20, '#'));
  import->Write(request);
  v1::ImportResponse response;
  ASSERT_TRUE(import->Read(&response));

  std::thread drain([&] { server.server().Drain(); });
  // New calls are refused from some moment on.
  while (server.Client().Get(GetOf("a")).status().code() !=
         absl::StatusCode::kUnavailable) {
    std::this_thread::yield();
  }
  request.mutable_end();
  import->Write(request);
  while (import->Read(&response)) continue;
  const grpc::Status status = import->Finish();
  drain.join();

  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(response.has_report());
}

TEST(StartTest, RefusesToListenWhereOthersReachIt) {
  test::TempDir dir;
  EXPECT_THAT(Server::Start({.data = dir.path(), .address = "0.0.0.0:0"}),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("--tls-certificate")));
}

TEST(StartTest, RefusesAPortThatIsTaken) {
  TestServer server;
  test::TempDir dir;
  EXPECT_THAT(
      Server::Start({.data = dir.path(), .address = server.address()}),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cannot listen")));
}

TEST(StartTest, StoreOutlivesTheServer) {
  test::TempDir dir;
  const ServerOptions options{.data = dir.path(),
                              .address = "127.0.0.1:0",
                              .log = [](absl::string_view) {}};
  {
    ASSERT_OK_AND_ASSIGN(const auto server, Server::Start(options));
    v1::CommitRequest request;
    request.add_operations()->mutable_entity()->set_key("a");
    client::Client client(server->address(), std::chrono::seconds(60));
    ASSERT_OK(client.Commit(request));
  }

  ASSERT_OK_AND_ASSIGN(const auto server, Server::Start(options));

  client::Client client(server->address(), std::chrono::seconds(60));
  EXPECT_OK(client.Get(GetOf("a")));
}

}  // namespace
}  // namespace guanxi::server
