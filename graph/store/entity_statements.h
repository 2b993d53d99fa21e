#ifndef GUANXI_GRAPH_STORE_ENTITY_STATEMENTS_H_
#define GUANXI_GRAPH_STORE_ENTITY_STATEMENTS_H_

#include <string>
#include <vector>

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/believed.h"

namespace guanxi::store {

// The statements that say what is believed of one entity.
struct EntityStatements {
  std::vector<EntityStatement> entities;
  std::vector<PropertyStatement> properties;
};

// Puts the claims of an entity, in the order of ReadBelieved(), into as few
// statements as say them: labels and plain properties join the statement that
// claims existence with the same tail, up to a size that keeps lines readable.
// A label cannot be said without existence, which is claimed with it even if
// only the label is believed.
EntityStatements MakeEntityStatements(const std::string& key,
                                      std::vector<BelievedClaim> claims,
                                      const Schema& schema);

// Declares an entity of which nothing is claimed by which a statement could: a
// deprecated existence, which no view ever shows.
EntityStatement DeclareOnly(const std::string& key);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ENTITY_STATEMENTS_H_
