#include "client/cli/path_text.h"

#include "absl/strings/str_cat.h"

#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "client/cli/width.h"

namespace guanxi::cli {
namespace {

std::string EntityText(const v1::EntitySummary& entity,
                       const std::set<std::string>& marked) {
  return absl::StrCat(ToText(entity),
                      marked.count(entity.key()) > 0 ? " *" : "");
}

// One step as "-[OWNS_SHARES_IN 16%]-> Cambricon Technologies (cambricon)".
std::string StepText(const v1::Path& path, int step,
                     const std::set<std::string>& marked) {
  const v1::Relationship& relationship = path.relationships(step);
  const std::string& here = path.entities(step).key();
  const bool from_object = relationship.key().subject() != here;
  return absl::StrCat(
      Arrow(relationship, from_object, PropertiesText(relationship)), " ",
      EntityText(path.entities(step + 1), marked));
}

}  // namespace

void PrintPath(const v1::Path& path, const std::set<std::string>& marked,
               Session& session) {
  if (path.entities().empty()) return;
  session.Print(EntityText(path.entities(0), marked));
  Table table({});
  for (int step = 0; step < path.relationships_size(); ++step) {
    const v1::Relationship& relationship = path.relationships(step);
    table.AddRow({StepText(path, step, marked), SourceText(relationship),
                  FlagsText(relationship)});
  }
  table.Print(session.out(), session.width(), kIndent);
  session.out() << "\n";
}

std::vector<std::string> RelationshipHeadings(std::vector<std::string> first) {
  for (const char* heading :
       {"subject", "type", "object", "properties", "source", "notes"}) {
    first.emplace_back(heading);
  }
  return first;
}

std::vector<std::string> RelationshipCells(
    std::vector<std::string> first, const v1::Relationship& relationship) {
  const v1::RelationshipKey& key = relationship.key();
  for (const std::string& cell :
       {key.subject(), key.type(), key.object(), PropertiesText(relationship),
        SourceText(relationship), FlagsText(relationship)}) {
    first.push_back(cell);
  }
  return first;
}

bool PrintForPrograms(absl::FunctionRef<void()> print_csv,
                      absl::FunctionRef<Drawing()> draw, const std::string& end,
                      Session& session) {
  if (session.IsFormat("csv")) {
    print_csv();
  } else if (session.IsFormat("dot")) {
    session.out() << draw().ToDot();
  } else if (session.IsFormat("mermaid")) {
    session.out() << draw().ToMermaid();
  } else {
    return false;
  }
  session.err() << Printable(end) << "\n";
  return true;
}

}  // namespace guanxi::cli
