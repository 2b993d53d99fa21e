#ifndef GUANXI_TESTS_SUPPORT_SCENARIO_H_
#define GUANXI_TESTS_SUPPORT_SCENARIO_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <nlohmann/json.hpp>

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/model/view.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {

// The cases of a file in tests/vectors/.
const nlohmann::json& LoadVectors(const std::string& file);

// One worked case of tests/vectors/README.md: commits, a question, an answer.
class Scenario {
 public:
  // The case must outlive it.
  explicit Scenario(const nlohmann::json& one) : one_(one) {}

  // The project's schema and what the case adds to it.
  std::vector<Declaration> Schema() const;

  const nlohmann::json& commits() const { return one_["commits"]; }
  // The lines and operations of one of its commits, purges apart. An error if a
  // line does not parse.
  static absl::StatusOr<std::vector<Statement>> Statements(
      const nlohmann::json& commit);
  // The same with its purge as a statement, as the store takes it.
  static absl::StatusOr<std::vector<Statement>> AllStatements(
      const nlohmann::json& commit);
  // The purge that a commit consists of, if it does.
  static std::optional<PurgeOrder> Purge(const nlohmann::json& commit);

  const nlohmann::json& ask() const { return one_["ask"]; }
  std::string kind() const { return ask()["kind"]; }
  std::string key() const { return ask()["key"]; }
  std::string fact() const { return ask().value("fact", ""); }

  // The lens of the question, or of a part of it that has its own moment.
  Lens GetLens() const { return LensOf(ask()); }
  Lens LensOf(const nlohmann::json& moment) const;
  // The revision of `known_at`, given after which revision each commit stood;
  // nullopt: the latest.
  std::optional<uint64_t> RevisionOf(
      const nlohmann::json& moment,
      const std::vector<uint64_t>& revisions) const;

  // The expectation in the form of the answers: lists in a fixed order.
  nlohmann::json Expected() const;

 private:
  const nlohmann::json& one_;
};

// What the reference model answers.
nlohmann::json AskModel(const Scenario& scenario);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_SCENARIO_H_
