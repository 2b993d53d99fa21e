#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/components.h"
#include "server/answer_stream.h"
#include "server/convert/traversal.h"
#include "server/graph_reads.h"
#include "server/reading.h"
#include "server/resume.h"

namespace guanxi::server {
namespace {

using ComponentsStream = AnswerStream<v1::FindComponentsResponse>;
using traverse::ComponentsSpec;

absl::StatusOr<ComponentsSpec> ReadSpec(
    const v1::FindComponentsRequest& request, const Settings& settings) {
  ComponentsSpec spec;
  const FieldPath traversal("traversal");
  RETURN_IF_ERROR(ReadTraversal(request.traversal(), ToBudgetLimits(settings),
                                traversal, &spec.traversal));
  if (spec.traversal.direction != Direction::kBoth) {
    return Invalid(FieldPath(traversal, "direction"),
                   v1::Direction_Name(request.traversal().direction()),
                   "DIRECTION_BOTH: components are the same whichever way "
                   "relationships point");
  }
  if (request.min_size() < 0) {
    return Invalid(FieldPath("min_size"), absl::StrCat(request.min_size()),
                   "0 for 2, or more");
  }
  if (request.min_size() > 0) spec.min_size = request.min_size();
  return spec;
}

absl::Status WriteComponents(const traverse::Components& found,
                             const Reading& reading, const Call& call,
                             ComponentsStream& stream) {
  for (const traverse::Component& component : found.components) {
    RETURN_IF_ERROR(call.CheckGoing());
    v1::Component proto;
    ASSIGN_OR_RETURN(*proto.mutable_representative(),
                     ReadSummary(reading, component.representative));
    proto.set_entities(component.entities);
    RETURN_IF_ERROR(stream.Add(&v1::FindComponentsResponse::mutable_components,
                               std::move(proto)));
  }
  return absl::OkStatus();
}

absl::Status WriteSizes(const traverse::Components& found,
                        ComponentsStream& stream) {
  int64_t components = 0;
  int64_t entities = 0;
  for (const traverse::SizeCount& size : found.sizes) {
    components += size.count;
    entities += size.count * size.size;
    v1::ComponentSizeCount proto;
    proto.set_size(size.size);
    proto.set_count(size.count);
    RETURN_IF_ERROR(stream.Add(&v1::FindComponentsResponse::mutable_sizes,
                               std::move(proto)));
  }
  stream.pending().set_component_count(components);
  stream.pending().set_entity_count(entities);
  return absl::OkStatus();
}

}  // namespace

absl::Status FindComponents(
    const Serving& serving, const v1::FindComponentsRequest& request,
    Call& call, grpc::ServerWriter<v1::FindComponentsResponse>* writer) {
  ASSIGN_OR_RETURN(ComponentsSpec spec, ReadSpec(request, serving.settings));
  ASSIGN_OR_RETURN(Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(const Continuation parts,
                   BeginPart(serving, request, call, reading, &spec.traversal));
  ASSIGN_OR_RETURN(const traverse::Components found,
                   traverse::FindComponents(reading.ground(), spec));
  if (found.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("components", absl::StrCat(found.components.size()));

  ComponentsStream stream(serving.settings, call, writer);
  *stream.pending().mutable_moment() = reading.moment();
  RETURN_IF_ERROR(WriteComponents(found, reading, call, stream));
  RETURN_IF_ERROR(WriteSizes(found, stream));
  *stream.pending().mutable_completeness() =
      parts.ToProto(found.completeness, reading, call);
  return stream.Finish();
}

}  // namespace guanxi::server
