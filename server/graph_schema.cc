#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/placement.h"
#include "graph/store/statistics.h"
#include "server/builtin_schema.h"
#include "server/convert/declaration.h"
#include "server/graph_reads.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

absl::StatusOr<Reading> BeginReadingSince(const Serving& serving,
                                          uint64_t min_revision, Call& call) {
  v1::ReadOptions options;
  options.set_min_revision(min_revision);
  return BeginReading(serving, options, call);
}

// Writes the declarations of one kind; `find` finds one in a schema.
template <typename Declared, typename Rows, typename Find>
void Write(const std::map<std::string, Declared, std::less<>>& declared,
           const std::string& name, Find find, Rows* rows) {
  for (const auto& [declared_name, declaration] : declared) {
    if (!name.empty() && declared_name != name) continue;
    auto* row = rows->Add();
    *row->mutable_declaration() = ToProto(declaration);
    const Declared* known = find(declared_name);
    row->set_built_in(known != nullptr && *known == declaration);
  }
}

// The interned names from `first` on that are not declared, sorted.
template <typename IdType, typename Declared, typename Rows>
void WriteUndeclared(const store::Names<IdType>& names,
                     const std::map<std::string, Declared, std::less<>>& known,
                     const std::string& asked, Rows* rows) {
  std::vector<std::string> undeclared;
  for (IdType id; id.value < names.size(); ++id.value) {
    const std::string& name = *names.Get(id);
    if (known.contains(name)) continue;
    if (asked.empty() || asked == name) undeclared.push_back(name);
  }
  std::ranges::sort(undeclared);
  rows->Assign(undeclared.begin(), undeclared.end());
}

bool IsJudgementName(const std::string& name) {
  return std::ranges::any_of(store::kJudgementTypes, [&name](const char* type) {
    return name == type;
  });
}

void WriteCounts(const std::map<std::string, uint64_t>& counts,
                 google::protobuf::RepeatedPtrField<v1::NameCount>* rows) {
  for (const auto& [name, count] : counts) {
    v1::NameCount* row = rows->Add();
    row->set_name(name);
    row->set_count(static_cast<int64_t>(count));
  }
}

}  // namespace

absl::Status GetSchema(const Serving& serving,
                       const v1::GetSchemaRequest& request, Call& call,
                       v1::GetSchemaResponse* response) {
  const std::string& name = request.name();
  if (!name.empty()) RETURN_IF_ERROR(CheckName(name, FieldPath("name")));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReadingSince(serving, request.min_revision(), call));
  ASSIGN_OR_RETURN(const Schema built_in, BuiltinSchema());
  const store::Catalog& catalog = reading.snapshot.catalog();
  const Schema& schema = catalog.schema;
  response->set_revision(reading.snapshot.revision().number);
  Write(
      schema.labels(), name,
      [&](const std::string& label) { return built_in.FindLabel(label); },
      response->mutable_labels());
  Write(
      schema.properties(), name,
      [&](const std::string& one) { return built_in.FindProperty(one); },
      response->mutable_properties());
  Write(
      schema.relationships(), name,
      [&](const std::string& type) { return built_in.FindRelationship(type); },
      response->mutable_relationships());
  WriteUndeclared(catalog.labels, schema.labels(), name,
                  response->mutable_undeclared_labels());
  WriteUndeclared(catalog.properties, schema.properties(), name,
                  response->mutable_undeclared_properties());
  auto* types = response->mutable_undeclared_relationships();
  WriteUndeclared(catalog.types, schema.relationships(), name, types);
  types->erase(std::remove_if(types->begin(), types->end(), IsJudgementName),
               types->end());
  return CheckAnswerSize(*response, serving.settings);
}

absl::Status GetStatistics(const Serving& serving,
                           const v1::GetStatisticsRequest& request, Call& call,
                           v1::GetStatisticsResponse* response) {
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReadingSince(serving, request.min_revision(), call));
  ASSIGN_OR_RETURN(
      const store::Statistics counts,
      store::CountAll(reading.snapshot, [&call] { return call.CheckGoing(); }));
  response->set_revision(reading.snapshot.revision().number);
  response->set_entities(static_cast<int64_t>(counts.entities));
  response->set_relationships(static_cast<int64_t>(counts.relationships));
  response->set_claims(static_cast<int64_t>(counts.claims));
  response->set_sources(static_cast<int64_t>(counts.sources));
  WriteCounts(counts.labels, response->mutable_labels());
  WriteCounts(counts.types, response->mutable_types());
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
