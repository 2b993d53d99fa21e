#ifndef GUANXI_GRAPH_STORE_PRECONDITION_H_
#define GUANXI_GRAPH_STORE_PRECONDITION_H_

#include <optional>
#include <string>
#include <variant>

#include "absl/status/status.h"

#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {

// What must be so, before a commit, for it to be applied.
struct Precondition {
  struct Entity {
    std::string key;
  };
  struct Property {
    std::string key;   // of the entity
    std::string name;  // of the property
  };
  struct Claim {
    std::string id;
  };
  using Target = std::variant<Entity, Property, RelationshipKey, Claim>;

  // Something is believed of it, or nothing is; of a claim: it is believed.
  enum class Presence : uint8_t { kExists, kAbsent };

  Target target;
  std::optional<Presence> presence;
  // Its record, or the facts of the property, show now what they showed after
  // this revision; the claim was neither believed nor closed since.
  std::optional<Revision> unchanged_since;
};

// FAILED_PRECONDITION [PRECONDITION_FAILED]: it does not exist, or does.
// ABORTED [PRECONDITION_FAILED]: it has changed. `index` counts the conditions
// of a request, for the message.
absl::Status CheckPrecondition(const Standpoint& at,
                               const Precondition& precondition, size_t index);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_PRECONDITION_H_
