#ifndef GUANXI_GRAPH_MODEL_LINEAGE_H_
#define GUANXI_GRAPH_MODEL_LINEAGE_H_

#include <map>
#include <string>
#include <vector>

namespace guanxi {

// Sources by name, each with those that it derives from.
using Lineage = std::map<std::string, std::vector<std::string>>;

// The roots of `source`, sorted: sources that it comes down to and that derive
// from nothing else. Of a cycle that nothing leads out of, the smallest name
// is the root. Takes time in the
// sources times the lines between them.
std::vector<std::string> LineageRoots(const Lineage& lineage,
                                      const std::string& source);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_LINEAGE_H_
