#ifndef GUANXI_CLIENT_CLIENT_H_
#define GUANXI_CLIENT_CLIENT_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "guanxi/v1/admin_service.grpc.pb.h"
#include "guanxi/v1/fact_service.grpc.pb.h"
#include "guanxi/v1/graph_service.grpc.pb.h"

namespace guanxi::client {

// Where servers listen unless told otherwise.
inline constexpr char kDefaultAddress[] = "127.0.0.1:7410";

// What makes a connection secure, in PEM.
struct TlsOptions {
  std::string roots;        // of the server's certificate; empty: the system's
  std::string certificate;  // of the client, if the server asks for one
  std::string key;          // of the certificate
};

// Where a server is and what it is told with every call.
struct Target {
  std::string address = kDefaultAddress;  // HOST:PORT
  std::optional<TlsOptions> tls;          // none: in the clear
  std::string token;                      // empty: none
  std::string graph;                      // empty: the main one
};

// Connects to a server when that is first needed. Clients can share it.
std::shared_ptr<grpc::Channel> Connect(const Target& target);

// A connection to a server. Each method is one call of the contract in
// proto/guanxi/v1/ with its errors, as absl::Status; InfoOf() in status.h has
// their reasons. Thread-safe.
class Client {
 public:
  // Connects when it is first needed, or shares a connection to the target.
  // Each call ends after `timeout`.
  Client(Target target, std::chrono::milliseconds timeout);
  Client(Target target, const std::shared_ptr<grpc::Channel>& channel,
         std::chrono::milliseconds timeout);
  Client(const std::string& address, std::chrono::milliseconds timeout);

  absl::StatusOr<v1::GetResponse> Get(const v1::GetRequest& request);
  absl::StatusOr<v1::BatchGetResponse> BatchGet(
      const v1::BatchGetRequest& request);
  absl::StatusOr<v1::ListResponse> List(const v1::ListRequest& request);
  absl::StatusOr<v1::FindResponse> Find(const v1::FindRequest& request);
  absl::StatusOr<v1::GetSchemaResponse> GetSchema(
      const v1::GetSchemaRequest& request);
  absl::StatusOr<v1::GetStatisticsResponse> GetStatistics(
      const v1::GetStatisticsRequest& request);
  absl::StatusOr<v1::ListClaimsResponse> ListClaims(
      const v1::ListClaimsRequest& request);
  absl::StatusOr<v1::HistoryResponse> History(
      const v1::HistoryRequest& request);
  absl::StatusOr<v1::CommitResponse> Commit(const v1::CommitRequest& request);

  // The messages of the answer put together.
  absl::StatusOr<v1::NeighbourhoodResponse> Neighbourhood(
      const v1::NeighbourhoodRequest& request);
  absl::StatusOr<v1::ReachResponse> Reach(const v1::ReachRequest& request);
  absl::StatusOr<v1::ConnectResponse> Connect(
      const v1::ConnectRequest& request);
  absl::StatusOr<v1::CommonNeighboursResponse> CommonNeighbours(
      const v1::CommonNeighboursRequest& request);
  absl::StatusOr<v1::FindComponentsResponse> FindComponents(
      const v1::FindComponentsRequest& request);
  absl::StatusOr<v1::FindPathsResponse> FindPaths(
      const v1::FindPathsRequest& request);
  absl::StatusOr<v1::FindCyclesResponse> FindCycles(
      const v1::FindCyclesRequest& request);
  absl::StatusOr<v1::DiffResponse> Diff(const v1::DiffRequest& request);

  // Loads files as one commit, under the names by which they are given here.
  // `progress` is called now and then, by this thread. NOT_FOUND: no such file.
  absl::StatusOr<v1::ImportReport> Import(
      const std::vector<std::string>& paths, const v1::ImportHeader& header,
      absl::FunctionRef<void(const v1::ImportProgress&)> progress);

  // Gives the bytes of the file to `write` as they arrive, by this thread; an
  // error of it ends the call. The answer is the rest of it: the moment,
  // completeness and how many statements there are.
  absl::StatusOr<v1::ExportResponse> Export(
      const v1::ExportRequest& request,
      absl::FunctionRef<absl::Status(const std::string&)> write);

  // Gives the bytes of a copy of the store to `write` as they arrive, by this
  // thread; an error of it ends the call. DATA_LOSS: not all bytes arrived.
  absl::StatusOr<v1::BackupSummary> Backup(
      absl::FunctionRef<absl::Status(const std::string&)> write);

  // Whether it could be made or removed; all that the caller may use.
  absl::Status CreateGraph(const v1::CreateGraphRequest& request);
  absl::Status DeleteGraph(const v1::DeleteGraphRequest& request);
  absl::StatusOr<v1::ListGraphsResponse> ListGraphs();

  // Checks the store. `take` is called with each message of the answer, by this
  // thread.
  absl::Status Check(const v1::CheckRequest& request,
                     absl::FunctionRef<void(const v1::CheckResponse&)> take);

 private:
  void Prepare(grpc::ClientContext& context) const;
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      Stub& stub,
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                   Response*),
      const Request& request) const;

  const Target target_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<v1::GraphService::Stub> graph_;
  std::unique_ptr<v1::FactService::Stub> facts_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace guanxi::client

#endif  // GUANXI_CLIENT_CLIENT_H_
