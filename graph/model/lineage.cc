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
  std::map<std::string, std::set<std::string>> ancestors;
  ancestors[source] = Ancestors(lineage, source);
  for (const std::string& name : std::set(ancestors[source])) {
    ancestors[name] = Ancestors(lineage, name);
  }
  std::set<std::string> roots;
  for (const auto& entry : ancestors) {
    const std::set<std::string>& above = entry.second;
    // Nothing leads out if all that it derives from derives from the same.
    const bool closed = std::ranges::all_of(
        above,
        [&](const std::string& other) { return ancestors.at(other) == above; });
    if (closed) roots.insert(above.empty() ? entry.first : *above.begin());
  }
  return {roots.begin(), roots.end()};
}

}  // namespace guanxi
