#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"

#include "graph/base/budget.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/topology/topology.h"
#include "server/convert/claim.h"
#include "server/convert/enums.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/page_token.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

// The store, and all of the request that must stay the same from page to page.
std::string Identity(const Serving& serving, v1::ListClaimsRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  request.mutable_options()->clear_min_revision();
  return absl::StrCat(serving.store.identity(),
                      "ListClaims:", request.SerializeAsString());
}

// Takes facts until it says that it wants no more.
using FactSink = absl::FunctionRef<absl::StatusOr<bool>(const FactClaims&)>;

absl::StatusOr<bool> Send(const std::vector<FactClaims>& facts, FactSink sink) {
  for (const FactClaims& fact : facts) {
    ASSIGN_OR_RETURN(const bool more, sink(fact));
    if (!more) return false;
  }
  return true;
}

// What a request asks for, once its names are resolved.
struct ClaimsQuestion {
  EntityId entity;
  std::string name;
  std::optional<std::string> other;  // its key
};

absl::Status Unfinished(Stop stop, const std::string& entity, int64_t limit) {
  if (stop == Stop::kCancelled) return Cancelled();
  if (stop == Stop::kDeadline) return DeadlineExceeded();
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "TOO_MANY_RELATIONSHIPS",
                   absl::StrCat("'", entity,
                                "' has more relationships than one request "
                                "may look through; name a type of them"),
                   {{"entity", entity}, {"limit", absl::StrCat(limit)}});
}

// All relationships of the entity of which a claim is believed, whatever a lens
// makes of it. Those that some claim affirms, then those that are denied.
absl::StatusOr<std::vector<RelationshipId>> FindRelationships(
    const Serving& serving, const Reading& reading,
    const ClaimsQuestion& question, Call& call) {
  std::vector<TypeId> types;
  if (!question.name.empty()) {
    const auto type = reading.snapshot.catalog().types.Find(question.name);
    if (!type.has_value()) return std::vector<RelationshipId>();
    types.push_back(*type);
  }
  Budget budget{.max_relationships = serving.settings.default_entities};
  call.Bind(&budget);
  Meter meter(budget);
  absl::flat_hash_set<RelationshipId> met;
  std::vector<RelationshipId> ids;
  const auto visit = [&](const topology::Hop& hop) {
    if (!meter.CountRelationship()) return false;
    if (met.insert(hop.relationship).second) ids.push_back(hop.relationship);
    return true;
  };
  const topology::Topology topology(reading.ground(), reading.lens);
  RETURN_IF_ERROR(
      topology.Expand(question.entity, Direction::kBoth, types, visit));
  RETURN_IF_ERROR(
      topology.ExpandDenied(question.entity, Direction::kBoth, types, visit));
  if (meter.stop() == Stop::kNone) return ids;
  ASSIGN_OR_RETURN(const std::string key,
                   reading.snapshot.EntityKey(question.entity));
  return Unfinished(meter.stop(), key, budget.max_relationships);
}

bool Touches(const std::vector<FactClaims>& facts, const std::string& key) {
  if (facts.empty() || !facts.front().relationship.has_value()) return false;
  const RelationshipKey& relationship = *facts.front().relationship;
  return relationship.subject == key || relationship.object == key;
}

absl::StatusOr<bool> SendRelationships(const Serving& serving,
                                       const Reading& reading,
                                       const ClaimsQuestion& question,
                                       Call& call, FactSink sink) {
  ASSIGN_OR_RETURN(const std::vector<RelationshipId> ids,
                   FindRelationships(serving, reading, question, call));
  for (const RelationshipId id : ids) {
    RETURN_IF_ERROR(call.CheckGoing());
    ASSIGN_OR_RETURN(const std::vector<FactClaims> facts,
                     reading.snapshot.RelationshipClaims(id, reading.lens));
    if (question.other.has_value() && !Touches(facts, *question.other)) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool more, Send(facts, sink));
    if (!more) return false;
  }
  return true;
}

// Sends what the question asks for; false: the sink wants no more.
absl::StatusOr<bool> SendFacts(const Serving& serving, const Reading& reading,
                               const ClaimsQuestion& question, Call& call,
                               FactSink sink) {
  if (!question.other.has_value()) {
    ASSIGN_OR_RETURN(const std::vector<FactClaims> facts,
                     reading.snapshot.EntityClaims(
                         question.entity, reading.lens, question.name));
    ASSIGN_OR_RETURN(const bool more, Send(facts, sink));
    if (!more || question.name.empty()) return more;
  }
  return SendRelationships(serving, reading, question, call, sink);
}

