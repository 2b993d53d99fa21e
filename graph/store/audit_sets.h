#ifndef GUANXI_GRAPH_STORE_AUDIT_SETS_H_
#define GUANXI_GRAPH_STORE_AUDIT_SETS_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/tuple_block.h"

namespace guanxi::store {

// One table of sets.
struct SetTable {
  kv::Table table;
  const char* name;
  size_t prefix_bytes = 0;  // 0: of any length, and none begins another
};

// Goes through the blocks of all sets of a table: each decodes, is in its one
// form, has its key, and is announced by the one before.
template <size_t N>
class SetWalker {
 public:
  using Visit = absl::FunctionRef<absl::Status(absl::string_view prefix,
                                               const Tuple<N>& tuple)>;

  SetWalker(Audit& audit, const SetTable& table)
      : audit_(audit), table_(table) {}

  absl::Status Walk(Visit visit) {
    RETURN_IF_ERROR(audit_.Begin(table_.name));
    kv::Cursor cursor = audit_.txn().Walk(table_.table);
    for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
      RETURN_IF_ERROR(audit_.Count());
      if (!Place(cursor.key())) continue;
      const absl::StatusOr<Block<N>> block = DecodeBlock<N>(cursor.value());
      if (!block.ok()) {
        Report(std::string(block.status().message()));
        announced_.reset();
        last_.reset();
        continue;
      }
      CheckForm(cursor.key(), cursor.value(), *block);
      for (const Tuple<N>& tuple : block->tuples) {
        RETURN_IF_ERROR(visit(prefix_, tuple));
      }
      last_ = block->tuples.back();
      announced_ = block->has_next;
    }
    CheckEnd();
    return cursor.status();
  }

 private:
  // Whether a block can have this key.
  bool Place(absl::string_view key) {
    const size_t prefix_bytes = PrefixBytesOf(key);
    const bool first = key.size() == prefix_bytes;
    if (!first && key.size() != prefix_bytes + N * kColumnKeyBytes) {
      audit_.Report("block",
                    absl::StrCat(table_.name, " ", absl::BytesToHexString(key)),
                    "the key is none of a block");
      return false;
    }
    const absl::string_view prefix = key.substr(0, prefix_bytes);
    if (first || prefix != prefix_) CheckEnd();
    const bool follows = !first && prefix == prefix_;
    prefix_ = std::string(prefix);
    if (!first && (!follows || announced_ == false)) {
      Report("no block before announces this one; expected that, or none");
    }
    if (!follows) last_.reset();
    announced_.reset();
    return true;
  }

  size_t PrefixBytesOf(absl::string_view key) const {
    if (table_.prefix_bytes > 0) return table_.prefix_bytes;
    const bool goes_on = !prefix_.empty() && key.size() > prefix_.size() &&
                         absl::StartsWith(key, prefix_);
    return goes_on ? prefix_.size() : key.size();
  }

  void CheckForm(absl::string_view key, absl::string_view bytes,
                 const Block<N>& block) {
    if (EncodeBlock<N>(block.tuples, block.has_next) != bytes) {
      Report("it is not in the one form of what it holds");
    }
    if (key != prefix_ && key != BlockKey<N>(prefix_, block.tuples.front())) {
      Report("its key is not that of its first tuple");
    }
    if (last_.has_value() && block.tuples.front() <= *last_) {
      Report("it does not begin behind the block before");
    }
  }

  void CheckEnd() {
    if (announced_ == true) {
      Report("the last block announces another; expected that");
    }
    announced_.reset();
  }

  void Report(std::string message) {
    audit_.Report(
        "block",
        absl::StrCat(table_.name, " ", absl::BytesToHexString(prefix_)),
        std::move(message));
  }

  Audit& audit_;
  const SetTable table_;
  std::string prefix_;
  std::optional<bool>
      announced_;                 // by the block before; nullopt: none is known
  std::optional<Tuple<N>> last_;  // of the block before in the same set
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_AUDIT_SETS_H_
