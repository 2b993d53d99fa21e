#ifndef GUANXI_CLIENT_CLI_PATH_ANSWER_H_
#define GUANXI_CLIENT_CLI_PATH_ANSWER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <CLI/App.hpp>
#include <google/protobuf/message.h>
#include <google/protobuf/repeated_field.h>

#include "client/cli/options.h"
#include "client/cli/pattern_text.h"
#include "client/cli/session.h"
#include "graph/base/status_macros.h"
#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::cli {

// What the commands that find paths have in common: their options, and how they
// show what was found.
struct PathArgs {
  TraversalArgs traversal;
  bool all_shortest = false;
  bool all = false;
  int64_t first = 0;
  bool count = false;
  int32_t max_length = 0;
  std::string pattern;
  double min_path_confidence = 0;
  // How a cost is told, where one was asked for.
  std::function<std::string(double)> cost_text;
};
// `things`: what they find, as in "paths".
void AddPathOptions(CLI::App& command, const std::string& things,
                    PathArgs& args);

v1::PathMode ModeOf(const PathArgs& args);
absl::Status CheckMode(const PathArgs& args, const Session& session);

// Fills what requests for paths and for cycles have in common.
// INVALID_ARGUMENT: the pattern is none, several modes are asked for, or the
// mode or the format is none for counting.
template <typename Request>
absl::Status Fill(const PathArgs& args, Session& session, Request& request) {
  RETURN_IF_ERROR(CheckMode(args, session));
  request.set_mode(ModeOf(args));
  request.set_max_paths(args.first);
  request.set_counts_only(args.count);
  request.set_max_length(args.max_length);
  request.set_min_path_confidence(args.min_path_confidence);
  if (!args.pattern.empty()) {
    ASSIGN_OR_RETURN(const std::vector<v1::PathStep> steps,
                     ParsePattern(args.pattern));
    request.mutable_pattern()->Assign(steps.begin(), steps.end());
  }
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_evidence(v1::EVIDENCE_SHOWN);
  request.set_resume_token(args.traversal.resume);
  return absl::OkStatus();
}

// An answer, whatever its message is called.
struct PathAnswer {
  const google::protobuf::Message& message;
  const google::protobuf::RepeatedPtrField<v1::Path>& paths;
  const v1::ResolvedMoment& moment;
  const v1::Completeness& completeness;
  const v1::PathCounts& counts;
};

// Shows it in the format that the session asks for; `thing`: "path", "cycle".
absl::StatusOr<Answer> Show(const PathAnswer& answer, const PathArgs& args,
                            const std::string& thing, Session& session);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_PATH_ANSWER_H_
