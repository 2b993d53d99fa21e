#include <string>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

constexpr int kMaxBatch = 1000;

// What a request wants to see of each entity.
struct Wanted {
  Evidence evidence = Evidence::kNone;
  store::EntityFilter filter;
};

template <typename Request>
absl::StatusOr<Wanted> ReadWanted(const Request& request) {
  Wanted wanted{.filter = {.property = request.property()}};
  if (!request.property().empty()) {
    RETURN_IF_ERROR(CheckName(request.property(), FieldPath("property")));
  }
  ASSIGN_OR_RETURN(wanted.evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  return wanted;
}

absl::StatusOr<v1::Entity> ReadEntity(const Reading& reading, EntityId id,
                                      const Wanted& wanted) {
  ASSIGN_OR_RETURN(const EntityView view,
                   reading.snapshot.ReadEntity(id, reading.lens,
                                               wanted.evidence, wanted.filter));
  return ToProto(view);
}

absl::StatusOr<v1::BatchGetResult> ReadResult(const Reading& reading,
                                              const std::string& name,
                                              const FieldPath& field,
                                              const Wanted& wanted) {
  v1::BatchGetResult result;
  ASSIGN_OR_RETURN(const LookUp found, LookUpEntity(reading, name, field));
  if (found.id.has_value()) {
    ASSIGN_OR_RETURN(*result.mutable_entity(),
                     ReadEntity(reading, *found.id, wanted));
    return result;
  }
  v1::UnresolvedEntity& unresolved = *result.mutable_unresolved();
  unresolved.set_reason(found.candidates.empty() ? v1::ENTITY_NOT_FOUND
                                                 : v1::ENTITY_AMBIGUOUS);
  unresolved.set_message(
      std::string(WhyUnresolved(found, name, field).message()));
  unresolved.mutable_candidates()->Assign(found.candidates.begin(),
                                          found.candidates.end());
  return result;
}

}  // namespace

absl::Status Get(const Serving& serving, const v1::GetRequest& request,
                 Call& call, v1::GetResponse* response) {
  call.Note("entity", request.entity());
  ASSIGN_OR_RETURN(const Wanted wanted, ReadWanted(request));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(const EntityId id, ResolveEntity(reading, request.entity(),
                                                    FieldPath("entity")));
  *response->mutable_moment() = reading.moment();
  ASSIGN_OR_RETURN(*response->mutable_entity(),
                   ReadEntity(reading, id, wanted));
  return CheckAnswerSize(*response, serving.settings);
}

absl::Status BatchGet(const Serving& serving,
                      const v1::BatchGetRequest& request, Call& call,
                      v1::BatchGetResponse* response) {
  const int count = request.entities_size();
  const FieldPath entities("entities");
  call.Note("entities", absl::StrCat(count));
  if (count < 1 || count > kMaxBatch) {
    return Invalid(entities, absl::StrCat(count, " entities"),
                   absl::StrCat("1 to ", kMaxBatch));
  }
  ASSIGN_OR_RETURN(const Wanted wanted, ReadWanted(request));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  *response->mutable_moment() = reading.moment();
  int64_t bytes = 0;
  for (int i = 0; i < count; ++i) {
    RETURN_IF_ERROR(call.CheckGoing());
    ASSIGN_OR_RETURN(*response->add_results(),
                     ReadResult(reading, request.entities(i),
                                FieldPath(entities, i), wanted));
    bytes += static_cast<int64_t>(response->results(i).ByteSizeLong());
    if (bytes > serving.settings.max_answer_bytes) break;
  }
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
