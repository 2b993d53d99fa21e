#include "client/client.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/sync_stream.h>

#include "client/status.h"
#include "graph/base/sha256.h"
#include "graph/base/status_macros.h"

namespace guanxi::client {
namespace {

constexpr size_t kChunkBytes = 256 << 10;
constexpr int kUnlimited = -1;

// Reads a stream to its end into one message.
template <typename Response>
absl::StatusOr<Response> ReadAll(grpc::ClientReader<Response>& reader) {
  Response whole;
  Response part;
  while (reader.Read(&part)) whole.MergeFrom(part);
  RETURN_IF_ERROR(FromGrpc(reader.Finish()));
  return whole;
}

using ImportStream =
    grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>;

absl::Status CannotRead(const std::string& path) {
  return absl::NotFoundError(
      absl::StrCat("cannot read '", path, "': ", std::strerror(errno)));
}

// Sends one file; false: the server takes no more.
absl::StatusOr<bool> SendFile(const std::string& path, ImportStream& stream) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return CannotRead(path);
  v1::ImportRequest request;
  v1::ImportChunk& chunk = *request.mutable_chunk();
  chunk.set_file(path);
  std::string buffer(kChunkBytes, '\0');
  do {  // once for an empty file too
    file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    if (file.bad()) return CannotRead(path);
    chunk.set_data(buffer.data(), static_cast<size_t>(file.gcount()));
    if (!stream.Write(request)) return false;
  } while (file);
  return true;
}

absl::Status SendAll(const std::vector<std::string>& paths,
                     const v1::ImportHeader& header, ImportStream& stream) {
  v1::ImportRequest request;
  *request.mutable_header() = header;
  if (!stream.Write(request)) return absl::OkStatus();
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const bool more, SendFile(path, stream));
    if (!more) return absl::OkStatus();  // Finish() will say why
  }
  request.mutable_end();
  stream.Write(request);
  stream.WritesDone();
  return absl::OkStatus();
}

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const Target& target) {
  grpc::ChannelArguments arguments;
  // Who asks for much gets it: the server bounds its answers.
  arguments.SetMaxReceiveMessageSize(kUnlimited);
  if (!target.tls.has_value()) {
    return grpc::CreateCustomChannel(
        target.address, grpc::InsecureChannelCredentials(), arguments);
  }
  const auto credentials =
      grpc::SslCredentials({.pem_root_certs = target.tls->roots,
                            .pem_private_key = target.tls->key,
                            .pem_cert_chain = target.tls->certificate});
  return grpc::CreateCustomChannel(target.address, credentials, arguments);
}

Client::Client(Target target, std::chrono::milliseconds timeout)
    : Client(target, client::Connect(target), timeout) {}

Client::Client(Target target, const std::shared_ptr<grpc::Channel>& channel,
               std::chrono::milliseconds timeout)
    : target_(std::move(target)), timeout_(timeout) {
  admin_ = v1::AdminService::NewStub(channel);
  graph_ = v1::GraphService::NewStub(channel);
  facts_ = v1::FactService::NewStub(channel);
}

Client::Client(const std::string& address, std::chrono::milliseconds timeout)
    : Client(Target{.address = address}, timeout) {}

// Gives a call its time, and what it is to tell the server.
void Client::Prepare(grpc::ClientContext& context) const {
  context.set_deadline(std::chrono::system_clock::now() + timeout_);
  if (!target_.token.empty()) {
    context.AddMetadata("authorization",
                        absl::StrCat("Bearer ", target_.token));
  }
  if (!target_.graph.empty()) {
    context.AddMetadata("guanxi-graph", target_.graph);
  }
}

// Makes one call that has one answer.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Client::Ask(
    Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const Request& request) const {
  grpc::ClientContext context;
  Prepare(context);
  Response response;
  RETURN_IF_ERROR(FromGrpc((stub.*method)(&context, request, &response)));
  return response;
}

absl::StatusOr<v1::GetResponse> Client::Get(const v1::GetRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::Get, request);
}

absl::StatusOr<v1::BatchGetResponse> Client::BatchGet(
    const v1::BatchGetRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::BatchGet, request);
}

absl::StatusOr<v1::ListResponse> Client::List(const v1::ListRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::List, request);
}

absl::StatusOr<v1::FindResponse> Client::Find(const v1::FindRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::Find, request);
}

absl::StatusOr<v1::GetSchemaResponse> Client::GetSchema(
    const v1::GetSchemaRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::GetSchema, request);
}

absl::StatusOr<v1::GetStatisticsResponse> Client::GetStatistics(
    const v1::GetStatisticsRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::GetStatistics, request);
}

absl::StatusOr<v1::ListClaimsResponse> Client::ListClaims(
    const v1::ListClaimsRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::ListClaims, request);
}

absl::StatusOr<v1::HistoryResponse> Client::History(
    const v1::HistoryRequest& request) {
  return Ask(*graph_, &v1::GraphService::Stub::History, request);
}

absl::StatusOr<v1::CommitResponse> Client::Commit(
    const v1::CommitRequest& request) {
  return Ask(*facts_, &v1::FactService::Stub::Commit, request);
}