// One page in the making.
class Page {
 public:
  Page(uint64_t skipped, int size, int64_t max_bytes,
       v1::ListClaimsResponse* response)
      : skipped_(skipped),
        size_(size),
        max_bytes_(max_bytes),
        response_(*response) {}

  absl::StatusOr<bool> Take(const FactClaims& fact) {
    if (met_++ < skipped_) return true;
    v1::Fact proto = ToProto(fact);
    bytes_ += static_cast<int64_t>(proto.ByteSizeLong());
    const bool is_full = response_.facts_size() >= size_ || bytes_ > max_bytes_;
    // A fact that fits on no page is an error of the whole answer.
    if (is_full && response_.facts_size() > 0) return false;
    *response_.add_facts() = std::move(proto);
    return true;
  }

  uint64_t next() const {
    return skipped_ + static_cast<uint64_t>(response_.facts_size());
  }

 private:
  const uint64_t skipped_;
  const int size_;
  const int64_t max_bytes_;
  v1::ListClaimsResponse& response_;
  uint64_t met_ = 0;
  int64_t bytes_ = 0;
};

// The ids of sources that a source derives from.
std::vector<std::string> DerivedFrom(const Map& description) {
  std::vector<std::string> ids;
  const auto entry = description.find("derived_from");
  if (entry == description.end()) return ids;
  const guanxi::List single = {entry->second};
  const auto* list = entry->second.get_if<guanxi::List>();
  for (const Value& value : list == nullptr ? single : *list) {
    if (const Text* text = value.get_if<Text>()) ids.push_back(text->text);
  }
  return ids;
}

// Adds the sources that are cited, and those that they derive from.
absl::Status AddSources(const Reading& reading,
                        v1::ListClaimsResponse* response) {
  std::vector<std::string> waiting;
  for (const v1::Fact& fact : response->facts()) {
    for (const v1::Claim& claim : fact.claims()) {
      if (claim.has_citation()) waiting.push_back(claim.citation().source());
    }
  }
  std::map<std::string, v1::Source> found;
  while (!waiting.empty()) {
    const std::string id = std::move(waiting.back());
    waiting.pop_back();
    if (found.contains(id)) continue;
    ASSIGN_OR_RETURN(const auto source, reading.snapshot.FindSource(id));
    if (!source.has_value()) continue;
    found.emplace(id, ToProto(*source));
    for (std::string& root : DerivedFrom(source->description)) {
      waiting.push_back(std::move(root));
    }
  }
  for (auto& [id, source] : found) *response->add_sources() = std::move(source);
  return absl::OkStatus();
}

absl::StatusOr<ClaimsQuestion> ReadQuestion(
    const Reading& reading, const v1::ListClaimsRequest& request) {
  ClaimsQuestion question{.name = request.name()};
  ASSIGN_OR_RETURN(question.entity, ResolveEntity(reading, request.entity(),
                                                  FieldPath("entity")));
  if (request.other().empty()) return question;
  ASSIGN_OR_RETURN(const EntityId other,
                   ResolveEntity(reading, request.other(), FieldPath("other")));
  ASSIGN_OR_RETURN(question.other, reading.snapshot.EntityKey(other));
  return question;
}

}  // namespace

absl::Status ListClaims(const Serving& serving,
                        const v1::ListClaimsRequest& request, Call& call,
                        v1::ListClaimsResponse* response) {
  call.Note("entity", request.entity());
  if (!request.name().empty()) {
    RETURN_IF_ERROR(CheckName(request.name(), FieldPath("name")));
  }
  ASSIGN_OR_RETURN(const int page_size, ReadPageSize(request.page_size()));
  ASSIGN_OR_RETURN(
      const std::optional<PageToken> token,
      DecodePageToken(request.page_token(), Identity(serving, request)));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  const Revision revision = reading.snapshot.revision();
  if (token.has_value()) RETURN_IF_ERROR(CheckFresh(token->revision, revision));
  *response->mutable_moment() = reading.moment();
  ASSIGN_OR_RETURN(const ClaimsQuestion question,
                   ReadQuestion(reading, request));

  // Half of an answer is kept for the sources.
  Page page(token.has_value() ? token->position : 0, page_size,
            serving.settings.max_answer_bytes / 2, response);
  ASSIGN_OR_RETURN(
      const bool is_last,
      SendFacts(serving, reading, question, call,
                [&](const FactClaims& fact) { return page.Take(fact); }));
  RETURN_IF_ERROR(AddSources(reading, response));
  if (!is_last) {
    response->set_next_page_token(
        EncodePageToken({.position = page.next(), .revision = revision.number},
                        Identity(serving, request)));
  }
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
