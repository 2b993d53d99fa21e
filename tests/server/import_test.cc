// FactService.Import over a real channel: whole, in parts, and broken off.

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include "client/status.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::TestServer;

// An import by hand.
class ImportTest : public ::testing::Test {
 protected:
  using Stream =
      grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>;

  std::unique_ptr<Stream> Begin() { return stub_->Import(&context_); }

  static bool SendHeader(Stream& stream, int64_t part, int64_t skip) {
    v1::ImportRequest request;
    request.mutable_header()->set_part_statements(part);
    request.mutable_header()->set_skip_statements(skip);
    return stream.Write(request);
  }

  static bool Send(Stream& stream, const std::string& file,
                   const std::string& data) {
    v1::ImportRequest request;
    request.mutable_chunk()->set_file(file);
    request.mutable_chunk()->set_data(data);
    return stream.Write(request);
  }

  static bool SendEnd(Stream& stream) {
    v1::ImportRequest request;
    request.mutable_end();
    return stream.Write(request) && stream.WritesDone();
  }

  // Reads to the end; the last message is in `last_`.
  absl::Status Finish(Stream& stream) {
    v1::ImportResponse response;
    while (stream.Read(&response)) last_ = response;
    return client::FromGrpc(stream.Finish());
  }

  // Sends one file in parts of two statements.
  absl::Status ImportInParts(const std::string& text, int64_t skip) {
    grpc::ClientContext context;
    const auto stream = stub_->Import(&context);
    SendHeader(*stream, 2, skip);
    Send(*stream, "a.kg", text);
    SendEnd(*stream);
    return Finish(*stream);
  }

  bool IsStored(const std::string& key) {
    v1::GetRequest request;
    request.set_entity(key);
    return server_.Client().Get(request).ok();
  }

  TestServer server_{Settings{.max_import_bytes = 4 << 20}};
  std::unique_ptr<v1::FactService::Stub> stub_ =
      v1::FactService::NewStub(server_.Channel());
  grpc::ClientContext context_;
  v1::ImportResponse last_;
};

TEST_F(ImportTest, ChunksMayEndAnywhereAndFilesSpeakOfEachOther) {
  const auto stream = Begin();
  Send(*stream, "a.kg", "kg 1\n(a)-[:SUPPL");
  Send(*stream, "a.kg", "IES]->(b)\n");
  Send(*stream, "b.kg", "kg 1\n(a) (b)\n");
  SendEnd(*stream);
  EXPECT_FALSE(Finish(*stream).ok());  // two statements on one line

  grpc::ClientContext context;
  const auto second = stub_->Import(&context);
  Send(*second, "a.kg", "kg 1\n(a)-[:SUPPL");
  Send(*second, "a.kg", "IES]->(b)\n");
  Send(*second, "b.kg", "kg 1\n(a)\n(b)\n");
  SendEnd(*second);

  EXPECT_OK(Finish(*second));
  EXPECT_EQ(last_.report().files(), 2);
  EXPECT_EQ(last_.report().statements(), 3);
  EXPECT_TRUE(IsStored("b"));
}

TEST_F(ImportTest, ErrorTellsFileLineAndColumn) {
  const auto stream = Begin();
  Send(*stream, "good.kg", "kg 1\n(a)\n");
  Send(*stream, "bad.kg", "kg 1\n(b)-[:OWNS]->(nobody)\n");
  SendEnd(*stream);

  const absl::Status status = Finish(*stream);

  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  const auto info = client::InfoOf(status);
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->metadata.at("file"), "bad.kg");
  EXPECT_EQ(info->metadata.at("line"), "2");
  EXPECT_FALSE(IsStored("a"));
}

TEST_F(ImportTest, StreamThatBreaksOffStoresNothing) {
  const auto stream = Begin();
  Send(*stream, "a.kg", "kg 1\n(a)\n");
  stream->WritesDone();

  const absl::Status status = Finish(*stream);

  EXPECT_EQ(test::ReasonOf(status), "FIELD_REQUIRED");
  EXPECT_FALSE(IsStored("a"));
}

