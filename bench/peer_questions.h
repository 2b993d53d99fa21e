#ifndef GUANXI_BENCH_PEER_QUESTIONS_H_
#define GUANXI_BENCH_PEER_QUESTIONS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/stored_graph.h"
#include "graph/topology/topology.h"

namespace guanxi::bench {

// A question that engines answer, many times about other entities.
struct PeerQuestion {
  using Input = std::vector<uint32_t>;  // numbers of entities
  using Answer = std::vector<int64_t>;

  std::string name;
  std::string meaning;  // for the reader of the table
  std::vector<Input> inputs;
  std::function<Answer(const topology::Ground& ground, const Input& input)> ask;
};

// So long are the paths and trails at most that are listed.
inline constexpr int kFewSteps = 4;

// All of them; what takes long comes last. Must not outlive the graph, whose
// entities have the traits of peer_graph.h.
//
// Relationships are followed from subject to object, except by `components`.
// Of one_hop the answer is how many rows there are, and the sum over them of
//
//   (object + 1) * (type + 1) * weight + year * (kind + 1)
//
// which shows that all was read. Of filtered_2 it is the number of ways and of
// entities at their ends; of all others one number, -1 where there is no path.
std::vector<PeerQuestion> PeerQuestions(const StoredGraph& stored);

// Writes one JSON line {question, inputs} for each into `path`.
void WriteQuestions(const std::vector<PeerQuestion>& questions,
                    const std::string& path);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_PEER_QUESTIONS_H_
