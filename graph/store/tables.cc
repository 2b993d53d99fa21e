#include "graph/store/tables.h"

namespace guanxi::store {

Tables::Tables(const kv::Env& env)
    : meta(env.table(0)),
      name(env.table(1)),
      schema(env.table(2)),
      entity(env.table(3)),
      entity_key(env.table(4)),
      relationship(env.table(5)),
      adjacency_out(env.table(6)),
      adjacency_in(env.table(7)),
      aside(env.table(8)),
      label(env.table(9)),
      type(env.table(10)),
      property(env.table(11)),
      claim(env.table(12)),
      claim_id(env.table(13)),
      source(env.table(14)),
      source_use(env.table(15)),
      log(env.table(16)),
      history(env.table(17)),
      adjacency_history(env.table(18)),
      tombstone(env.table(19)),
      request(env.table(20)) {}

}  // namespace guanxi::store