TEST_F(ImportTest, CancelledImportStoresNothing) {
  const auto stream = Begin();
  Send(*stream, "a.kg", "kg 1\n(a)\n");
  context_.TryCancel();

  EXPECT_EQ(Finish(*stream).code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(IsStored("a"));
}

TEST_F(ImportTest, LargeImportTellsProgress) {
  const auto stream = Begin();
  Send(*stream, "a.kg", "kg 1\n");
  for (int i = 0; i < 3; ++i) {
    Send(*stream, "a.kg", "#" + std::string((1 << 20) - 2, 'x') + "\n");
  }
  Send(*stream, "a.kg", "(a)\n");
  v1::ImportResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_GE(response.progress().bytes(), 1 << 20);
  SendEnd(*stream);

  EXPECT_OK(Finish(*stream));
  EXPECT_TRUE(last_.has_report());
}

TEST_F(ImportTest, ImportBeyondTheLimitIsRefused) {
  const auto stream = Begin();
  for (int i = 0; i < 5; ++i) {
    if (!Send(*stream, "a.kg", std::string(1 << 20, '#'))) break;
  }
  stream->WritesDone();

  const absl::Status status = Finish(*stream);

  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(test::ReasonOf(status), "IMPORT_TOO_LARGE");
}

TEST_F(ImportTest, EachPartIsACommitOfItsOwn) {
  ASSERT_OK(
      ImportInParts("kg 1\n(a)\n(b)\n(a)-[:SUPPLIES]->(b)\n"
                    "(c)\n(d)\n",
                    0));

  EXPECT_EQ(last_.report().commits(), 3);
  EXPECT_EQ(last_.report().statements(), 5);
  EXPECT_EQ(last_.report().summary().revision(), 3U);
  EXPECT_EQ(last_.report().summary().claims_added(), 5);
}

TEST_F(ImportTest, WhatIsToldToBeStoredIsSkippedWhenItGoesOn) {
  const std::string head = "kg 1\n(a)\n(b)\n(c)\n";

  const absl::Status status =
      ImportInParts(head + "(c)-[:SUPPLIES]->(nobody)\n(e)\n", 0);

  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(last_.progress().statements_stored(), 2);
  EXPECT_EQ(last_.progress().revision(), 1U);
  EXPECT_TRUE(IsStored("b"));
  EXPECT_FALSE(IsStored("c"));

  ASSERT_OK(ImportInParts(head + "(c)-[:SUPPLIES]->(b)\n(e)\n", 2));

  EXPECT_EQ(last_.report().statements(), 5);
  EXPECT_EQ(last_.report().summary().claims_added(), 3);
  EXPECT_TRUE(IsStored("e"));
}

TEST_F(ImportTest, MoreToSkipThanThereIsIsRefused) {
  EXPECT_EQ(test::ReasonOf(ImportInParts("kg 1\n(a)\n", 2)), "FIELD_INVALID");
  EXPECT_FALSE(IsStored("a"));
}

// Nothing but the part is in memory: the limit of bytes is one of a whole.
TEST_F(ImportTest, InPartsFilesMayBeOfAnySize) {
  const auto stream = Begin();
  SendHeader(*stream, 1000, 0);
  const std::string comment(2000, 'x');
  std::string text = "kg 1\n";
  int64_t entities = 0;
  for (int i = 0; i < 80; ++i) {
    while (text.size() < 256 << 10) {
      absl::StrAppend(&text, "(e", entities++, ")  # ", comment, "\n");
    }
    ASSERT_TRUE(Send(*stream, "a.kg", text));
    text.clear();
  }
  SendEnd(*stream);

  EXPECT_OK(Finish(*stream));
  EXPECT_EQ(last_.report().statements(), entities);
  EXPECT_EQ(last_.report().commits(), entities / 1000 + 1);
}

TEST_F(ImportTest, APartThatIsTooLargeIsRefused) {
  const auto stream = Begin();
  SendHeader(*stream, 1000, 0);
  Send(*stream, "a.kg", "kg 1\n");
  for (int i = 0; i < 17; ++i) {
    if (!Send(*stream, "a.kg", std::string(1 << 20, '#'))) break;
  }
  stream->WritesDone();

  EXPECT_EQ(test::ReasonOf(Finish(*stream)), "IMPORT_TOO_LARGE");
}

// What a piece declares types what stands in the next one, and lines go on.
TEST_F(ImportTest, JsonLinesInPiecesAreOneFile) {
  const std::string comment(2000, 'x');
  std::string text = R"({"kind":"prop","name":"since","type":"date"})"
                     "\n";
  while (text.size() < 6 << 20) {
    absl::StrAppend(&text, R"({"kind":"entity","key":"a","properties":{"x":")",
                    comment, "\"}}\n");
  }
  absl::StrAppend(&text, R"({"kind":"property","key":"a","property":"since",)",
                  R"("value":"2024-05"})", "\n{\"kind\":\"no\"}\n");
  const auto stream = Begin();
  SendHeader(*stream, 1000, 0);
  for (size_t at = 0; at < text.size(); at += 1 << 20) {
    Send(*stream, "a.jsonl", text.substr(at, 1 << 20));
  }
  SendEnd(*stream);

  const absl::Status status = Finish(*stream);

  const auto info = client::InfoOf(status);
  ASSERT_TRUE(info.has_value()) << status;
  EXPECT_EQ(info->metadata.at("line"),
            absl::StrCat(std::ranges::count(text, '\n')));
}

}  // namespace
}  // namespace guanxi::server
