#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/path.h"
#include "server/answer_stream.h"
#include "server/convert/enums.h"
#include "server/convert/path_cost.h"
#include "server/convert/path_step.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

namespace guanxi::server {
namespace {

using traverse::PathMode;
using traverse::PathRestrictor;
using traverse::PathSpec;

absl::Status CheckMaxPaths(int64_t max_paths, PathMode mode) {
  const FieldPath field("max_paths");
  const bool counts = mode == PathMode::kKShortest;
  if (!counts && max_paths != 0) {
    return Invalid(field, absl::StrCat(max_paths),
                   "none unless mode is PATH_MODE_K_SHORTEST");
  }
  if (counts && (max_paths < 1 || max_paths > PathSpec::kMaxPaths)) {
    return Invalid(field, absl::StrCat(max_paths),
                   absl::StrCat("1 to ", PathSpec::kMaxPaths));
  }
  return absl::OkStatus();
}

absl::Status CheckCounting(PathMode mode) {
  if (mode == PathMode::kAll || mode == PathMode::kAllShortest) {
    return absl::OkStatus();
  }
  return Invalid(FieldPath("counts_only"), "true",
                 "false unless mode is PATH_MODE_ALL or "
                 "PATH_MODE_ALL_SHORTEST");
}

// What requests for paths and for cycles have in common, as far as it needs no
// snapshot.
template <typename Request>
absl::StatusOr<PathSpec> ReadSpec(const Request& request,
                                  const Settings& settings) {
  PathSpec spec;
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                FieldPath("traversal"), &spec.traversal));
  if (request.max_length() < 0 || request.max_length() > PathSpec::kMaxLength) {
    return Invalid(FieldPath("max_length"), absl::StrCat(request.max_length()),
                   absl::StrCat("1 to ", PathSpec::kMaxLength));
  }
  if (request.max_length() > 0) spec.max_length = request.max_length();
  ASSIGN_OR_RETURN(spec.mode,
                   FromProtoOr(kPathModes, request.mode(), FieldPath("mode"),
                               PathMode::kAnyShortest));
  RETURN_IF_ERROR(CheckMaxPaths(request.max_paths(), spec.mode));
  spec.max_paths = request.max_paths();
  spec.counts_only = request.counts_only();
  if (spec.counts_only) RETURN_IF_ERROR(CheckCounting(spec.mode));
  const double confidence = request.min_path_confidence();
  if (!(confidence >= 0 && confidence <= 1)) {
    return Invalid(FieldPath("min_path_confidence"), absl::StrCat(confidence),
                   "a number from 0 to 1");
  }
  spec.min_path_confidence = confidence;
  return spec;
}

// The ends on one side: `name`, and those of the list.
absl::StatusOr<std::vector<EntityId>> ReadEnds(
    const Reading& reading, const std::string& name, const char* field,
    const google::protobuf::RepeatedPtrField<std::string>& names,
    const char* list_field) {
  ASSIGN_OR_RETURN(std::vector<EntityId> ends,
                   ResolveEntities(reading, names, FieldPath(list_field)));
  if (name.empty() && !ends.empty()) return ends;
  ASSIGN_OR_RETURN(const EntityId end,
                   ResolveEntity(reading, name, FieldPath(field)));
  ends.insert(ends.begin(), end);
  return ends;
}

absl::StatusOr<traverse::PathEnds> ReadEnds(
    const Reading& reading, const v1::FindPathsRequest& request) {
  traverse::PathEnds ends;
  ASSIGN_OR_RETURN(ends.from,
                   ReadEnds(reading, request.from_entity(), "from_entity",
                            request.from_entities(), "from_entities"));
  ends.anywhere = request.to_anywhere();
  if (ends.anywhere) return ends;
  ASSIGN_OR_RETURN(ends.to, ReadEnds(reading, request.to_entity(), "to_entity",
                                     request.to_entities(), "to_entities"));
  return ends;
}

