#include "bench/peer_run.h"

#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "bench/measure.h"
#include "graph/base/check.h"

namespace guanxi::bench {
namespace {

using nlohmann::json;

// A program in a process group of its own, whose output is read.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments) {
    int ends[2];
    GUANXI_CHECK(pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<char*> words;
    for (std::string& one : arguments) words.push_back(one.data());
    words.push_back(nullptr);
    const int failed = posix_spawnp(&pid_, words[0], &actions, &attributes,
                                    words.data(), environ);
    if (failed != 0) pid_ = 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    out_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Ends it, if it still runs, and all that it has started.
  ~Child() {
    close(out_);
    if (pid_ == 0) return;
    constexpr absl::Duration kGrace = absl::Seconds(10);
    const absl::Time end = absl::Now() + kGrace;
    kill(-pid_, SIGTERM);
    while (waitpid(pid_, nullptr, WNOHANG) == 0 && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);  // nothing, if it has been waited for
  }

  bool started() const { return pid_ != 0; }

  // Appends what it writes next to `text`; false: it has ended, or the time is
  // up.
  bool Read(absl::Time end, std::string& text) {
    const auto left = absl::ToInt64Milliseconds(end - absl::Now());
    pollfd poll_fd{.fd = out_, .events = POLLIN, .revents = 0};
    if (left <= 0 || poll(&poll_fd, 1, static_cast<int>(left)) <= 0) {
      return false;
    }
    char buffer[1 << 16];
    const ssize_t size = read(out_, buffer, sizeof(buffer));
    if (size > 0) text.append(buffer, static_cast<size_t>(size));
    return size > 0;
  }

 private:
  pid_t pid_ = 0;
  int out_;
};

// Takes one line of a driver into what is known of it.
void Take(const json& line, PeerRun& run) {
  if (line.contains("missing")) {
    run.failure = absl::StrCat("missing: ", line["missing"].get<std::string>());
  } else if (line.contains("version")) {
    run.version = line["version"];
    run.load_seconds = line["load_s"];
    run.known = line["known"];
  } else if (line.contains("failure")) {
    run.answers[line["question"]].failure = line["failure"];
  } else if (line.contains("answer")) {
    PeerAnswers& answers = run.answers[line["question"]];
    answers.answers.push_back(line["answer"]);
    answers.wall_us.push_back(line["wall_us"]);
    answers.cpu_us.push_back(line["cpu_us"]);
  } else {
    run.failure = "";  // done
  }
}

}  // namespace

PeerRun RunPeer(const std::string& driver, const std::string& folder,
                absl::Duration patience) {
  std::vector<std::string> command = {"node"};
  if (absl::EndsWith(driver, ".py")) {
    command = {"/usr/bin/python3", "-B"};  // leaves no bytecode in the tree
  }
  command.insert(command.end(),
                 {driver, folder, absl::StrCat(kSecondsPerQuestion)});
  Child child(std::move(command));
  PeerRun run;
  if (!child.started()) {
    run.failure = "missing: its interpreter cannot be started";
    return run;
  }
  run.failure = "its driver ended before it was done";
  const absl::Time end = absl::Now() + patience;
  std::string text;
  while (child.Read(end, text)) {
    size_t begin = 0;
    for (size_t stop; (stop = text.find('\n', begin)) != std::string::npos;
         begin = stop + 1) {
      Take(json::parse(text.substr(begin, stop - begin)), run);
    }
    text.erase(0, begin);
  }
  if (absl::Now() >= end) run.failure = "ended: its time is up";
  return run;
}

PeerAnswers AskInputs(
    const std::vector<PeerQuestion::Input>& inputs,
    const std::function<PeerQuestion::Answer(const PeerQuestion::Input&)>& ask,
    const std::function<double()>& cpu_seconds) {
  constexpr double kMicrosecond = 1e-6;
  PeerAnswers answers;
  ask(inputs.front());
  for (const PeerQuestion::Input& input : inputs) {
    const absl::Time begin = absl::Now();
    const double cpu = cpu_seconds();
    answers.answers.push_back(ask(input));
    answers.cpu_us.push_back((cpu_seconds() - cpu) / kMicrosecond);
    answers.wall_us.push_back(absl::ToDoubleMicroseconds(absl::Now() - begin));
  }
  return answers;
}

PeerRun RunOurselves(StoredGraph& stored,
                     const std::vector<PeerQuestion>& questions,
                     const topology::Adjacency& adjacency,
                     topology::ColumnCache& columns) {
  PeerRun run{.version = "guanxi"};
  for (const PeerQuestion& one : questions) {
    const auto ask = [&](const PeerQuestion::Input& input) {
      store::Snapshot snapshot = *stored.store().BeginSnapshot();
      auto records = columns.FindRecords(snapshot);
      if (records != nullptr) snapshot.Use(std::move(records));
      return one.ask({snapshot, &adjacency, &columns}, input);
    };
    run.answers[one.name] = AskInputs(one.inputs, ask, ThreadCpuSeconds);
    run.known.insert(one.name);
  }
  return run;
}

}  // namespace guanxi::bench
