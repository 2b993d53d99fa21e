#include "bench/peer_table.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "bench/measure.h"

namespace guanxi::bench {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double MedianOfFirst(size_t count, const std::vector<double>& values) {
  return Median(
      {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count)});
}

// "0.57", "12", "3214".
std::string Rounded(double value) {
  constexpr double kManyDigits = 100;
  return value < kManyDigits ? absl::StrFormat("%.2g", value)
                             : absl::StrFormat("%.0f", value);
}

// "34us", "2.1ms".
std::string Shortly(double us) {
  constexpr double kThousand = 1e3;
  const char* unit = "us";
  if (us >= kThousand * kThousand) {
    unit = "s";
    us /= kThousand * kThousand;
  } else if (us >= kThousand) {
    unit = "ms";
    us /= kThousand;
  }
  return Rounded(us) + unit;
}

// One engine and one question.
class Cell {
 public:
  Cell(const PeerQuestion& question, const Peer& peer, const Peer& ours)
      : peer_(peer), question_(question) {
    const auto found = peer.run.answers.find(question.name);
    if (found == peer.run.answers.end()) return;
    answers_ = &found->second;
    const PeerAnswers& own = ours.run.answers.at(question.name);
    for (size_t i = 0; i < count(); ++i) {
      if (answers_->answers[i] != own.answers[i]) ++wrong_;
    }
    if (count() == 0) return;
    cpu_us_ = MedianOfFirst(count(), answers_->cpu_us);
    wall_us_ = MedianOfFirst(count(), answers_->wall_us);
    if (&peer == &ours) return;
    cpu_times_ = cpu_us_ / MedianOfFirst(count(), own.cpu_us);
    wall_times_ = wall_us_ / MedianOfFirst(count(), own.wall_us);
  }

  size_t count() const {
    return answers_ == nullptr ? 0 : answers_->answers.size();
  }
  size_t wrong() const { return wrong_; }
  bool IsRight() const { return count() > 0 && wrong_ == 0; }
  // Of the first engine, over the same inputs.
  double cpu_times() const { return cpu_times_; }
  double wall_times() const { return wall_times_; }

  std::string Text() const {
    if (count() == 0) return Absence();
    std::string text = Shortly(cpu_us_);
    if (cpu_times_ < kInfinity) {
      absl::StrAppend(&text, " ", Rounded(cpu_times_), "x");
    }
    if (count() < question_.inputs.size()) {
      absl::StrAppend(&text, " n=", count());
    }
    if (wrong_ > 0) absl::StrAppend(&text, " WRONG ", wrong_);
    return text;
  }

  void Record(const std::string& name, Report& report) const {
    if (count() == 0) return;
    const std::string begin =
        absl::StrCat(name, ".", question_.name, ".", peer_.name);
    report.AddSilently(
        {.name = begin + ".cpu", .value = cpu_us_, .unit = "us"});
    report.AddSilently(
        {.name = begin + ".wall", .value = wall_us_, .unit = "us"});
    report.AddSilently({.name = begin + ".asked",
                        .value = static_cast<double>(count()),
                        .unit = "",
                        .better = Figure::Better::kHigher});
  }

 private:
  std::string Absence() const {
    if (peer_.run.version.empty()) return "missing";
    if (!peer_.run.known.contains(question_.name)) return "cannot";
    return answers_ != nullptr ? "failed" : "ended";
  }

  const Peer& peer_;
  const PeerQuestion& question_;
  const PeerAnswers* answers_ = nullptr;
  size_t wrong_ = 0;
  double cpu_us_ = 0;
  double wall_us_ = 0;
  double cpu_times_ = kInfinity;
  double wall_times_ = kInfinity;
};

std::string LoadText(const PeerRun& run) {
  constexpr double kMicrosecond = 1e-6;
  if (run.version.empty()) return "missing";
  return Shortly(run.load_seconds / kMicrosecond);
}

// From the top: its name, how long loading took, a cell for each question.
std::vector<std::string> ColumnOf(const Peer& peer, const Peer& ours,
                                  const std::vector<PeerQuestion>& questions) {
  std::vector<std::string> column = {peer.name, LoadText(peer.run)};
  for (const PeerQuestion& one : questions) {
    column.push_back(Cell(one, peer, ours).Text());
  }
  return column;
}

