#include "server/convert/path_step.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/step_options.h"

namespace guanxi::server {
namespace {

using traverse::PathStep;

absl::Status ReadRepetitions(const v1::PathStep& proto, const FieldPath& field,
                             PathStep& step) {
  if (proto.has_min()) step.min = proto.min();
  if (step.min < 0 || step.min > PathStep::kAnyNumber) {
    return Invalid(FieldPath(field, "min"), absl::StrCat(step.min),
                   absl::StrCat("0 to ", PathStep::kAnyNumber));
  }
  step.max = proto.has_max() ? proto.max() : std::max(step.min, 1);
  if (step.max < 1 || step.max > PathStep::kAnyNumber) {
    return Invalid(FieldPath(field, "max"), absl::StrCat(step.max),
                   absl::StrCat("1 to ", PathStep::kAnyNumber));
  }
  if (step.min > step.max) {
    return Invalid(FieldPath(field, "min"), absl::StrCat(step.min),
                   absl::StrCat("0 to ", step.max, ", the most"));
  }
  return absl::OkStatus();
}

absl::StatusOr<PathStep> ReadStep(const v1::PathStep& proto,
                                  const Schema& schema,
                                  const std::vector<std::string>& types,
                                  const FieldPath& field) {
  PathStep step;
  RETURN_IF_ERROR(ReadStepOptions(proto, schema, types, field, &step));
  RETURN_IF_ERROR(ReadRepetitions(proto, field, step));
  return step;
}

}  // namespace

absl::StatusOr<std::vector<PathStep>> FromProto(
    const google::protobuf::RepeatedPtrField<v1::PathStep>& steps,
    const Schema& schema, const std::vector<std::string>& types,
    const FieldPath& field) {
  constexpr int64_t kMost = traverse::PathSpec::kMaxRepetitions;
  std::vector<PathStep> read;
  for (int i = 0; i < steps.size() && i <= kMost; ++i) {
    ASSIGN_OR_RETURN(PathStep step,
                     ReadStep(steps[i], schema, types, FieldPath(field, i)));
    read.push_back(std::move(step));
  }
  const int64_t repetitions = traverse::CountRepetitions(read);
  if (repetitions <= kMost) return read;
  return Invalid(field, absl::StrCat(repetitions, " repetitions"),
                 absl::StrCat("at most ", kMost, " together"));
}

}  // namespace guanxi::server
