// Other engines on the same graph, asked the same questions as we are, in
// process or beside us on this machine. Their drivers are in bench/peers/.

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "bench/graph_size.h"
#include "bench/peer_graph.h"
#include "bench/peer_questions.h"
#include "bench/peer_run.h"
#include "bench/peer_table.h"
#include "bench/peer_wire.h"
#include "bench/power_law.h"
#include "bench/report.h"
#include "bench/stored_graph.h"
#include "graph/base/check.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/column_cache.h"
#include "tests/support/temp_dir.h"

namespace guanxi::bench {
namespace {

// Loading takes some of them so long for each relationship.
constexpr absl::Duration kPatience = absl::Seconds(120);
constexpr absl::Duration kPatiencePerRelationship = absl::Microseconds(120);

struct Driver {
  const char* name;
  const char* path;
  Peer::Kind kind;
};
constexpr Driver kDrivers[] = {
    {"kuzu", "bench/peers/kuzu.mjs", Peer::Kind::kDatabase},
    {"ladybug", "bench/peers/ladybug.mjs", Peer::Kind::kDatabase},
    {"duckdb", "bench/peers/duckdb.mjs", Peer::Kind::kDatabase},
    {"sqlite", "bench/peers/sqlite.mjs", Peer::Kind::kDatabase},
    {"postgresql", "bench/peers/postgresql.py", Peer::Kind::kServer},
    {"igraph", "bench/peers/igraph_library.py", Peer::Kind::kLibrary},
    {"networkx", "bench/peers/networkx_library.py", Peer::Kind::kLibrary}};

// The folder in which everything lies for a while. PostgreSQL works under
// another user's name if we are root, and must get there.
void OpenToAll(const std::string& folder) {
  using std::filesystem::perms;
  std::filesystem::permissions(
      folder, perms::owner_all | perms::group_exec | perms::others_exec);
}

// Ourselves; leaves the graph and the questions in the folder.
Peer MeasureOurselves(const GraphSize& size, const std::string& folder,
                      std::vector<PeerQuestion>& questions) {
  PowerLawGraph graph = PowerLawGraph::Make(size.entities, size.relationships);
  WritePeerGraph(graph, folder);
  const absl::Time begin = absl::Now();
  StoredGraph stored(std::move(graph), folder + "/main.guanxi");
  ClaimTraits(stored);
  const auto adjacency =
      *topology::Adjacency::Build(*stored.store().BeginSnapshot());
  topology::ColumnCache columns(stored.store());
  GUANXI_CHECK(columns.BuildAnew("weight").ok());
  GUANXI_CHECK(columns.BuildAnew(topology::ColumnCache::kRecords).ok());
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  questions = PeerQuestions(stored);
  WriteQuestions(questions, folder + "/questions.jsonl");
  Peer ours{.name = "guanxi",
            .kind = Peer::Kind::kOurselves,
            .run = RunOurselves(stored, questions, *adjacency, columns)};
  ours.run.load_seconds = seconds;
  return ours;
}

int Run(std::ostream& out) {
  Report report("peers", out);
  const GraphSize& size = ChosenGraphSize();
  report.Say(absl::StrCat("building: ", size.entities, " entities, ",
                          size.relationships, " relationships"));
  const test::TempDir dir;
  OpenToAll(dir.path());
  std::vector<PeerQuestion> questions;
  std::vector<Peer> peers = {MeasureOurselves(size, dir.path(), questions)};
  for (const PeerQuestion& one : questions) {
    report.Say(absl::StrCat("  ", one.name, ": ", one.meaning));
  }
  for (const Driver& one : kDrivers) {
    report.Say(absl::StrCat("asking ", one.name));
    peers.push_back(
        {one.name, one.kind,
         RunPeer(one.path, dir.path(),
                 kPatience + kPatiencePerRelationship * size.relationships)});
  }
  report.Say("asking ourselves over gRPC");
  peers.push_back(
      {kOverWire, Peer::Kind::kOurServer, RunOverWire(dir.path(), questions)});
  TellPeers(size.FiguresOf("peers"), questions, peers, report);
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
