#ifndef GUANXI_GRAPH_KV_TXN_H_
#define GUANXI_GRAPH_KV_TXN_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/cursor.h"

struct MDB_txn;

namespace guanxi::kv {

class Env;
class Gate;
class IdleReads;

// Longest key of a table. The shortest has one byte.
inline constexpr size_t kMaxKeyBytes = 511;

// Names one table (an LMDB "database") of an Env. A plain value.
struct Table {
  unsigned dbi = 0;
};

// A consistent view of every table of an Env.
//
// Views returned by Get() point into the memory map. They stay valid until the
// transaction ends or, in a WriteTxn, until its next write.
class Txn {
 public:
  // Returns the value of `key`, or nullopt if the table has no such key, as it
  // has none of no bytes or of more than kMaxKeyBytes.
  // DATA_LOSS [STORE_DAMAGED]: the file is damaged.
  absl::StatusOr<std::optional<absl::string_view>> Get(
      Table table, absl::string_view key) const;

  // Returns a cursor over `table`, on no entry yet.
  Cursor Walk(Table table) const;

  // How many keys `table` has; costs one look-up.
  absl::StatusOr<uint64_t> CountKeys(Table table) const;

  // The version of the data: in a ReadTxn that of the last commit before it, in
  // a WriteTxn the one that its Commit() will make, if it has written anything.
  // A version that was aborted is used again.
  uint64_t id() const;

 protected:
  // What is the Env's and ends with the transaction.
  struct Abort {
    Gate* gate = nullptr;  // none: within another transaction
    std::atomic<std::thread::id>* writer = nullptr;  // only of a WriteTxn
    IdleReads* idle_reads = nullptr;                 // only of a ReadTxn
    void operator()(MDB_txn* txn) const;
    void LetNextWriterIn() const;
    void Leave() const;
  };
  Txn(MDB_txn* txn, Abort abort) : txn_(txn, abort) {}
  ~Txn();
  Txn(Txn&&) = default;
  Txn& operator=(Txn&&) = default;

  std::unique_ptr<MDB_txn, Abort> txn_;
  std::unique_ptr<int> open_cursors_ = std::make_unique<int>(0);
};

// A snapshot. Never blocks, and is never blocked by, a writer; but the file
// grows while it is open, so keep it short. May move between threads; not
// thread-safe.
class ReadTxn : public Txn {
 private:
  friend class Env;  // which alone begins one
  using Txn::Txn;
};

// The one writer. Destroyed without Commit(), it leaves no trace. Must stay on
// the thread that began it (GUANXI_DCHECKed).
//
// After an error of Put() or Delete() it can only be dropped: Commit() of it
// fails too.
class WriteTxn : public Txn {
 public:
  // Sets the value of `key`: 1 to kMaxKeyBytes bytes (GUANXI_CHECKed).
  // RESOURCE_EXHAUSTED [STORE_FULL]: the size limit is reached.
  // RESOURCE_EXHAUSTED [TRANSACTION_TOO_LARGE]: commit more often.
  absl::Status Put(Table table, absl::string_view key, absl::string_view value);

  // Removes `key` and returns whether it was there. It can grow the file, so
  // it can fail as Put() does.
  absl::StatusOr<bool> Delete(Table table, absl::string_view key);

  // Begins a transaction within this one, that sees what this one has written:
  // its Commit() gives its writes to this one; dropped, it leaves no trace here
  // either, even after an error of Put() or Delete(). While it is there, this
  // one may not be used. RESOURCE_EXHAUSTED [OUT_OF_MEMORY].
  absl::StatusOr<WriteTxn> BeginWithin();

  // Makes every write durable and visible, or none of them.
  // RESOURCE_EXHAUSTED [STORE_FULL]: also when the disk is full.
  // DATA_LOSS [STORE_DAMAGED]: the disk failed; close the Env.
  absl::Status Commit() &&;

 private:
  friend class Env;
  using Txn::Txn;
  bool OnOwnThread() const;
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_TXN_H_
