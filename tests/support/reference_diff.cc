#include "tests/support/reference_diff.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

#include "tests/support/reference_model.h"

namespace guanxi::test {
namespace {

using Shown = std::map<std::string, ShownFact>;  // by what names the fact

Shown ShownTo(const ReferenceModel& model, const std::string& key,
              const Lens& lens) {
  Shown shown;
  for (const ShownFact& fact : model.Entity(key, lens).facts) {
    const bool label = fact.kind == FactKind::kLabel;
    shown[absl::StrCat(label ? ":" : "", fact.Name())] = fact;
  }
  for (const auto& one : model.Relationships(key, lens).relationships) {
    const std::string name = one.Name();
    shown[name] = one.existence;
    if (one.date.has_value()) shown[name + ".date"] = *one.date;
    for (const ShownFact& property : one.properties) {
      shown[absl::StrCat(name, ".", property.Name())] = property;
    }
  }
  return shown;
}

}  // namespace

std::vector<Change> Diff(const ReferenceLedger& ledger, const std::string& key,
                         const ReferenceMoment& from,
                         const ReferenceMoment& to) {
  const ReferenceModel earlier(ledger, from.revision);
  const ReferenceModel later(ledger, to.revision);
  Lens any_day = to.lens;
  any_day.valid_at.reset();
  const uint64_t revision = to.revision.value_or(ledger.revision());
  const Shown before = ShownTo(earlier, key, from.lens);
  const Shown after = ShownTo(later, key, to.lens);
  const Shown ever = ShownTo(later, key, any_day);

  std::vector<Change> changes;
  for (const auto& [name, fact] : before) {
    const auto found = after.find(name);
    Change change = {.fact = name, .before = fact.value};
    if (found != after.end()) {
      change.after = found->second.value;
      if (change.after == change.before) continue;
    }
    if (ledger.IsCorrectedAt(fact.claim, revision)) {
      change.kind = Change::Kind::kCorrected;
    } else if (found != after.end()) {
      change.kind = Change::Kind::kChanged;
    } else {
      change.kind =
          ever.contains(name) ? Change::Kind::kEnded : Change::Kind::kRetracted;
    }
    changes.push_back(std::move(change));
  }
  for (const auto& [name, fact] : after) {
    if (before.contains(name)) continue;
    changes.push_back({.fact = name, .after = fact.value});
  }
  std::ranges::sort(changes);
  return changes;
}

}  // namespace guanxi::test
