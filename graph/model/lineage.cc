#include "graph/model/lineage.h"

#include <algorithm>
#include <set>
#include <utility>

namespace guanxi {
namespace {

// Everything that `source` derives from, by however many steps.
std::set<std::string> Ancestors(const Lineage& lineage,
                                const std::string& source) {
  std::set<std::string> found;
  std::vector<std::string> queue = {source};
  while (!queue.empty()) {
    const auto parents = lineage.find(queue.back());
    queue.pop_back();
    if (parents == lineage.end()) continue;
    for (const std::string& parent : parents->second) {
      if (found.insert(parent).second) queue.push_back(parent);
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> LineageRoots(const Lineage& lineage,
                                      const std::string& source) {
  std::set<std::string> candidates = Ancestors(lineage, source);
  candidates.insert(source);
  std::set<std::string> roots;
  for (const std::string& candidate : candidates) {
    const std::set<std::string> ancestors = Ancestors(lineage, candidate);
    // Nothing leads out if all that it derives from derives from it in turn.
    const bool closed = std::ranges::all_of(ancestors, [&](const auto& name) {
      return Ancestors(lineage, name).contains(candidate);
    });
    if (!closed) continue;
    roots.insert(ancestors.empty() ? candidate : *ancestors.begin());
  }
  return {roots.begin(), roots.end()};
}

}  // namespace guanxi
