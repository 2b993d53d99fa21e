#ifndef GUANXI_GRAPH_STORE_TUPLE_SET_H_
#define GUANXI_GRAPH_STORE_TUPLE_SET_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "graph/kv/txn.h"
#include "graph/store/tuple_block.h"

// Sorted sets of tuples of 1 to kMaxColumns unsigned numbers, each at most
// kMaxColumnValue, any number of sets a table. They hold the adjacency of an
// entity (type, neighbour, relationship, state) and the entries of an index
// (id), at a few bytes a tuple.
//
// A set is a chain of blocks (tuple_block.h). The key of the first block is the
// prefix of the set, so that a small set costs one get. The key of a later one
// is the prefix and then the block's first tuple, each column as 5 big-endian
// bytes. An empty set has no block.
//
// No prefix, nor any other key of the table, may begin with the prefix of
// another set: give all sets of a table prefixes of one length, or ones that
// end in a terminator.

namespace guanxi::store {

// A block is split above this, so that it never gets pages of its own, ...
inline constexpr size_t kMaxBlockBytes = 1900;

// ... and joined to a neighbour below this, if both fit into one.
inline constexpr size_t kMinBlockBytes = 400;

// Names one set. A plain value; `prefix` is not owned.
struct TupleSet {
  kv::Table table;
  absl::string_view prefix;  // 1 to 511 - 5 * N bytes (GUANXI_CHECKed)
};

// Puts `tuple` into the set and returns whether it was not there yet. Writes
// one block, or those that it is split into.
//
// Errors of these three: those of kv::WriteTxn::Put(), and DATA_LOSS
// [STORE_DAMAGED] if a block is damaged; the transaction must then be dropped.
template <size_t N>
absl::StatusOr<bool> InsertTuple(kv::WriteTxn& txn, TupleSet set,
                                 const Tuple<N>& tuple);

// Puts in all of `tuples`, which ascend strictly (GUANXI_CHECKed); the set may
// have some of them. Writes each block once.
template <size_t N>
absl::Status InsertTuples(kv::WriteTxn& txn, TupleSet set,
                          absl::Span<const Tuple<N>> tuples);

// Takes `tuple` out of the set and returns whether it was there. Writes at most
// two blocks.
template <size_t N>
absl::StatusOr<bool> EraseTuple(kv::WriteTxn& txn, TupleSet set,
                                const Tuple<N>& tuple);

// Returns the number of tuples of the set; reads the first two bytes of each of
// its blocks. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<uint64_t> CountTuples(const kv::Txn& txn, TupleSet set);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_TUPLE_SET_H_
