#ifndef GUANXI_TESTS_SUPPORT_RANDOM_WORLD_H_
#define GUANXI_TESTS_SUPPORT_RANDOM_WORLD_H_

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/model/view.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {

// One commit: .kg lines, and `delete (x)` or `delete (x)-[:T {k: v}]->(y)`; or
// a purge.
struct Plan {
  bool import = false;
  std::vector<std::string> lines;
  std::optional<PurgeOrder> purge;  // then there are no lines

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
  // What happens besides statements of facts, sources and schema.
  struct Options {
    bool verbs = false;       // claims are ended and retracted
    bool judgements = false;  // small clusters form and fall apart
    bool purges = false;      // now and then, of claims and entities
    bool past = false;        // past revisions are asked for
    bool schema = true;       // declarations change
  };

  explicit RandomWorld(unsigned seed) : RandomWorld(seed, Options()) {}
  RandomWorld(unsigned seed, const Options& options)
      : options_(options), random_(seed) {}

  // The project's schema and what it lacks: stale_after, event symmetric, …
  static std::vector<Declaration> Schema();
  static const std::vector<std::string>& Entities();

  // Declares sources and entities.
  Plan First();
  // What comes next after this history; the ledger knows ids to supersede.
  Plan Next(const ReferenceLedger& ledger);

  // A day near one that claims speak of.
  Day RandomDay();
  // A revision up to the latest; mostly none, which means the latest.
  std::optional<uint64_t> RandomRevision(uint64_t latest);
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
  std::string JudgementLine(const ReferenceLedger& ledger);
  std::string VerbLine(const ReferenceLedger& ledger);
  PurgeOrder SomePurge(const ReferenceLedger& ledger);
  std::string WrongLine(const ReferenceLedger& ledger);
  std::string SchemaLine();
  std::string Tail(const TailSpec& spec, const ReferenceLedger& ledger);
  std::string SomeClaim(const std::string& entity,
                        const ReferenceLedger& ledger, bool named);
  const LedgerClaim* SomeOf(std::vector<const LedgerClaim*> claims);
  std::string Entity();
  std::string Neighbour(const std::string& entity);
  std::string Source();

  Options options_;
  std::mt19937 random_;
  std::deque<std::string> said_;  // lines that may be said again
  int next_id_ = 0;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_RANDOM_WORLD_H_
