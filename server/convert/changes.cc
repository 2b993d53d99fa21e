#include "server/convert/changes.h"

#include <google/protobuf/util/time_util.h>

#include "server/convert/claim.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"
#include "server/convert/view.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below
using store::ChangeKind;
using store::EventKind;

constexpr EnumPair<EventKind, v1::EventKind> kEventKinds[] = {
    {EventKind::kBelieved, v1::EVENT_KIND_BELIEVED},
    {EventKind::kBelievedAgain, v1::EVENT_KIND_BELIEVED_AGAIN},
    {EventKind::kEnded, v1::EVENT_KIND_ENDED},
    {EventKind::kCorrected, v1::EVENT_KIND_CORRECTED},
    {EventKind::kRetracted, v1::EVENT_KIND_RETRACTED},
    {EventKind::kDeleted, v1::EVENT_KIND_DELETED},
    {EventKind::kPurged, v1::EVENT_KIND_PURGED},
    {EventKind::kImplicitSet, v1::EVENT_KIND_IMPLICIT_SET},
    {EventKind::kImplicitReplaced, v1::EVENT_KIND_IMPLICIT_REPLACED},
    {EventKind::kImplicitRemoved, v1::EVENT_KIND_IMPLICIT_REMOVED},
};
constexpr EnumPair<ChangeKind, v1::ChangeKind> kChangeKinds[] = {
    {ChangeKind::kAdded, v1::CHANGE_KIND_ADDED},
    {ChangeKind::kEnded, v1::CHANGE_KIND_ENDED},
    {ChangeKind::kCorrected, v1::CHANGE_KIND_CORRECTED},
    {ChangeKind::kRetracted, v1::CHANGE_KIND_RETRACTED},
    {ChangeKind::kValueChanged, v1::CHANGE_KIND_VALUE_CHANGED},
    {ChangeKind::kFlagsChanged, v1::CHANGE_KIND_FLAGS_CHANGED},
    {ChangeKind::kRegrouped, v1::CHANGE_KIND_REGROUPED},
};

v1::ChangeReason ToProto(const Reason& reason) {
  v1::ChangeReason proto;
  for (const Citation& citation : reason.from) {
    *proto.add_citations() = ToProto(citation);
  }
  proto.set_by(reason.by);
  proto.set_note(reason.note);
  return proto;
}

v1::ShownFact ToProto(const store::ShownFact& shown) {
  v1::ShownFact proto;
  if (!shown.value.is_null()) *proto.mutable_value() = ToProto(shown.value);
  *proto.mutable_qualifiers() = ToProto(shown.qualifiers);
  Write(shown.showing, proto.mutable_showing());
  return proto;
}

}  // namespace

v1::HistoryEvent ToProto(const store::HistoryEvent& event) {
  v1::HistoryEvent proto;
  proto.set_kind(ToProto(kEventKinds, event.kind));
  proto.set_revision(event.revision.number);
  *proto.mutable_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(event.time);
  proto.set_author(event.author);
  proto.set_commit_note(event.note);
  proto.set_entity(event.entity);
  if (event.relationship.has_value()) {
    Write(*event.relationship, proto.mutable_relationship());
  }
  if (event.claim.has_value()) {
    Write(event.fact, proto.mutable_fact());
    *proto.mutable_claim() =
        ToProto(ClaimView{.claim = *event.claim, .since = event.since});
    proto.mutable_claim()->clear_verdict();
  }
  if (event.reason != Reason()) *proto.mutable_reason() = ToProto(event.reason);
  proto.set_corrected_by(event.corrected_by);
  return proto;
}

v1::FactChange ToProto(const store::FactChange& change) {
  v1::FactChange proto;
  proto.set_kind(ToProto(kChangeKinds, change.kind));
  proto.set_entity(change.entity);
  if (change.relationship.has_value()) {
    Write(*change.relationship, proto.mutable_relationship());
  }
  Write(change.fact, proto.mutable_fact());
  if (change.before) *proto.mutable_before() = ToProto(*change.before);
  if (change.after) *proto.mutable_after() = ToProto(*change.after);
  return proto;
}

}  // namespace guanxi::server
