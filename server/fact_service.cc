#include "server/fact_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "graph/base/status_macros.h"
#include "graph/store/key.h"
#include "server/convert/field_path.h"
#include "server/convert/precondition.h"
#include "server/convert/statement.h"
#include "server/export.h"
#include "server/import.h"
#include "server/write.h"

namespace guanxi::server {
namespace {

constexpr size_t kMaxRequestIdBytes = 100;

void Note(const store::CommitResult& result, Call& call) {
  call.Note("revision", absl::StrCat(result.revision.number));
  call.Note("added", absl::StrCat(result.claims_added));
}

// The id of a request, with a digest of all of it.
absl::StatusOr<std::optional<store::RequestName>> ReadName(
    const v1::CommitRequest& request) {
  if (request.request_id().empty()) return std::nullopt;
  RETURN_IF_ERROR(CheckLength(request.request_id(), kMaxRequestIdBytes,
                              FieldPath("request_id")));
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  return store::RequestName{request.request_id(), store::Digest128(bytes)};
}

absl::Status Commit(const Serving& serving, const v1::CommitRequest& request,
                    Call& call, v1::CommitResponse* response) {
  RETURN_IF_ERROR(
      CheckLength(request.author(), kMaxIdBytes, FieldPath("author")));
  RETURN_IF_ERROR(
      CheckLength(request.note(), kMaxNoteBytes, FieldPath("note")));
  store::CommitRequest commit{.author = request.author(),
                              .note = request.note(),
                              .validate_only = request.validate_only()};
  ASSIGN_OR_RETURN(commit.name, ReadName(request));
  ASSIGN_OR_RETURN(commit.preconditions, ReadPreconditions(request));
  ASSIGN_OR_RETURN(commit.statements, ReadStatements(request));
  call.Note("statements", absl::StrCat(commit.statements.size()));
  call.Bind(&commit);
  const auto result = serving.store.Commit(commit);
  if (!result.ok()) return LocateError(result.status(), &request);

  Note(*result, call);
  *response->mutable_summary() = ToProto(*result);
  for (const std::vector<std::string>& ids : result->claim_ids) {
    response->add_stated()->mutable_claim_ids()->Assign(ids.begin(), ids.end());
  }
  return absl::OkStatus();
}

}  // namespace

grpc::Status FactService::Commit(grpc::ServerContext* context,
                                 const v1::CommitRequest* request,
                                 v1::CommitResponse* response) {
  return calls_.OnGraph(*context, {"FactService/Commit", Role::kWriter},
                        [&](const Serving& serving, Call& call) {
                          return server::Commit(serving, *request, call,
                                                response);
                        });
}

grpc::Status FactService::Import(grpc::ServerContext* context,
                                 ImportStream* stream) {
  return calls_.OnGraph(
      *context, {"FactService/Import", Role::kWriter},
      [&](const Serving& serving, Call& call) -> absl::Status {
        const Limiter::Slot slot = imports_.TryTake();
        if (slot == nullptr) return TooManyCalls(imports_);
        return server::Import(serving, call, *stream);
      });
}

grpc::Status FactService::Export(
    grpc::ServerContext* context, const v1::ExportRequest* request,
    grpc::ServerWriter<v1::ExportResponse>* writer) {
  return calls_.OnGraph(
      *context, {"FactService/Export", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::Export(serving, *request, call, writer);
      });
}

}  // namespace guanxi::server
