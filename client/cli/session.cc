#include "client/cli/session.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include <google/protobuf/util/json_util.h>

#include "client/cli/width.h"
#include "client/status.h"

namespace guanxi::cli {
namespace {

std::string Find(const ErrorInfo& info, const std::string& name) {
  const auto entry = info.metadata.find(name);
  return entry == info.metadata.end() ? "" : entry->second;
}

// What to try after an error; empty if nobody can tell.
std::string Hint(const absl::Status& error, const ErrorInfo& info,
                 const GlobalOptions& options) {
  if (info.reason == "TOKEN_REQUIRED") {
    return options.token_held_back
               ? absl::StrCat("the token was not sent to ", options.server,
                              " in the clear; add --tls or --tls-ca")
               : "give it as --token-file or in GUANXI_TOKEN";
  }
  if (info.reason == "ENTITY_NOT_FOUND") {
    return "try: guanxi list Company";
  }
  if (info.reason == "ENTITY_AMBIGUOUS") {
    return absl::StrCat(
        "keys with this name: ",
        absl::StrReplaceAll(Find(info, "candidates"), {{"[", ""}, {"]", ""}}));
  }
  if (info.reason.empty() && absl::IsUnavailable(error)) {
    return absl::StrCat("is a server running at ", options.server,
                        "? Start one with: guanxid --data FOLDER");
  }
  if (absl::IsDeadlineExceeded(error)) {
    return "try a longer time, as in: --timeout 120";
  }
  return "";
}

// "No such entity" is an answer to a question; all else that fails is none, and
// neither is it what a line of a file meets with.
bool IsNo(const ErrorInfo& info) {
  return info.reason == "ENTITY_NOT_FOUND" && !info.metadata.contains("line");
}

}  // namespace

client::Client Session::Connect(double default_timeout_s) const {
  const std::chrono::duration<double> timeout(
      options_.timeout_s.value_or(default_timeout_s));
  const auto timeout_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(timeout);
  client::Target target{.address = options_.server,
                        .token = options_.token,
                        .graph = options_.graph};
  if (options_.tls) target.tls = options_.tls_files;
  if (sharing_ == nullptr) return client::Client(std::move(target), timeout_ms);
  const client::TlsOptions& files = options_.tls_files;
  std::shared_ptr<grpc::Channel>& channel =
      sharing_
          ->channels[absl::StrJoin({options_.server, absl::StrCat(options_.tls),
                                    files.roots, files.certificate, files.key},
                                   " ")];
  if (channel == nullptr) channel = client::Connect(target);
  return client::Client(std::move(target), channel, timeout_ms);
}

bool Session::in_color() const {
  if (options_.color != "auto") return options_.color == "always";
  return terminal_.out_is_terminal && !terminal_.no_color;
}

void Session::Print(absl::string_view text) {
  for (const std::string& line : Wrap(Printable(text), width())) {
    out() << line << "\n";
  }
}

absl::StatusOr<bool> Session::PrintJson(
    const google::protobuf::Message& response) {
  if (IsFormat("table")) return false;
  if (!IsFormat("json")) {
    return absl::InvalidArgumentError(
        absl::StrCat("this command does not answer as ", options_.format,
                     "; try: --format table, or json"));
  }
  google::protobuf::util::JsonPrintOptions json;
  json.add_whitespace = true;
  std::string text;
  const auto status =
      google::protobuf::util::MessageToJsonString(response, &text, json);
  if (!status.ok()) return absl::InternalError(status.ToString());
  out() << text;
  return true;
}

void Session::Finish(const absl::StatusOr<Answer>& answer) {
  if (answer.ok()) {
    exit_code_ = *answer == Answer::kYes ? kExitYes : kExitNo;
    return;
  }
  PrintError(answer.status());
}

void Session::PrintError(const absl::Status& error) {
  const ErrorInfo info = client::InfoOf(error).value_or(ErrorInfo{});
  exit_code_ = IsNo(info) ? kExitNo : kExitCouldNot;
  err() << "guanxi: " << Printable(error.message()) << "\n";
  const std::string hint = Hint(error, info, options_);
  if (!hint.empty()) err() << Printable(hint) << "\n";
}

}  // namespace guanxi::cli
