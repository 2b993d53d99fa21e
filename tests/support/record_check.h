#ifndef GUANXI_TESTS_SUPPORT_RECORD_CHECK_H_
#define GUANXI_TESTS_SUPPORT_RECORD_CHECK_H_

#include <cstdint>
#include <memory>
#include <string>

#include "graph/store/record_column.h"
#include "graph/store/snapshot.h"

namespace guanxi::test {

// Holds a column of records, which follows the commits, to the file.
class RecordCheck {
 public:
  // Brings the column to the latest revision, at which the snapshot stands, and
  // says for a person how it differs from the file; "" if it does not.
  std::string Compare(const store::Snapshot& snapshot);

  // Lets a snapshot read by it, if it covers what that sees.
  void Serve(store::Snapshot& snapshot) const;

  // How many records it told, so that nobody compares nothing.
  int64_t told() const { return told_; }

 private:
  void Follow(const store::Snapshot& snapshot);
  std::string CompareTable(const store::Snapshot& snapshot, kv::Table table,
                           store::OwnerKind kind);

  std::shared_ptr<store::RecordColumn> column_;
  int64_t told_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_RECORD_CHECK_H_
