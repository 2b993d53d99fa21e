#include "graph/store/counters.h"

#include <string>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/value/codec.h"
#include "graph/value/time.h"

namespace guanxi::store {
namespace {

constexpr absl::string_view kCountersKey = "counters";

}  // namespace

absl::StatusOr<Counters> LoadCounters(const kv::Txn& txn,
                                      const Tables& tables) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn.Get(tables.meta, kCountersKey));
  ByteReader reader(bytes.value_or(""));
  Counters counters;
  counters.revision.number = reader.Varint();
  counters.time = reader.Signed();
  counters.generation = reader.Varint();
  counters.next_entity = reader.Varint();
  counters.next_relationship = reader.Varint();
  counters.next_source = reader.Varint();
  for (const uint64_t next : {counters.next_entity, counters.next_relationship,
                              counters.next_source}) {
    if (next == 0 || next > kMaxId + 1) reader.Fail();
  }
  if (!DateTime{counters.time}.IsValid()) reader.Fail();
  RETURN_IF_ERROR(CheckRead(reader, "the counters of the store"));
  return counters;
}

absl::StatusOr<Counters> CountersHolder::Load(const kv::Env& env,
                                              const kv::ReadTxn& txn,
                                              const Tables& tables) {
  const State state(env.openings(), txn.id());
  {
    MutexLock lock(mutex_);
    if (state_ == state) return counters_;
  }
  ASSIGN_OR_RETURN(const Counters counters, LoadCounters(txn, tables));
  MutexLock lock(mutex_);
  state_ = state;
  counters_ = counters;
  return counters;
}

absl::StatusOr<uint64_t> TakeId(uint64_t& next) {
  if (next <= kMaxId) return next++;
  return MakeError(absl::StatusCode::kResourceExhausted, "STORE_FULL",
                   "the store has given all ids that there are; expected a "
                   "new store");
}

absl::Status SaveCounters(const Counters& counters, const Tables& tables,
                          kv::WriteTxn& txn) {
  std::string bytes;
  PutVarint(counters.revision.number, &bytes);
  PutSigned(counters.time, &bytes);
  PutVarint(counters.generation, &bytes);
  PutVarint(counters.next_entity, &bytes);
  PutVarint(counters.next_relationship, &bytes);
  PutVarint(counters.next_source, &bytes);
  return txn.Put(tables.meta, kCountersKey, bytes);
}

}  // namespace guanxi::store
