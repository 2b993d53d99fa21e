#include "tests/support/number_check.h"

#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/topology/topology.h"
#include "graph/traverse/number_ranges.h"

namespace guanxi::test {
namespace {

using topology::NumberColumn;

// Those of the random world's relationships, and what is none.
constexpr std::array kWeighed = {"percent", "shares", "weight", "motto"};

bool FollowsAll(NumberColumn& column, const store::Snapshot& snapshot) {
  return column.Follow(snapshot, std::numeric_limits<int64_t>::max()).value() ==
         store::Told::kAll;
}

// Whether every view, and there is one, says a range and no other number, or
// none if it is empty.
bool Agrees(const std::vector<RelationshipView>& views,
            const std::string& property, const NumberRange& range) {
  if (views.empty()) return false;
  for (const RelationshipView& view : views) {
    const auto said = traverse::NumberRangesOf(view, property);
    const bool agrees =
        range.empty() ? said.empty() : said.size() == 1 && said[0] == range;
    if (!agrees) return false;
  }
  return true;
}

}  // namespace

void NumberCheck::Follow(const store::Snapshot& snapshot) {
  // Now and then what was followed gives way to what is read anew.
  constexpr uint64_t kRevisionsBetweenBuilds = 64;
  const bool anew = snapshot.revision().number % kRevisionsBetweenBuilds == 0;
  for (const std::string property : kWeighed) {
    std::shared_ptr<NumberColumn>& column = columns_[property];
    const bool follows =
        column != nullptr && !anew && FollowsAll(*column, snapshot);
    if (!follows) column = NumberColumn::Build(snapshot, property).value();
    GUANXI_CHECK(column->Covers(snapshot.revision()));
  }
}

std::string NumberCheck::Compare(const store::Snapshot& snapshot,
                                 const Lens& lens, EntityId entity) {
  std::string text;
  const topology::Topology topology({snapshot}, lens);
  const auto compare = [&](const topology::Hop& hop) {
    if (hop.plain) {
      absl::StrAppend(&text, CompareOne(snapshot, lens, hop.relationship));
    }
    return true;
  };
  GUANXI_CHECK(topology.Expand(entity, Direction::kOut, {}, compare).ok());
  return text;
}

std::string NumberCheck::CompareOne(const store::Snapshot& snapshot,
                                    const Lens& lens, RelationshipId id) {
  const auto views =
      snapshot.ReadRelationship(id, lens, Evidence::kNone).value();
  std::string text;
  for (const auto& [property, column] : columns_) {
    const std::optional<NumberRange> range = column->Find(id);
    if (!range.has_value()) continue;
    ++told_;
    if (Agrees(views, property, *range)) continue;
    absl::StrAppend(&text, "relationship ", id.value, " has another ", property,
                    " in memory\n");
  }
  return text;
}

}  // namespace guanxi::test
