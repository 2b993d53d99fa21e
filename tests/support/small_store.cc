#include "tests/support/small_store.h"

#include <cstdio>
#include <utility>
#include <variant>

#include "graph/base/check.h"
#include "graph/base/clock.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"

namespace guanxi::test {
namespace {

constexpr char kThird[] = R"(kg 1
(cedar).age = 3 from s2 id old-1
(ada)-[:OWNS {percent: 20%}]->(cedar) from s2 id own-2
(birch).age = 9
)";
constexpr char kFourth[] = R"(kg 1
retract own-2 from s1 note "a mistake"
end own-1 at 2025-01-31 from s2
)";

std::vector<Declaration> Declarations(const std::string& text) {
  std::vector<Declaration> schema;
  for (Statement& statement : ParseAll(text)) {
    if (auto* one = std::get_if<Declaration>(&statement.body)) {
      schema.push_back(std::move(*one));
    }
  }
  return schema;
}

}  // namespace

std::vector<Statement> ParseAll(const std::string& text) {
  auto statements = text::Parse(text, {.file = "test.kg"});
  GUANXI_CHECK(statements.ok());
  return *std::move(statements);
}

void MakeStore(const std::string& path, const std::string& schema,
               const std::vector<std::string>& commits) {
  auto store = store::Store::Open(path, {.schema = Declarations(schema),
                                         .max_bytes = kStoreBytes,
                                         .clock = FixedClock(kStoreTime)});
  GUANXI_CHECK(store.ok());
  for (const std::string& commit : commits) {
    const auto result = (*store)->Commit({.statements = ParseAll(commit)});
    if (!result.ok()) std::printf("%s\n", result.status().ToString().c_str());
    GUANXI_CHECK(result.ok());
  }
}

void MakePast(const std::string& path) {
  auto store = store::Store::Open(
      path, {.max_bytes = kStoreBytes, .clock = FixedClock(kStoreTime)});
  GUANXI_CHECK(store.ok());
  const PurgeClaimStatement purge{.claim = "old-1", .why = "a person"};
  for (const store::CommitRequest& request :
       {store::CommitRequest{.statements = ParseAll(kThird),
       .name = store::RequestName{"r1", "digest"}},
        store::CommitRequest{.statements = ParseAll(kFourth)},
        store::CommitRequest{.statements = {{.body = purge}}}}) {
    const auto result = (*store)->Commit(request);
    if (!result.ok()) std::printf("%s\n", result.status().ToString().c_str());
    GUANXI_CHECK(result.ok());
  }
}

}  // namespace guanxi::test
