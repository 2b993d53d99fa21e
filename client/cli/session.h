#ifndef GUANXI_CLIENT_CLI_SESSION_H_
#define GUANXI_CLIENT_CLI_SESSION_H_

#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>

#include "client/cli/run.h"
#include "client/client.h"

namespace guanxi::cli {

// What an answer says: exit code 0 or 1.
enum class Answer { kYes, kNo };

// What is said before or after any command.
struct GlobalOptions {
  std::string server = client::kDefaultAddress;
  std::string graph;
  bool tls = false;
  client::TlsOptions tls_files;  // what is in them
  std::string token;
  bool token_held_back = false;  // it would have gone in the clear
  std::string valid_at;
  std::string known_at;
  std::string format = "table";
  std::string color = "auto";
  std::optional<double> timeout_s;
};

// What the commands of one shell have from it.
struct Sharing {
  GlobalOptions options;  // of those that do not say otherwise
  std::map<std::string, std::shared_ptr<grpc::Channel>>
      channels;  // by server and how it is reached
};

// One run of the CLI: its options, its connection, where it writes, and how it
// ends. A command reads and writes nothing else.
class Session {
 public:
  // `sharing` outlives it; nullptr outside of a shell.
  Session(const Terminal& terminal, Sharing* sharing)
      : terminal_(terminal), sharing_(sharing) {
    if (sharing != nullptr) options_ = sharing->options;
  }

  GlobalOptions& options() { return options_; }

  // Of calls that read or write a whole graph.
  static constexpr double kWholeGraphTimeoutS = 600;

  // Connects by the global options; a call may take `default_timeout_s` unless
  // they say otherwise.
  client::Client Connect(double default_timeout_s = 30) const;

  const Terminal& terminal() const { return terminal_; }
  std::ostream& out() { return terminal_.out; }
  std::ostream& err() { return terminal_.err; }
  int width() const { return terminal_.width; }

  // Whether the answer is to be coloured.
  bool in_color() const;

  // Where to tell how far a call has come; nullptr: nowhere.
  std::ostream* progress() {
    return terminal_.err_is_terminal ? &terminal_.err : nullptr;
  }

  // Prints a paragraph of the answer, broken into lines that fit.
  void Print(absl::string_view text);

  // Prints the answer as JSON if that was asked for, and says whether it was.
  // INVALID_ARGUMENT: neither that nor a table was asked for, which is all that
  // the command has left.
  absl::StatusOr<bool> PrintJson(const google::protobuf::Message& response);

  bool IsFormat(absl::string_view format) const {
    return options_.format == format;
  }

  // Ends the run with an answer, or with an error, which it prints with what to
  // try.
  void Finish(const absl::StatusOr<Answer>& answer);

  // Ends the run with this exit code.
  void FinishWith(int exit_code) { exit_code_ = exit_code; }

  int exit_code() const { return exit_code_; }

 private:
  void PrintError(const absl::Status& error);

  Terminal terminal_;
  Sharing* const sharing_;
  GlobalOptions options_;
  int exit_code_ = kExitYes;
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_SESSION_H_
