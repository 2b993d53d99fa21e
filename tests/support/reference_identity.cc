#include "tests/support/reference_identity.h"

#include <algorithm>
#include <vector>

namespace guanxi::test {

ReferenceIdentity::ReferenceIdentity(std::set<EntityPair> same,
                                     std::set<EntityPair> different,
                                     std::set<std::string> pinned)
    : same_(std::move(same)),
      different_(std::move(different)),
      pinned_(std::move(pinned)) {}

std::set<std::string> ReferenceIdentity::Reachable(
    const std::string& key) const {
  std::set<std::string> met = {key};
  size_t before = 0;
  while (before != met.size()) {
    before = met.size();
    for (const auto& [a, b] : same_) {
      if (met.contains(a) || met.contains(b)) met.insert({a, b});
    }
  }
  return met;
}

// Of the pinned ones, if any is: the smallest `LEI:` key, else the smallest.
std::string ReferenceIdentity::CanonicalAmong(
    const std::set<std::string>& members) const {
  std::vector<std::string> eligible;
  std::ranges::set_intersection(members, pinned_, std::back_inserter(eligible));
  if (eligible.empty()) eligible.assign(members.begin(), members.end());
  for (const std::string& key : eligible) {
    if (key.starts_with("LEI:")) return key;
  }
  return eligible.front();
}

ClusterAnswer ReferenceIdentity::ClusterOf(const std::string& key) const {
  const std::set<std::string> members = Reachable(key);
  ClusterAnswer cluster;
  for (const EntityPair& pair : different_) {
    if (members.contains(pair.first) && members.contains(pair.second)) {
      cluster.blocked_by.push_back(pair);
    }
  }
  if (!cluster.blocked_by.empty()) {
    cluster.canonical = key;
    cluster.members = {key};
    return cluster;
  }
  cluster.canonical = CanonicalAmong(members);
  cluster.members.assign(members.begin(), members.end());
  return cluster;
}

}  // namespace guanxi::test
