#include "tests/support/slow_clusters.h"

#include "absl/strings/str_cat.h"

namespace guanxi::test {

Statement Judge(Judgement judgement, std::string first, std::string second) {
  return {JudgementStatement{.judgement = judgement,
                             .first = std::move(first),
                             .second = std::move(second)},
          {}};
}

std::string RandomKey(Random& random) {
  return absl::StrCat("e", random.Below(8));
}

std::vector<Statement> RandomRelated(Random& random) {
  std::vector<Statement> statements = RandomStatements(random);
  if (random.OneIn(2)) return statements;
  for (size_t i = 0; i <= random.Below(3); ++i) {
    const size_t first = random.Below(7);
    const size_t second = first + 1 + random.Below(7 - first);
    statements.push_back(
        Judge(random.OneIn(5) ? Judgement::kDifferent : Judgement::kSame,
              absl::StrCat("e", first), absl::StrCat("e", second)));
  }
  return statements;
}

traverse::TraversalSpec RandomTraversalOf(Random& random,
                                          const store::Snapshot& snapshot) {
  traverse::TraversalSpec spec = RandomTraversal(random);
  if (random.OneIn(4)) {
    const EntityId id = Find(snapshot, RandomKey(random));
    spec.exclude_entities = {(*snapshot.ClusterOf(id, spec.lens))->canonical};
  }
  return spec;
}

int64_t CountOf(const LeftOut& left) {
  int64_t count = left.denied + left.unrecorded + left.uncertain +
                  left.low_confidence + left.hidden;
  for (const auto& [mode, relationships] : left.modes) count += relationships;
  return count;
}

}  // namespace guanxi::test
