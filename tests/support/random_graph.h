#ifndef GUANXI_TESTS_SUPPORT_RANDOM_GRAPH_H_
#define GUANXI_TESTS_SUPPORT_RANDOM_GRAPH_H_

#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/snapshot.h"
#include "graph/store/store.h"
#include "graph/traverse/spec.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace guanxi::test {

// Prints its seed.
class Random {
 public:
  Random() : engine_(seed_) { std::printf("GUANXI_TEST_SEED=%u\n", seed_); }

  size_t Below(size_t bound) { return engine_() % bound; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename T>
  T Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  unsigned seed_ = test::Seed();
  std::mt19937 engine_;
};

// How many random graphs to look at: 10,000 where GUANXI_TEST_LONG asks for it.
int GraphCount(int usual);

// A store in a temporary file that has these statements.
class Graph {
 public:
  explicit Graph(std::vector<Statement> statements);

  store::Snapshot Read() const { return *store_->BeginSnapshot(); }
  store::Store& store() { return *store_; }
  const store::Store& store() const { return *store_; }

 private:
  TempDir dir_;
  std::unique_ptr<store::Store> store_;
};

EntityId Find(const store::Snapshot& snapshot, absl::string_view key);

Statement Entity(std::string key, std::vector<std::string> labels = {});
Statement Relationship(std::string subject, std::string type,
                       std::string object, Tail tail = {});

// Entities "e0" to "e7" or beyond, with relationships of several types, modes
// and times between them.
std::vector<Statement> RandomStatements(Random& random);

// Of such a graph.
traverse::TraversalSpec RandomTraversal(Random& random);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_RANDOM_GRAPH_H_