void TellTable(const std::vector<PeerQuestion>& questions,
               const std::vector<Peer>& peers, Report& report) {
  std::vector<std::vector<std::string>> columns = {{"", "load, wall time"}};
  for (const PeerQuestion& one : questions) columns[0].push_back(one.name);
  for (const Peer& one : peers) {
    columns.push_back(ColumnOf(one, peers.front(), questions));
  }
  for (size_t row = 0; row < columns[0].size(); ++row) {
    std::string line;
    for (const std::vector<std::string>& column : columns) {
      size_t width = 0;
      for (const std::string& text : column) {
        width = std::max(width, text.size());
      }
      absl::StrAppendFormat(&line, "%-*s  ", static_cast<int>(width),
                            column[row]);
    }
    report.Say(absl::StripTrailingAsciiWhitespace(line));
  }
}

void TellFailures(const std::vector<Peer>& peers, Report& report) {
  for (const Peer& one : peers) {
    const PeerRun& run = one.run;
    if (!run.version.empty()) report.Say(absl::StrCat("  ", run.version));
    if (!run.failure.empty()) {
      report.Say(absl::StrCat("  ", one.name, ": ", run.failure));
    }
    for (const auto& [question, answers] : run.answers) {
      if (answers.failure.empty()) continue;
      report.Say(
          absl::StrCat("  ", one.name, ", ", question, ": ", answers.failure));
    }
  }
}

// How many times as long as we the fastest of some peers takes.
struct Lead {
  double cpu = kInfinity;
  double wall = kInfinity;

  void Add(const Cell& cell) {
    if (!cell.IsRight()) return;
    cpu = std::min(cpu, cell.cpu_times());
    wall = std::min(wall, cell.wall_times());
  }
};

void TellRatio(const std::string& name, double value,
               std::optional<double> demand, Report& report) {
  if (value == kInfinity) return;
  report.Add({.name = name,
              .value = value,
              .unit = "ratio",
              .demand = demand,
              .better = Figure::Better::kHigher});
}

void TellLeads(const std::string& name, const PeerQuestion& question,
               const std::vector<Peer>& peers, Report& report) {
  constexpr double kOfDatabase = 5;
  Lead of_all;
  Lead of_databases;
  Lead of_servers;
  Lead of_ours;
  for (const Peer& one : peers) {
    const Cell cell(question, one, peers.front());
    cell.Record(name, report);
    if (one.kind == Peer::Kind::kOurselves) continue;
    if (one.kind == Peer::Kind::kOurServer) {
      of_ours.Add(cell);
      continue;
    }
    of_all.Add(cell);
    if (one.kind != Peer::Kind::kLibrary) of_databases.Add(cell);
    if (one.kind == Peer::Kind::kServer) of_servers.Add(cell);
  }
  const std::string begin = absl::StrCat(name, ".", question.name);
  TellRatio(begin + ".times_best", of_all.cpu, 1, report);
  TellRatio(begin + ".times_best_database", of_databases.cpu, kOfDatabase,
            report);
  if (of_ours.wall == kInfinity) return;
  TellRatio(begin + ".server.times_best", of_servers.wall / of_ours.wall, 1,
            report);
}

// Libraries judge our answers, and our server gives them too: these must be
// equal. What a database gets wrong is told, and no measure of ours.
void TellWrong(const std::string& name,
               const std::vector<PeerQuestion>& questions, const Peer& peer,
               const Peer& ours, Report& report) {
  if (peer.run.version.empty()) return;
  size_t wrong = 0;
  for (const PeerQuestion& question : questions) {
    wrong += Cell(question, peer, ours).wrong();
  }
  const bool judges =
      peer.kind == Peer::Kind::kLibrary || peer.kind == Peer::Kind::kOurServer;
  report.Add({.name = absl::StrCat(name, ".", peer.name, ".wrong"),
              .value = static_cast<double>(wrong),
              .unit = "",
              .demand = judges ? std::optional(0.0) : std::nullopt});
}

}  // namespace

void TellPeers(const std::string& name,
               const std::vector<PeerQuestion>& questions,
               const std::vector<Peer>& peers, Report& report) {
  TellTable(questions, peers, report);
  TellFailures(peers, report);
  for (const PeerQuestion& question : questions) {
    TellLeads(name, question, peers, report);
  }
  for (const Peer& one : peers) {
    if (&one != &peers.front())
      TellWrong(name, questions, one, peers.front(), report);
  }
}

}  // namespace guanxi::bench
