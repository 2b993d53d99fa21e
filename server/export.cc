#include "server/export.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/formats/json_lines.h"
#include "graph/store/exporter.h"
#include "graph/text/printer.h"
#include "graph/traverse/neighbourhood.h"
#include "server/builtin_schema.h"
#include "server/convert/traversal.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

using traverse::NeighbourhoodSpec;

constexpr int kMaxEntities = 1000;

// Large enough to cost little, small enough to come soon.
constexpr size_t kMessageBytes = 64 << 10;

// Which part of the graph is asked for.
struct Part {
  std::optional<std::vector<EntityId>> entities;  // nullopt: all of it
  traverse::Completeness completeness;
};

absl::Status CheckPart(const v1::ExportRequest& request) {
  if (request.entities_size() > kMaxEntities) {
    return Invalid(FieldPath("entities"), absl::StrCat(request.entities_size()),
                   absl::StrCat("at most ", kMaxEntities));
  }
  const int depth = request.depth();
  if (depth < 0 || depth > NeighbourhoodSpec::kMaxDepth) {
    return Invalid(FieldPath("depth"), absl::StrCat(depth),
                   absl::StrCat("0 to ", NeighbourhoodSpec::kMaxDepth));
  }
  if (depth == 0 || request.entities_size() > 0) return absl::OkStatus();
  return Invalid(FieldPath("depth"), absl::StrCat(depth),
                 "entities to walk from");
}

absl::StatusOr<NeighbourhoodSpec> ReadSpec(const v1::ExportRequest& request,
                                           const Reading& reading,
                                           const Settings& settings,
                                           const Call& call) {
  NeighbourhoodSpec spec;
  RETURN_IF_ERROR(ReadBudget(request.budget(), ToBudgetLimits(settings),
                             FieldPath("budget"), &spec.traversal.budget));
  spec.traversal.lens = reading.lens;
  spec.depth = request.depth();
  call.Bind(&spec.traversal.budget);
  return spec;
}

absl::StatusOr<Part> FindPart(const v1::ExportRequest& request,
                              const Reading& reading, const Settings& settings,
                              const Call& call) {
  Part part;
  if (request.entities().empty()) return part;
  ASSIGN_OR_RETURN(const NeighbourhoodSpec spec,
                   ReadSpec(request, reading, settings, call));
  absl::flat_hash_set<EntityId> found;
  const FieldPath field("entities");
  for (int i = 0; i < request.entities_size(); ++i) {
    ASSIGN_OR_RETURN(
        const EntityId start,
        ResolveEntity(reading, request.entities(i), FieldPath(field, i)));
    found.insert(start);
    if (spec.depth == 0) continue;
    ASSIGN_OR_RETURN(
        const traverse::Neighbourhood around,
        traverse::FindNeighbourhood(reading.ground(), start, spec));
    if (around.completeness.reason == Stop::kCancelled) return Cancelled();
    for (const traverse::VisitedEntity& visited : around.entities) {
      found.insert(visited.id);
    }
    if (around.completeness.outcome != traverse::Outcome::kComplete) {
      part.completeness = around.completeness;
    }
  }
  // What is shown as one is exported as what it is made of.
  part.entities.emplace();
  for (const EntityId id : found) {
    ASSIGN_OR_RETURN(const store::Cluster* cluster,
                     reading.snapshot.ClusterOf(id, reading.lens));
    part.entities->insert(part.entities->end(), cluster->members.begin(),
                          cluster->members.end());
  }
  return part;
}

// Sends a file in pieces.
class Sender {
 public:
  Sender(v1::FileFormat format, const Schema& schema, const Call& call,
         grpc::ServerWriter<v1::ExportResponse>* writer)
      : json_(format == v1::FILE_FORMAT_JSON_LINES),
        schema_(schema),
        call_(call),
        writer_(*writer) {
    if (!json_) pending_.set_data(std::string(text::kHeader));
  }

  v1::ExportResponse& pending() { return pending_; }
  int64_t statements() const { return statements_; }

  absl::Status Add(const Statement::Body& body) {
    ++statements_;
    const std::string line = json_ ? formats::PrintJsonLine(body, schema_)
                                   : text::Print(body, schema_);
    // A line may be longer than a message may be.
    for (size_t at = 0; at < line.size(); at += kMessageBytes) {
      pending_.mutable_data()->append(line, at, kMessageBytes);
      if (pending_.data().size() >= kMessageBytes) RETURN_IF_ERROR(Send());
    }
    return absl::OkStatus();
  }

  absl::Status Send() {
    const Watchdog stall = call_.WatchStall();
    if (!writer_.Write(pending_)) return Cancelled();
    pending_.Clear();
    return absl::OkStatus();
  }

 private:
  const bool json_;
  const Schema& schema_;
  const Call& call_;
  grpc::ServerWriter<v1::ExportResponse>& writer_;
  v1::ExportResponse pending_;
  int64_t statements_ = 0;
};

}  // namespace

absl::Status Export(const Serving& serving, const v1::ExportRequest& request,
                    Call& call,
                    grpc::ServerWriter<v1::ExportResponse>* writer) {
  RETURN_IF_ERROR(CheckPart(request));
  if (!v1::FileFormat_IsValid(request.format())) {
    return Invalid(FieldPath("format"), absl::StrCat(request.format()),
                   "FILE_FORMAT_KG or FILE_FORMAT_JSON_LINES");
  }
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(Part part,
                   FindPart(request, reading, serving.settings, call));
  store::ExportOptions options{.entities = std::move(part.entities),
                               .check = [&call] { return call.CheckGoing(); }};
  ASSIGN_OR_RETURN(options.builtin, BuiltinSchema());

  Sender sender(request.format(), reading.snapshot.schema(), call, writer);
  *sender.pending().mutable_moment() = reading.moment();
  RETURN_IF_ERROR(store::Export(
      reading.snapshot, options,
      [&](const Statement::Body& body) { return sender.Add(body); }));
  call.Note("statements", absl::StrCat(sender.statements()));
  *sender.pending().mutable_completeness() = ToProto(part.completeness);
  sender.pending().set_statements(sender.statements());
  return sender.Send();
}

}  // namespace guanxi::server