absl::Status CheckAnywhere(const v1::FindPathsRequest& request, PathMode mode) {
  if (!request.to_anywhere()) return absl::OkStatus();
  const FieldPath field("to_anywhere");
  if (!request.to_entity().empty() || !request.to_entities().empty()) {
    return Invalid(field, "true", "false beside an entity to lead to");
  }
  if (request.has_cost()) {
    return Invalid(field, "true", "false beside a cost");
  }
  if (mode == PathMode::kAll || mode == PathMode::kKShortest) {
    return absl::OkStatus();
  }
  return Invalid(FieldPath("mode"), v1::PathMode_Name(request.mode()),
                 "PATH_MODE_ALL or PATH_MODE_K_SHORTEST of paths to anywhere");
}

absl::StatusOr<v1::Path> ReadPath(const Reading& reading,
                                  const traverse::Path& path,
                                  Evidence evidence) {
  v1::Path proto;
  proto.set_cost(path.cost);
  for (const EntityId id : path.entities) {
    ASSIGN_OR_RETURN(*proto.add_entities(), ReadSummary(reading, id));
  }
  for (const RelationshipId id : path.relationships) {
    ASSIGN_OR_RETURN(std::optional<v1::Relationship> relationship,
                     ReadNewest(reading, id, evidence));
    if (relationship.has_value()) {
      *proto.add_relationships() = *std::move(relationship);
    }
  }
  return proto;
}

v1::PathCounts CountsOf(const traverse::PathCounts& counts) {
  v1::PathCounts proto;
  proto.mutable_by_length()->Assign(counts.by_length.begin(),
                                    counts.by_length.end());
  proto.set_ends(counts.ends);
  return proto;
}

absl::Status NotBesideCost(const char* field, const std::string& found) {
  return Invalid(FieldPath(field), found, "none beside a cost");
}

// What only requests for paths have.
absl::Status ReadCost(const v1::FindPathsRequest& request, PathSpec& spec) {
  const FieldPath max_cost("max_cost");
  if (!request.has_cost()) {
    if (!request.has_max_cost()) return absl::OkStatus();
    return Invalid(max_cost, absl::StrCat(request.max_cost()),
                   "none without a cost");
  }
  ASSIGN_OR_RETURN(spec.cost, FromProto(request.cost(), FieldPath("cost")));
  if (request.has_max_cost()) spec.max_cost = request.max_cost();
  if (!(spec.max_cost >= 0)) {
    return Invalid(max_cost, absl::StrCat(spec.max_cost), "0 or more");
  }
  if (request.max_length() != 0) {
    return NotBesideCost("max_length", absl::StrCat(request.max_length()));
  }
  if (spec.counts_only) return NotBesideCost("counts_only", "true");
  if (!request.pattern().empty()) return NotBesideCost("pattern", "a pattern");
  if (spec.restrictor != PathRestrictor::kAcyclic) {
    return NotBesideCost("restrictor",
                         v1::PathRestrictor_Name(request.restrictor()));
  }
  if (spec.min_path_confidence == 0) return absl::OkStatus();
  return NotBesideCost("min_path_confidence",
                       absl::StrCat(spec.min_path_confidence));
}

// A question and what it is asked of.
struct PathsQuestion {
  PathSpec spec;
  Evidence evidence = Evidence::kNone;
  Reading reading;
  Continuation parts;
};

