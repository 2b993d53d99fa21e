#include "tests/support/path_oracle.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "tests/support/slow_graph.h"

namespace guanxi::test {
namespace {

using store::Snapshot;
using traverse::Path;
using traverse::PathEnds;
using traverse::TraversalSpec;

std::string RelationshipText(const Snapshot& snapshot, RelationshipId id) {
  Lens lens;  // on any day, in any mode
  for (const Mode mode : {Mode::kExpected, Mode::kPlanned, Mode::kInferred,
                          Mode::kOpinion, Mode::kSuggested}) {
    lens.modes.Add(mode);
  }
  const auto views = snapshot.ReadRelationship(id, lens, Evidence::kNone);
  return views->empty() ? "" : views->front().key.ToString();
}

class Enumeration {
 public:
  Enumeration(const Snapshot& snapshot, const PathEnds& ends,
              const TraversalSpec& spec, size_t max_length)
      : graph_(snapshot, spec), ends_(ends), max_length_(max_length) {}

  std::vector<Path> Run() {
    for (const EntityId from :
         std::set<EntityId>(ends_.from.begin(), ends_.from.end())) {
      path_ = {.entities = {from}};
      Go();
    }
    return std::move(found_);
  }

 private:
  void Go() {
    const EntityId here = path_.entities.back();
    if (std::ranges::count(ends_.to, here) > 0) found_.push_back(path_);
    if (path_.relationships.size() == max_length_) return;
    if (path_.entities.size() > 1 && !Carries(here)) return;
    for (const Step& step : StepsFrom(here)) {
      if (std::ranges::count(path_.entities, step.to) > 0) continue;
      path_.entities.push_back(step.to);
      path_.relationships.push_back(step.edge.id);
      Go();
      path_.entities.pop_back();
      path_.relationships.pop_back();
    }
  }

  bool Carries(EntityId id) {
    const auto [found, is_new] = carries_.try_emplace(id, false);
    if (is_new) found->second = graph_.Carries(id);
    return found->second;
  }

  const std::vector<Step>& StepsFrom(EntityId id) {
    const auto [found, is_new] = steps_.try_emplace(id);
    if (!is_new) return found->second;
    for (const Step& step : graph_.StepsFrom(id)) {
      if (graph_.Shows(step.edge)) found->second.push_back(step);
    }
    return found->second;
  }

  SlowGraph graph_;
  const PathEnds& ends_;
  const size_t max_length_;
  std::map<EntityId, bool> carries_;
  std::map<EntityId, std::vector<Step>> steps_;
  Path path_;
  std::vector<Path> found_;
};

// What the order compares: the length, the first key, then what each step leads
// to and goes along.
auto Rank(const Snapshot& snapshot, const Path& path) {
  using Leg = std::tuple<std::string, std::string, std::string>;
  std::vector<Leg> legs;
  for (size_t i = 0; i < path.relationships.size(); ++i) {
    const std::string text = RelationshipText(snapshot, path.relationships[i]);
    const size_t begin = text.find("[") + 1;
    legs.emplace_back(*snapshot.EntityKey(path.entities[i + 1]),
                      text.substr(begin, text.find("]") - begin), text);
  }
  return std::tuple(legs.size(), *snapshot.EntityKey(path.entities[0]), legs);
}

}  // namespace

std::vector<Path> EnumeratePaths(const Snapshot& snapshot, const PathEnds& ends,
                                 const TraversalSpec& spec, size_t max_length) {
  using Ranked = std::pair<decltype(Rank(snapshot, {})), Path>;
  std::vector<Ranked> ranked;
  for (Path& path : Enumeration(snapshot, ends, spec, max_length).Run()) {
    auto rank = Rank(snapshot, path);
    ranked.emplace_back(std::move(rank), std::move(path));
  }
  std::ranges::sort(ranked, {}, &Ranked::first);
  std::vector<Path> paths;
  for (Ranked& one : ranked) paths.push_back(std::move(one.second));
  return paths;
}

std::string ToText(const Snapshot& snapshot, const Path& path) {
  std::string text = *snapshot.EntityKey(path.entities[0]);
  for (size_t i = 0; i < path.relationships.size(); ++i) {
    absl::StrAppend(&text, " ",
                    RelationshipText(snapshot, path.relationships[i]), " ",
                    *snapshot.EntityKey(path.entities[i + 1]));
  }
  return text;
}

}  // namespace guanxi::test
