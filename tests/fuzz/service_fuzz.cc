// Any calls, of any rpc, one after the other, through gRPC: each is answered or
// refused with a reason of the contract, and the server goes on.

#include <chrono>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/generic/generic_stub.h>

#include "client/status.h"
#include "graph/base/check.h"
#include "guanxi/v1/admin_service.pb.h"
#include "guanxi/v1/errors.pb.h"
#include "guanxi/v1/fact_service.pb.h"
#include "guanxi/v1/graph_service.pb.h"
#include "tests/fuzz/byte_source.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/message_filler.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using test::RequireOk;

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using test::ByteSource;
using test::MessageFiller;

constexpr int kMostCalls = 8;
constexpr int kMostMessages = 5;
constexpr std::chrono::seconds kDeadline(10);
// A server has grown by what so many inputs have written; then comes a new one.
constexpr int kInputsOfAServer = 500;

std::vector<const MethodDescriptor*> FindMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const auto* type :
       {v1::GetRequest::descriptor(), v1::CommitRequest::descriptor(),
        v1::CheckRequest::descriptor()}) {
    const auto* const service = type->file()->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  auto* const factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<Message>(factory->GetPrototype(type)->New());
}

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  GUANXI_CHECK(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One call of any rpc, made with bytes.
class RawCall {
 public:
  RawCall(grpc::GenericStub& stub, const MethodDescriptor* method,
          const std::string& graph) {
    context_.set_deadline(std::chrono::system_clock::now() + kDeadline);
    if (!graph.empty()) context_.AddMetadata("guanxi-graph", graph);
    const std::string path =
        absl::StrCat("/", method->service()->full_name(), "/", method->name());
    stream_ = stub.PrepareCall(&context_, path, &queue_);
    stream_->StartCall(this);
    Wait();
  }
  ~RawCall() {
    queue_.Shutdown();
    GUANXI_CHECK(!Wait());
  }

  // Whether the call goes on.
  bool Send(const std::string& message) {
    stream_->Write(ToBuffer(message), this);
    return Wait();
  }

  void EndSending() {
    stream_->WritesDone(this);
    Wait();
  }

  // The next message of the answer; nullopt at its end.
  std::optional<std::string> Receive() {
    grpc::ByteBuffer message;
    stream_->Read(&message, this);
    if (!Wait()) return std::nullopt;
    return ToBytes(message);
  }

  absl::Status Finish() {
    grpc::Status status;
    stream_->Finish(&status, this);
    GUANXI_CHECK(Wait());
    return client::FromGrpc(status);
  }

 private:
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

// A refusal has a reason of the contract. What gRPC itself refuses, before or
// instead of the server, has none.
void CheckStatus(const absl::Status& status) {
  if (status.ok()) return;
  const auto info = client::InfoOf(status);
  v1::ErrorReason reason;
  const bool is_ours =
      info.has_value() && v1::ErrorReason_Parse(info->reason, &reason);
  if (!is_ours || absl::IsDataLoss(status)) {
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
  }
  GUANXI_CHECK(is_ours);
  GUANXI_CHECK(!absl::IsDataLoss(status));
}

// A server in this process, and what its answers gave to go on with.
class Fuzzed {
 public:
  Fuzzed() : stub_(server_.Channel()) {
    const auto made = server_.CommitText(WorldText());
    RequireOk(made.status());
  }

  // Makes the calls of an input.
  void Run(ByteSource source) {
    MessageFiller filler;
    for (int i = 0; i < kMostCalls && !source.done(); ++i) {
      MakeCall(source, filler);
    }
    RequireOk(client_.GetStatistics({}).status());
  }

 private:
  // Without its first line.
  static std::string WorldText() { return test::kFillerWorld + sizeof("kg 1"); }

  static std::string GraphOf(ByteSource& source) {
    constexpr const char* kGraphs[] = {"", "", "main", "scratch", "no/graph"};
    return kGraphs[source.Below(std::size(kGraphs))];
  }

  void MakeCall(ByteSource& source, MessageFiller& filler) {
    const MethodDescriptor* const method =
        methods_[source.Below(static_cast<uint32_t>(methods_.size()))];
    RawCall call(stub_, method, GraphOf(source));
    const int messages = method->client_streaming()
                             ? 1 + static_cast<int>(source.Below(kMostMessages))
                             : 1;
    const auto request = NewMessage(method->input_type());
    for (int i = 0; i < messages; ++i) {
      request->Clear();
      filler.Fill(source, request.get());
      if (!call.Send(request->SerializeAsString())) break;
    }
    call.EndSending();
    const auto answer = NewMessage(method->output_type());
    while (const auto bytes = call.Receive()) {
      GUANXI_CHECK(answer->ParseFromString(*bytes));
      TakeTokens(*answer, filler);
    }
    CheckStatus(call.Finish());
  }

  // What the answer goes on with becomes a word of the requests that follow.
  static void TakeTokens(const Message& answer, MessageFiller& filler) {
    const auto* const reflection = answer.GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    reflection->ListFields(answer, &fields);
    for (const auto* field : fields) {
      if (field->name() == "completeness") {
        TakeTokens(reflection->GetMessage(answer, field), filler);
      } else if (field->name() == "next_page_token" ||
                 field->name() == "resume_token") {
        filler.Add(reflection->GetString(answer, field));
      }
    }
  }

  const std::vector<const MethodDescriptor*> methods_ = FindMethods();
  test::TestServer server_;
  grpc::GenericStub stub_;
  client::Client client_ = server_.Client();
};

void TestOne(ByteSource source) {
  static std::unique_ptr<Fuzzed>& fuzzed = *new std::unique_ptr<Fuzzed>;
  static int& inputs = *new int(0);
  if (inputs++ % kInputsOfAServer == 0) {
    fuzzed.reset();
    fuzzed = std::make_unique<Fuzzed>();
  }
  fuzzed->Run(source);
}

}  // namespace
}  // namespace guanxi::server

void guanxi::test::TryInput(absl::string_view input) {
  server::TestOne(ByteSource(input));
}
