#ifndef GUANXI_TESTS_SUPPORT_REFERENCE_DIFF_H_
#define GUANXI_TESTS_SUPPORT_REFERENCE_DIFF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/model/view.h"
#include "tests/support/answers.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {

// A moment, and what is admitted there.
struct ReferenceMoment {
  std::optional<uint64_t> revision;  // nullopt: the latest
  Lens lens;
};

// How what an entity shows at `to` differs from what it shows at `from`,
// sorted: its labels, properties, relationships and what these state. What is
// shown alike is no change, be it held otherwise or backed by other claims.
std::vector<Change> Diff(const ReferenceLedger& ledger, const std::string& key,
                         const ReferenceMoment& from,
                         const ReferenceMoment& to);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_REFERENCE_DIFF_H_
