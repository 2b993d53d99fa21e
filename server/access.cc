#include "server/access.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <iterator>
#include <unistd.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <grpc/grpc_security_constants.h>
#include <sys/stat.h>

#include "graph/base/descriptor.h"
#include "graph/base/error.h"
#include "graph/base/file.h"
#include "graph/base/status_macros.h"

namespace guanxi::server {
namespace {

constexpr std::chrono::seconds kBetweenFileLooks(1);
constexpr int64_t kMaxFileBytes = 8 << 20;
constexpr char kHeader[] = "authorization";
constexpr absl::string_view kScheme = "Bearer ";

absl::Status Unusable(const std::string& path, absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "TOKENS_INVALID",
                   absl::StrCat("the file of tokens '", path, "' ", why),
                   {{"path", path}});
}

absl::Status Unauthenticated(absl::string_view reason,
                             absl::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, reason, message);
}

// The token that a call brings.
absl::StatusOr<std::string> TokenOf(const grpc::ServerContextBase& context) {
  const auto& metadata = context.client_metadata();
  const auto [begin, end] = metadata.equal_range(kHeader);
  if (begin != end && std::next(begin) == end) {
    absl::string_view value(begin->second.data(), begin->second.size());
    if (absl::StartsWithIgnoreCase(value, kScheme)) {
      return std::string(value.substr(kScheme.size()));
    }
  }
  return Unauthenticated("TOKEN_REQUIRED",
                         "expected a token, as metadata: 'authorization' with "
                         "'Bearer TOKEN'");
}

// Whom the certificate names that a client has shown; empty if it has none.
std::string PeerOf(const grpc::ServerContextBase& context) {
  const auto auth = context.auth_context();
  if (auth == nullptr || !auth->IsPeerAuthenticated()) return "";
  const auto names = auth->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  if (names.empty()) return "";
  return std::string(names.front().data(), names.front().size());
}

int64_t Nanoseconds(const timespec& time) {
  constexpr int64_t kInASecond = 1'000'000'000;
  return time.tv_sec * kInASecond + time.tv_nsec;
}

absl::Status RoleRequired(const Grant& grant, Role role) {
  return MakeError(
      absl::StatusCode::kPermissionDenied, "ROLE_REQUIRED",
      absl::StrCat("the token of '", grant.name, "' is that of a ",
                   NameOf(grant.role), "; expected one of a ", NameOf(role)),
      {{"role", NameOf(grant.role)}, {"required", NameOf(role)}});
}

}  // namespace

absl::Status Caller::CheckGraph(absl::string_view graph) const {
  if (graphs.empty() || std::ranges::find(graphs, graph) != graphs.end()) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kPermissionDenied, "GRAPH_NOT_GRANTED",
      absl::StrCat("the token of '", name, "' does not count for this graph"));
}

absl::StatusOr<std::unique_ptr<TokenFile>> TokenFile::Open(std::string path,
                                                           Log& log) {
  std::unique_ptr<TokenFile> file(new TokenFile(std::move(path), log));
  MutexLock lock(file->mutex_);
  RETURN_IF_ERROR(file->Read());
  return file;
}

std::shared_ptr<const TokenList> TokenFile::Current() {
  MutexLock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_look_) {
    next_look_ = now + kBetweenFileLooks;
    ReadAgain();
  }
  return list_;
}

void TokenFile::ReadAgain() {
  const Stamp before = stamp_;
  const absl::Status read = Read();
  if (!read.ok() && read != problem_) {  // once, not every second
    log_.Write("tokens", {{"error", std::string(read.message())}});
  }
  problem_ = read;
  if (stamp_ != before) {
    log_.Write("tokens", {{"count", absl::StrCat(list_->size())}});
  }
}

// What is read is what was looked at.
absl::Status TokenFile::Read() {
  const Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) {
    return Unusable(path_, absl::StrCat("cannot be read: ", strerror(errno)));
  }
  return ReadFrom(file.get());
}

absl::Status TokenFile::ReadFrom(int fd) {
  struct stat info = {};
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return Unusable(path_, "is no regular file");
  }
  const bool is_ours = info.st_uid == geteuid() || info.st_uid == 0;
  if (!is_ours || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Unusable(path_,
                    "can be written by others; expected that only who "
                    "runs the server, or root, may: chmod go-w");
  }
  const Stamp stamp{.device = static_cast<int64_t>(info.st_dev),
                    .inode = static_cast<int64_t>(info.st_ino),
                    .bytes = info.st_size,
                    .modified = Nanoseconds(info.st_mtim),
                    .changed = Nanoseconds(info.st_ctim)};
  if (list_ != nullptr && stamp == stamp_) return absl::OkStatus();
  const auto text = ReadToEnd(fd, kMaxFileBytes);
  if (!text.ok()) return Unusable(path_, text.status().message());
  ASSIGN_OR_RETURN(TokenList list, TokenList::Parse(*text));
  list_ = std::make_shared<const TokenList>(std::move(list));
  stamp_ = stamp;  // only now: what failed is tried again
  return absl::OkStatus();
}

absl::Status Access::Admit(const grpc::ServerContextBase& context, Role role,
                           Caller* caller) const {
  if (tokens_ == nullptr) {
    caller->name = PeerOf(context);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string token, TokenOf(context));
  const std::shared_ptr<const TokenList> list = tokens_->Current();
  const Grant* grant = list->Find(token);
  if (grant == nullptr) {
    return Unauthenticated("TOKEN_UNKNOWN",
                           "the token is not one that this server knows");
  }
  *caller = {.name = grant->name, .graphs = grant->graphs};
  if (grant->until.has_value() && today_() > *grant->until) {
    return Unauthenticated("TOKEN_EXPIRED", "the token has expired");
  }
  if (grant->role < role) return RoleRequired(*grant, role);
  return absl::OkStatus();
}

}  // namespace guanxi::server
