#ifndef GUANXI_TESTS_SUPPORT_SMALL_STORE_H_
#define GUANXI_TESTS_SUPPORT_SMALL_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "graph/model/statement.h"

namespace guanxi::test {

// A store in a file in which each table has a few rows, to be damaged.

inline constexpr int64_t kStoreBytes = 256 << 20;
// When everything happens in it, in microseconds since 1970.
inline constexpr int64_t kStoreTime = 1'760'000'000'000'000;

inline constexpr char kSmallSchema[] = R"(kg 1
prop name: string index
prop age: int
rel OWNS: Company -> Company {percent: percent}
rel PEER: Company -> Company symmetric
)";

// Entities: 1 ada, 2 birch, 3 cedar. Relationships: 1 OWNS, 2 PEER, 3 HATES,
// 4 =same. Sources: 1 s1, 2 s2, 3 lone.
inline constexpr char kSmallWorld[] = R"(kg 1
source s1 {kind: digest, reliability: primary}
source s2 {derived_from: [s1]}
source lone {kind: digest}
(ada :Person {name: "Ada"}) from s1:1
(birch :Company {name: "Birch"})
(cedar :Company) from s2
(ada)-[:OWNS {percent: 16%}]->(birch) from s1:3 id own-1
(birch)-[:PEER]->(cedar) from s2
(ada)-[:HATES]->(cedar) from s1 mode negated
same (birch) (cedar) from s1
(ada).age = 40 at 2024-05-01 from s1 id age-1
)";
inline constexpr char kSmallSecond[] = R"(kg 1
(ada).age = 41 at 2024-05-01 from s1 supersedes age-1 id age-2
)";

// The statements of a .kg text, which must be one.
std::vector<Statement> ParseAll(const std::string& text);

// Makes a store in this file of imports in .kg.
void MakeStore(const std::string& path, const std::string& schema,
               const std::vector<std::string>& commits);

// Goes on with the store that was made of the above, so that it has rows about
// the past: relationship 5, which is own-2, and 1 are moved; old-1, which is
// claim 3 of cedar, is purged in revision 5.
void MakePast(const std::string& path);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_SMALL_STORE_H_
