#ifndef GUANXI_SERVER_RESUME_H_
#define GUANXI_SERVER_RESUME_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/spec.h"
#include "guanxi/v1/graph.pb.h"
#include "server/calls.h"
#include "server/convert/traversal.h"
#include "server/reading.h"
#include "server/serving.h"
#include "server/settings.h"

namespace guanxi::server {

// An answer of a traversal that can be given in parts. Between the parts the
// server keeps nothing: what it must know is in the token, which is bound to
// the moment and to the request (docs/decisions/0010-resume-tokens.md).
class Continuation {
 public:
  // Of one rpc's requests to one store; both must outlive it.
  template <typename Request>
  Continuation(const Serving& serving, const Request& request)
      : what_stays_([&serving, &request] {
          return absl::StrCat(serving.store.identity(), WhatStays(request));
        }),
        limits_(ToBudgetLimits(serving.settings)) {}

  // Sets `reading` and `spec` on the part that `token` asks for; an empty one
  // asks for the first. INVALID_ARGUMENT [PAGE_TOKEN_INVALID], ABORTED
  // [PAGE_TOKEN_STALE].
  absl::Status Resume(const std::string& token, Reading& reading,
                      traverse::TraversalSpec& spec) const;

  // How complete a part is, with the token of the next one if there is any; the
  // call is told which limit ended it.
  v1::Completeness ToProto(const traverse::Completeness& completeness,
                           const Reading& reading, Call& call) const;

 private:
  // All of a request that must stay the same from part to part.
  template <typename Request>
  static std::string WhatStays(Request request) {
    request.clear_resume_token();
    request.mutable_options()->clear_min_revision();
    request.mutable_traversal()->clear_budget();
    return absl::StrCat(request.GetTypeName(), ":",
                        request.SerializeAsString());
  }

  std::string NextToken(const traverse::Completeness& completeness,
                        const Reading& reading) const;

  std::function<std::string()> what_stays_;  // no token: not needed
  BudgetLimits limits_;
};

// The part of an answer that a request asks for: sets `reading` and `spec` on
// it, and completes both as PrepareTraversal() does. `reading` must stay where
// it is from then on. Errors as Continuation::Resume() and PrepareTraversal().
template <typename Request>
absl::StatusOr<Continuation> BeginPart(const Serving& serving,
                                       const Request& request, const Call& call,
                                       Reading& reading,
                                       traverse::TraversalSpec* spec) {
  Continuation part(serving, request);
  RETURN_IF_ERROR(part.Resume(request.resume_token(), reading, *spec));
  RETURN_IF_ERROR(
      PrepareTraversal(serving, request.traversal(), call, reading, spec));
  return part;
}

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_RESUME_H_