template <typename Request>
absl::StatusOr<PathsQuestion> Begin(const Serving& serving,
                                    const Request& request, PathSpec spec,
                                    Call& call) {
  ASSIGN_OR_RETURN(const Evidence evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  return PathsQuestion{std::move(spec), evidence, std::move(reading),
                       Continuation(serving, request)};
}

// Reads what only the snapshot tells. The question must stay where it is from
// then on.
template <typename Request>
absl::Status Prepare(const Serving& serving, const Request& request,
                     const Call& call, PathsQuestion& question) {
  auto& [spec, evidence, reading, parts] = question;
  RETURN_IF_ERROR(
      parts.Resume(request.resume_token(), reading, spec.traversal));
  RETURN_IF_ERROR(PrepareTraversal(serving, request.traversal(), call, reading,
                                   &spec.traversal));
  ASSIGN_OR_RETURN(spec.pattern,
                   FromProto(request.pattern(), reading.snapshot.schema(),
                             spec.traversal.types, FieldPath("pattern")));
  return absl::OkStatus();
}

// Sends what is found while it is found. `field` is where paths go; `find`
// calls what it is given with each path, and returns the answer without them.
template <typename Response, typename Find>
absl::Status Answer(
    const PathsQuestion& question, Call& call, AnswerStream<Response> stream,
    google::protobuf::RepeatedPtrField<v1::Path>* (Response::*field)(),
    Find find) {
  *stream.pending().mutable_moment() = question.reading.moment();
  int64_t written = 0;
  const auto write = [&](const traverse::Path& path) -> absl::Status {
    RETURN_IF_ERROR(call.CheckGoing());
    ASSIGN_OR_RETURN(v1::Path proto,
                     ReadPath(question.reading, path, question.evidence));
    RETURN_IF_ERROR(stream.Add(field, std::move(proto)));
    ++written;
    return stream.SendIfDue();
  };
  ASSIGN_OR_RETURN(const traverse::PathAnswer found, find(write));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("paths", absl::StrCat(written));
  if (question.spec.counts_only) {
    *stream.pending().mutable_counts() = CountsOf(found.counts);
  }
  *stream.pending().mutable_completeness() =
      question.parts.ToProto(found.completeness, question.reading, call);
  return stream.Finish();
}

}  // namespace

absl::Status FindPaths(const Serving& serving,
                       const v1::FindPathsRequest& request, Call& call,
                       grpc::ServerWriter<v1::FindPathsResponse>* writer) {
  call.Note("from", request.from_entity());
  call.Note("to", request.to_entity());
  ASSIGN_OR_RETURN(PathSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(
      spec.restrictor,
      FromProtoOr(kPathRestrictors, request.restrictor(),
                  FieldPath("restrictor"), PathRestrictor::kAcyclic));
  RETURN_IF_ERROR(ReadCost(request, spec));
  RETURN_IF_ERROR(CheckAnywhere(request, spec.mode));
  ASSIGN_OR_RETURN(PathsQuestion question,
                   Begin(serving, request, std::move(spec), call));
  RETURN_IF_ERROR(Prepare(serving, request, call, question));
  ASSIGN_OR_RETURN(const traverse::PathEnds ends,
                   ReadEnds(question.reading, request));
  return Answer(question, call, AnswerStream(serving.settings, call, writer),
                &v1::FindPathsResponse::mutable_paths,
                [&](traverse::TakePath take) {
                  return traverse::FindPaths(question.reading.ground(), ends,
                                             question.spec, take);
                });
}

absl::Status FindCycles(const Serving& serving,
                        const v1::FindCyclesRequest& request, Call& call,
                        grpc::ServerWriter<v1::FindCyclesResponse>* writer) {
  call.Note("entity", request.entity());
  ASSIGN_OR_RETURN(PathSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(PathsQuestion question,
                   Begin(serving, request, std::move(spec), call));
  RETURN_IF_ERROR(Prepare(serving, request, call, question));
  ASSIGN_OR_RETURN(
      const EntityId entity,
      ResolveEntity(question.reading, request.entity(), FieldPath("entity")));
  return Answer(question, call, AnswerStream(serving.settings, call, writer),
                &v1::FindCyclesResponse::mutable_cycles,
                [&](traverse::TakePath take) {
                  return traverse::FindCycles(question.reading.ground(), entity,
                                              question.spec, take);
                });
}

}  // namespace guanxi::server