absl::StatusOr<v1::NeighbourhoodResponse> Client::Neighbourhood(
    const v1::NeighbourhoodRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->Neighbourhood(&context, request));
}

absl::StatusOr<v1::ReachResponse> Client::Reach(
    const v1::ReachRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->Reach(&context, request));
}

absl::StatusOr<v1::CommonNeighboursResponse> Client::CommonNeighbours(
    const v1::CommonNeighboursRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->CommonNeighbours(&context, request));
}

absl::StatusOr<v1::FindComponentsResponse> Client::FindComponents(
    const v1::FindComponentsRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->FindComponents(&context, request));
}

absl::StatusOr<v1::FindPathsResponse> Client::FindPaths(
    const v1::FindPathsRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->FindPaths(&context, request));
}

absl::StatusOr<v1::FindCyclesResponse> Client::FindCycles(
    const v1::FindCyclesRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->FindCycles(&context, request));
}

absl::StatusOr<v1::ConnectResponse> Client::Connect(
    const v1::ConnectRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->Connect(&context, request));
}

absl::Status Client::Check(
    const v1::CheckRequest& request,
    absl::FunctionRef<void(const v1::CheckResponse&)> take) {
  grpc::ClientContext context;
  Prepare(context);
  const auto reader = admin_->Check(&context, request);
  v1::CheckResponse response;
  while (reader->Read(&response)) take(response);
  return FromGrpc(reader->Finish());
}

absl::Status Client::CreateGraph(const v1::CreateGraphRequest& request) {
  return Ask(*admin_, &v1::AdminService::Stub::CreateGraph, request).status();
}

absl::Status Client::DeleteGraph(const v1::DeleteGraphRequest& request) {
  return Ask(*admin_, &v1::AdminService::Stub::DeleteGraph, request).status();
}

absl::StatusOr<v1::ListGraphsResponse> Client::ListGraphs() {
  return Ask(*admin_, &v1::AdminService::Stub::ListGraphs,
             v1::ListGraphsRequest());
}

absl::StatusOr<v1::BackupSummary> Client::Backup(
    absl::FunctionRef<absl::Status(const std::string&)> write) {
  grpc::ClientContext context;
  Prepare(context);
  const auto reader = admin_->Backup(&context, v1::BackupRequest());
  v1::BackupResponse response;
  v1::BackupSummary summary;
  int64_t bytes = 0;
  Sha256 digest;
  absl::Status written;
  while (written.ok() && reader->Read(&response)) {
    if (response.has_summary()) summary = response.summary();
    if (!response.has_chunk()) continue;
    digest.Add(response.chunk());
    written = write(response.chunk());
    bytes += static_cast<int64_t>(response.chunk().size());
  }
  if (!written.ok()) context.TryCancel();
  const absl::Status received = FromGrpc(reader->Finish());
  RETURN_IF_ERROR(written);
  RETURN_IF_ERROR(received);
  if (bytes == 0 || summary.bytes() != bytes ||
      summary.sha256() != digest.Finish()) {
    return absl::DataLossError(
        "the backup did not arrive as it was sent; try again");
  }
  return summary;
}

absl::StatusOr<v1::DiffResponse> Client::Diff(const v1::DiffRequest& request) {
  grpc::ClientContext context;
  Prepare(context);
  return ReadAll(*graph_->Diff(&context, request));
}

absl::StatusOr<v1::ImportReport> Client::Import(
    const std::vector<std::string>& paths, const v1::ImportHeader& header,
    absl::FunctionRef<void(const v1::ImportProgress&)> progress) {
  for (const std::string& path : paths) {
    if (!std::ifstream(path)) return CannotRead(path);
  }
  grpc::ClientContext context;
  Prepare(context);
  const auto stream = facts_->Import(&context);
  absl::Status sent;
  std::thread sender([&] {
    sent = SendAll(paths, header, *stream);
    if (!sent.ok()) context.TryCancel();
  });
  v1::ImportReport report;
  v1::ImportResponse response;
  while (stream->Read(&response)) {
    if (response.has_progress()) progress(response.progress());
    if (response.has_report()) report = std::move(*response.mutable_report());
  }
  sender.join();
  const absl::Status received = FromGrpc(stream->Finish());
  RETURN_IF_ERROR(sent);
  RETURN_IF_ERROR(received);
  return report;
}

absl::StatusOr<v1::ExportResponse> Client::Export(
    const v1::ExportRequest& request,
    absl::FunctionRef<absl::Status(const std::string&)> write) {
  grpc::ClientContext context;
  Prepare(context);
  const auto reader = facts_->Export(&context, request);
  v1::ExportResponse whole;
  v1::ExportResponse part;
  absl::Status written;
  while (written.ok() && reader->Read(&part)) {
    written = write(part.data());
    part.clear_data();
    whole.MergeFrom(part);
  }
  if (!written.ok()) context.TryCancel();
  const absl::Status received = FromGrpc(reader->Finish());
  RETURN_IF_ERROR(written);
  RETURN_IF_ERROR(received);
  return whole;
}

}  // namespace guanxi::client
