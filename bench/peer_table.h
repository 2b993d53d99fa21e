#ifndef GUANXI_BENCH_PEER_TABLE_H_
#define GUANXI_BENCH_PEER_TABLE_H_

#include <string>
#include <vector>

#include "bench/peer_questions.h"
#include "bench/peer_run.h"
#include "bench/report.h"

namespace guanxi::bench {

// An engine and what became of it.
struct Peer {
  enum class Kind {
    kOurselves,  // in process
    kOurServer,
    kServer,    // a database that is asked over a wire
    kDatabase,  // one that is asked in its process
    kLibrary,   // keeps nothing
  };

  std::string name;
  Kind kind = Kind::kDatabase;
  PeerRun run;
};

// Prints what each engine took, a question a row, with the first engine, ours,
// as the measure and judge of the others; then what they had to say, and how
// many times we are ahead: in process of the best one, and our server of other
// servers, by wall time. The figures begin with `name`.
void TellPeers(const std::string& name,
               const std::vector<PeerQuestion>& questions,
               const std::vector<Peer>& peers, Report& report);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_PEER_TABLE_H_
