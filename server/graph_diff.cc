#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/diff.h"
#include "server/answer_stream.h"
#include "server/convert/changes.h"
#include "server/convert/traversal.h"
#include "server/graph_reads.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

constexpr absl::string_view kOneDay = "one day, as in 2025-09-30";

// The earlier of the two moments; what it leaves out is as in the later one.
absl::StatusOr<Reading> BeginEarlier(const Serving& serving,
                                     const v1::Moment& from,
                                     const Reading& later) {
  const FieldPath field("from");
  Lens lens = later.lens;
  if (!from.valid_at().empty()) {
    const auto day = ParseDay(from.valid_at());
    if (!day.ok()) {
      return Invalid(FieldPath(field, "valid_at"), from.valid_at(), kOneDay);
    }
    lens.valid_at = *day;
  }
  store::KnownAt known_at = FromProto(from);
  const bool says_when = from.has_revision() || from.has_time();
  if (!says_when) known_at.revision = later.snapshot.revision();
  ASSIGN_OR_RETURN(store::Snapshot snapshot,
                   serving.store.BeginSnapshot(known_at));
  if (later.snapshot.revision() < snapshot.revision()) {
    return Invalid(
        field, absl::StrCat("revision ", snapshot.revision().number),
        absl::StrCat("one up to revision ", later.snapshot.revision().number,
                     ", that of options.moment"));
  }
  return Reading{std::move(snapshot), lens, nullptr};
}

// As the later moment knows it, else as the earlier one does.
absl::StatusOr<EntityId> ReadEntity(const Reading& earlier,
                                    const Reading& later,
                                    const std::string& name) {
  const FieldPath field("entity");
  ASSIGN_OR_RETURN(const LookUp now, LookUpEntity(later, name, field));
  if (now.id.has_value()) return *now.id;
  if (!now.candidates.empty()) return WhyUnresolved(now, name, field);
  return ResolveEntity(earlier, name, field);
}

absl::StatusOr<traverse::DiffSpec> ReadSpec(const Serving& serving,
                                            const v1::DiffRequest& request,
                                            const Reading& earlier,
                                            const Reading& later) {
  traverse::DiffSpec spec;
  RETURN_IF_ERROR(ReadBudget(request.budget(), ToBudgetLimits(serving.settings),
                             FieldPath("budget"), &spec.budget));
  if (!request.entity().empty()) {
    ASSIGN_OR_RETURN(spec.entity, ReadEntity(earlier, later, request.entity()));
  } else if (earlier.lens.valid_at != later.lens.valid_at) {
    return Invalid(FieldPath(FieldPath("from"), "valid_at"),
                   request.from().valid_at(),
                   "the day of options.moment, or an entity to compare days");
  }
  return spec;
}

}  // namespace

absl::Status Diff(const Serving& serving, const v1::DiffRequest& request,
                  Call& call, grpc::ServerWriter<v1::DiffResponse>* writer) {
  call.Note("entity", request.entity());
  if (!request.has_from()) {
    return Missing(FieldPath("from"), "the earlier moment");
  }
  ASSIGN_OR_RETURN(const Reading later,
                   BeginReading(serving, request.options(), call));
  if (!later.lens.valid_at.has_value()) {
    const FieldPath options("options");
    return Invalid(FieldPath(FieldPath(options, "moment"), "valid_at"), "any",
                   kOneDay);
  }
  ASSIGN_OR_RETURN(const Reading earlier,
                   BeginEarlier(serving, request.from(), later));
  ASSIGN_OR_RETURN(traverse::DiffSpec spec,
                   ReadSpec(serving, request, earlier, later));
  call.Bind(&spec.budget);
  ASSIGN_OR_RETURN(const traverse::Diff diff,
                   traverse::FindChanges({earlier.snapshot, earlier.lens},
                                         {later.snapshot, later.lens}, spec));
  if (diff.completeness.reason == Stop::kCancelled) return Cancelled();
  call.Note("changes", absl::StrCat(diff.changes.size()));

  AnswerStream<v1::DiffResponse> stream(serving.settings, call, writer);
  *stream.pending().mutable_from() = earlier.moment();
  *stream.pending().mutable_to() = later.moment();
  for (const store::FactChange& change : diff.changes) {
    RETURN_IF_ERROR(call.CheckGoing());
    RETURN_IF_ERROR(
        stream.Add(&v1::DiffResponse::mutable_changes, ToProto(change)));
  }
  *stream.pending().mutable_completeness() = ToProto(diff.completeness);
  return stream.Finish();
}

}  // namespace guanxi::server
