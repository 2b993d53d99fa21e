#include "client/cli/drawing.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "client/cli/value_text.h"
#include "client/cli/width.h"

namespace guanxi::cli {
namespace {

// A string of Graphviz, in which only these two mean something.
std::string InDot(const std::string& text) {
  return absl::StrCat(
      "\"",
      absl::StrReplaceAll(Printable(text), {{"\\", "\\\\"}, {"\"", "\\\""}}),
      "\"");
}

// A string of Mermaid, which reads HTML in it, and Markdown in backquotes.
std::string InMermaid(const std::string& text) {
  return absl::StrCat("\"",
                      absl::StrReplaceAll(Printable(text), {{"#", "#35;"},
                                                            {"\"", "#quot;"},
                                                            {"&", "#amp;"},
                                                            {"<", "#lt;"},
                                                            {">", "#gt;"},
                                                            {"`", "#96;"},
                                                            {"|", "#124;"}}),
                      "\"");
}

std::string LineText(const v1::Relationship& relationship) {
  const std::string properties = PropertiesText(relationship);
  const std::string& type = relationship.key().type();
  return properties.empty() ? type : absl::StrCat(type, " ", properties);
}

}  // namespace

void Drawing::Add(const v1::EntitySummary& entity) {
  const size_t known = boxes_.size();
  const size_t at = Find(entity.key());
  if (at == known) boxes_[at].text = ToText(entity);
}

void Drawing::Add(const v1::Relationship& relationship) {
  const size_t from = Find(relationship.key().subject());
  const size_t to = Find(relationship.key().object());
  lines_.push_back(
      {from, to, LineText(relationship), relationship.symmetric()});
}

size_t Drawing::Find(const std::string& key) {
  const auto [at, added] = places_.try_emplace(key, boxes_.size());
  if (added) boxes_.push_back({key, key});
  return at->second;
}

std::string Drawing::ToDot() const {
  std::string text = "digraph guanxi {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Box& box : boxes_) {
    absl::StrAppend(&text, "  ", InDot(box.key), " [label=", InDot(box.text),
                    "];\n");
  }
  for (const Line& line : lines_) {
    absl::StrAppend(&text, "  ", InDot(boxes_[line.from].key), " -> ",
                    InDot(boxes_[line.to].key), " [label=", InDot(line.text),
                    line.symmetric ? ", dir=none" : "", "];\n");
  }
  return absl::StrCat(text, "}\n");
}

std::string Drawing::ToMermaid() const {
  std::string text = "flowchart LR\n";
  for (size_t i = 0; i < boxes_.size(); ++i) {
    absl::StrAppend(&text, "  n", i, "[", InMermaid(boxes_[i].text), "]\n");
  }
  for (const Line& line : lines_) {
    absl::StrAppend(&text, "  n", line.from, line.symmetric ? " ---|" : " -->|",
                    InMermaid(line.text), "| n", line.to, "\n");
  }
  return text;
}

}  // namespace guanxi::cli
