#ifndef GUANXI_CLIENT_CLI_DRAWING_H_
#define GUANXI_CLIENT_CLI_DRAWING_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "guanxi/v1/graph.pb.h"

namespace guanxi::cli {

// What of an answer is drawn: entities as boxes, relationships as arrows. No
// text of theirs can break out of its place.
class Drawing {
 public:
  // Each entity once, the first time.
  void Add(const v1::EntitySummary& entity);

  // An end that was not added stands under its key.
  void Add(const v1::Relationship& relationship);

  // In the language of Graphviz, and of Mermaid.
  std::string ToDot() const;
  std::string ToMermaid() const;

 private:
  struct Box {
    std::string key;
    std::string text;
  };
  struct Line {
    size_t from;  // counts in `boxes_`
    size_t to;
    std::string text;
    bool symmetric;
  };

  size_t Find(const std::string& key);

  std::map<std::string, size_t> places_;  // of keys among `boxes_`
  std::vector<Box> boxes_;
  std::vector<Line> lines_;
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_DRAWING_H_
