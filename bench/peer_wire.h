#ifndef GUANXI_BENCH_PEER_WIRE_H_
#define GUANXI_BENCH_PEER_WIRE_H_

#include <string>
#include <vector>

#include "bench/peer_questions.h"
#include "bench/peer_run.h"

namespace guanxi::bench {

// How we are called where we are asked as others ask servers.
inline constexpr char kOverWire[] = "guanxi_grpc";

// Starts a server in this process, on the store that lies in a folder, and asks
// it over gRPC and the loopback interface what one call can say. CPU time is
// that of server and client. What a call cannot say is not known to it:
// filtered_2, and one_hop, whose answer lacks the properties of the neighbours.
PeerRun RunOverWire(const std::string& folder,
                    const std::vector<PeerQuestion>& questions);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_PEER_WIRE_H_
