#ifndef GUANXI_BENCH_PEER_RUN_H_
#define GUANXI_BENCH_PEER_RUN_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "bench/peer_questions.h"
#include "graph/topology/column_cache.h"
#include "graph/topology/topology.h"

namespace guanxi::bench {

// What an engine answered to the first so many inputs of a question, and what
// each answer took.
struct PeerAnswers {
  std::vector<PeerQuestion::Answer> answers;
  std::vector<double> wall_us;
  std::vector<double> cpu_us;  // of all threads; of the server too
  std::string failure;         // what ended it before the last input
};

// What became of an engine.
struct PeerRun {
  std::string version;          // empty: it did not come to answer
  std::string failure;          // of the whole
  double load_seconds = 0;      // wall time
  std::set<std::string> known;  // the questions it can be asked
  std::map<std::string, PeerAnswers> answers;  // by question
};

// How long an engine may take for one question, over all inputs, before it goes
// on with the next one.
inline constexpr int kSecondsPerQuestion = 5;

// Runs a driver, bench/peers/NAME.mjs or .py, on a folder with a graph and
// questions, and ends it if it has not ended after `patience`. A driver writes
// JSON lines:
//
//   {"missing": "why"}                                     it is not installed
//   {"version": "kuzu 0.11.3", "load_s": 3.9, "known": ["one_hop"]}
//   {"question": "one_hop", "answer": [12, 34], "wall_us": 5.1, "cpu_us": 5.0}
//   {"question": "one_hop", "failure": "why"}
//   {"done": true}
PeerRun RunPeer(const std::string& driver, const std::string& folder,
                absl::Duration patience);

// Asks something of this process, by the rules of a driver: the first input
// once before, untimed. `cpu_seconds` is a clock.
PeerAnswers AskInputs(
    const std::vector<PeerQuestion::Input>& inputs,
    const std::function<PeerQuestion::Answer(const PeerQuestion::Input&)>& ask,
    const std::function<double()>& cpu_seconds);

// Asks ourselves in this thread; each answer is by a snapshot of its own.
PeerRun RunOurselves(StoredGraph& stored,
                     const std::vector<PeerQuestion>& questions,
                     const topology::Adjacency& adjacency,
                     topology::ColumnCache& columns);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_PEER_RUN_H_
