#ifndef GUANXI_GRAPH_STORE_TABLES_H_
#define GUANXI_GRAPH_STORE_TABLES_H_

#include <array>
#include <cstddef>

#include "graph/kv/env.h"

namespace guanxi::store {

// The tables of the file; docs/file-format.md describes each. The names, in the
// order of the fields of Tables, are part of the format.
inline constexpr std::array<const char*, 21> kTableNames = {"meta",
                                                            "name",
                                                            "schema",
                                                            "entity",
                                                            "entity_key",
                                                            "relationship",
                                                            "adjacency_out",
                                                            "adjacency_in",
                                                            "aside",
                                                            "label",
                                                            "type",
                                                            "property",
                                                            "claim",
                                                            "claim_id",
                                                            "source",
                                                            "source_use",
                                                            "log",
                                                            "history",
                                                            "adjacency_history",
                                                            "tombstone",
                                                            "request"};

// What stands under `identity` in the table meta: random bytes.
inline constexpr size_t kStoreIdentityBytes = 16;

struct Tables {
  kv::Table meta;
  kv::Table name;
  kv::Table schema;
  kv::Table entity;
  kv::Table entity_key;
  kv::Table relationship;
  kv::Table adjacency_out;
  kv::Table adjacency_in;
  kv::Table aside;
  kv::Table label;
  kv::Table type;
  kv::Table property;
  kv::Table claim;
  kv::Table claim_id;
  kv::Table source;
  kv::Table source_use;
  kv::Table log;
  kv::Table history;
  kv::Table adjacency_history;
  kv::Table tombstone;
  kv::Table request;

  explicit Tables(const kv::Env& env);
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_TABLES_H_
