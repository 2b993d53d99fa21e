#ifndef GUANXI_GRAPH_MODEL_STATEMENT_H_
#define GUANXI_GRAPH_MODEL_STATEMENT_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/model/claim.h"
#include "graph/model/schema.h"
#include "graph/value/date.h"
#include "graph/value/value.h"

namespace guanxi {

// What a client asks to be written: the statements of the .kg language (and
// their twins in the API), as they were said, before the schema is consulted.

// Says what a source is. A second one for the same id replaces the first.
struct SourceStatement {
  std::string id;
  Map description;  // kind, title, url, published, derived_from, reliability, …
};

// Claims existence, each label and each property of an entity.
struct EntityStatement {
  std::string key;
  std::vector<std::string> labels;
  Map properties;  // a list makes one claim for each element
  Tail tail;
};

// Claims one property of an entity.
struct PropertyStatement {
  std::string key;
  std::string property;
  Value value;  // a list makes one claim for each element
  Tail tail;
};

// Claims a relationship: subject -[name:TYPE {properties}]-> object.
struct RelationshipStatement {
  std::string subject;
  std::string type;
  std::string object;
  std::string name;  // before the colon; empty: none
  Map properties;
  Tail tail;
};

enum class Judgement : uint8_t { kSame, kDifferent, kUnsure };
absl::string_view ToString(Judgement judgement);

struct JudgementStatement {
  Judgement judgement = Judgement::kSame;
  std::string first;
  std::string second;
  Tail tail;
};

// The claim with this id stopped being true; `at` is the last day it held.
struct EndStatement {
  std::string claim;
  Date at;
  Tail tail;
};

// We no longer hold the claim with this id.
struct RetractStatement {
  std::string claim;
  Tail tail;
};

// Retracts every claim about an entity, its relationships included (API only).
struct DeleteEntityStatement {
  std::string key;
};

// Retracts every claim of one relationship (API only): that of this type
// between these entities with these key properties and name.
struct DeleteRelationshipStatement {
  std::string subject;
  std::string type;
  std::string object;
  std::string name;
  Map keys;
};

// Erases a claim, its bytes and its traces in the past (API only).
struct PurgeClaimStatement {
  std::string claim;
  std::string why;
};

// Likewise every claim about an entity, its relationships included, and its
// key (API only).
struct PurgeEntityStatement {
  std::string key;
  std::string why;
};

// Where a statement stands in what the client sent: a line and column of a
// file, or the index of an operation (then `line` is 0).
struct Position {
  std::string file;  // as the client named it; may be empty
  int line = 0;      // from 1
  int column = 0;    // from 1, in bytes
  int index = 0;     // from 0, of the statement

  std::string ToString() const;  // "seed.kg:12:5" or "operation 3"
};

struct Statement {
  using Body = std::variant<SourceStatement, EntityStatement, PropertyStatement,
                            RelationshipStatement, JudgementStatement,
                            EndStatement, RetractStatement, Declaration,
                            DeleteEntityStatement, DeleteRelationshipStatement,
                            PurgeClaimStatement, PurgeEntityStatement>;
  Body body;
  Position position;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_STATEMENT_H_
