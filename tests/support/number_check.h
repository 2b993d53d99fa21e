#ifndef GUANXI_TESTS_SUPPORT_NUMBER_CHECK_H_
#define GUANXI_TESTS_SUPPORT_NUMBER_CHECK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"
#include "graph/topology/number_column.h"

namespace guanxi::test {

// Holds columns of numbers, which follow the commits, to what is read of the
// same relationships through a lens.
class NumberCheck {
 public:
  // Brings the columns to the latest revision, at which the snapshot stands.
  void Follow(const store::Snapshot& snapshot);

  // How the columns and the lens differ in the plain relationships that lead
  // out of an entity, for a person; "" if they agree.
  std::string Compare(const store::Snapshot& snapshot, const Lens& lens,
                      EntityId entity);

  // How many numbers a column told, so that nobody compares nothing.
  int64_t told() const { return told_; }

 private:
  std::string CompareOne(const store::Snapshot& snapshot, const Lens& lens,
                         RelationshipId id);

  // By property.
  std::map<std::string, std::shared_ptr<topology::NumberColumn>> columns_;
  int64_t told_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_NUMBER_CHECK_H_
