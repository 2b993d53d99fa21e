#ifndef GUANXI_TESTS_SUPPORT_REFERENCE_IDENTITY_H_
#define GUANXI_TESTS_SUPPORT_REFERENCE_IDENTITY_H_

#include <set>
#include <string>
#include <utility>

#include "tests/support/answers.h"

namespace guanxi::test {

// A pair of entities, the smaller key first.
using EntityPair = std::pair<std::string, std::string>;

// Which entities are one at a moment: DESIGN.md §1.3.
class ReferenceIdentity {
 public:
  // The pairs that are judged the same or different at the moment, and the
  // entities that are pinned by `canonical: true` then.
  ReferenceIdentity(std::set<EntityPair> same, std::set<EntityPair> different,
                    std::set<std::string> pinned);

  // An entity of no cluster, or of a blocked one, is alone.
  ClusterAnswer ClusterOf(const std::string& key) const;

  std::string CanonicalOf(const std::string& key) const {
    return ClusterOf(key).canonical;
  }

 private:
  std::set<std::string> Reachable(const std::string& key) const;
  std::string CanonicalAmong(const std::set<std::string>& members) const;

  std::set<EntityPair> same_;
  std::set<EntityPair> different_;
  std::set<std::string> pinned_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_REFERENCE_IDENTITY_H_
