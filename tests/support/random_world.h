#ifndef GUANXI_TESTS_SUPPORT_RANDOM_WORLD_H_
#define GUANXI_TESTS_SUPPORT_RANDOM_WORLD_H_

#include <deque>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/model/view.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {

// One commit: .kg lines, and `delete (x)` or `delete (x)-[:T {k: v}]->(y)`.
struct Plan {
  bool import = false;
  std::vector<std::string> lines;

  std::string ToString() const;
};

// The statements of a plan. INVALID_ARGUMENT: a line that does not parse.
absl::StatusOr<std::vector<Statement>> ToStatements(const Plan& plan);

// Makes up commits about a small world in which claims meet: a dozen entities,
// relationships of every kind between neighbours, properties of every kind with
// few values and few days, sources that derive from each other. Some statements
// are wrong on purpose.
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : random_(seed) {}

  // The project's schema and what it lacks: stale_after, event symmetric, …
  static std::vector<Declaration> Schema();
  static const std::vector<std::string>& Entities();

  // Declares sources and entities.
  Plan First();
  // What comes next after this history; the ledger knows ids to supersede.
  Plan Next(const ReferenceLedger& ledger);

  // A day near one that claims speak of.
  Day RandomDay();
  // A lens for that day (any day if there is none).
  Lens RandomLens(std::optional<Day> day);

 private:
  struct TailSpec;

  bool Chance(int percent);
  size_t Below(size_t count);
  template <typename Pool>
  std::string Pick(const Pool& pool);

  std::string NextLine(const ReferenceLedger& ledger);
  std::string SourceLine();
  std::string EntityLine(const ReferenceLedger& ledger);
  std::string PropertyLine(const ReferenceLedger& ledger);
  std::string RelationshipLine(const ReferenceLedger& ledger);
  std::string DeleteLine(const ReferenceLedger& ledger);
  std::string WrongLine(const ReferenceLedger& ledger);
  std::string SchemaLine();
  std::string Tail(const TailSpec& spec, const ReferenceLedger& ledger);
  std::string SomeClaim(const std::string& entity,
                        const ReferenceLedger& ledger, bool named);
  std::string Entity();
  std::string Neighbour(const std::string& entity);
  std::string Source();

  std::mt19937 random_;
  std::deque<std::string> said_;  // lines that may be said again
  int next_id_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_RANDOM_WORLD_H_
