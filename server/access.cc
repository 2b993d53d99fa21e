#include "server/access.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <sys/stat.h>

#include "graph/base/error.h"
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
  ASSIGN_OR_RETURN(file->stamp_, file->Look());
  ASSIGN_OR_RETURN(TokenList list, file->Read());
  file->list_ = std::make_shared<const TokenList>(std::move(list));
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
  const auto refuse = [this](const absl::Status& why) {
    log_.Write("tokens", {{"error", std::string(why.message())}});
  };
  const absl::StatusOr<Stamp> stamp = Look();
  if (!stamp.ok()) return refuse(stamp.status());
  if (*stamp == stamp_) return;
  stamp_ = *stamp;
  absl::StatusOr<TokenList> list = Read();
  if (!list.ok()) return refuse(list.status());
  list_ = std::make_shared<const TokenList>(*std::move(list));
  log_.Write("tokens", {{"count", absl::StrCat(list_->size())}});
}

absl::StatusOr<TokenFile::Stamp> TokenFile::Look() const {
  struct stat info = {};
  if (stat(path_.c_str(), &info) != 0) {
    return Unusable(path_, absl::StrCat("cannot be read: ", strerror(errno)));
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Unusable(path_,
                    "can be written by others; expected that only its "
                    "owner may: chmod go-w");
  }
  if (info.st_size > kMaxFileBytes) {
    return Unusable(path_, "is larger than 8 MiB");
  }
  constexpr int64_t kNanoseconds = 1'000'000'000;
  return Stamp{
      .inode = static_cast<int64_t>(info.st_ino),
      .bytes = info.st_size,
      .changed = info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec};
}

absl::StatusOr<TokenList> TokenFile::Read() const {
  std::ifstream file(path_, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || !text) return Unusable(path_, "cannot be read");
  return TokenList::Parse(text.str());
}

absl::StatusOr<Caller> Access::Admit(const grpc::ServerContextBase& context,
                                     Role role) const {
  if (tokens_ == nullptr) return Caller();
  ASSIGN_OR_RETURN(const std::string token, TokenOf(context));
  const std::shared_ptr<const TokenList> list = tokens_->Current();
  const Grant* grant = list->Find(token);
  if (grant == nullptr) {
    return Unauthenticated("TOKEN_UNKNOWN",
                           "the token is not one that this server knows");
  }
  if (grant->until.has_value() && today_() > *grant->until) {
    return Unauthenticated("TOKEN_EXPIRED", "the token has expired");
  }
  if (grant->role < role) return RoleRequired(*grant, role);
  return Caller{.name = grant->name, .graphs = grant->graphs};
}

}  // namespace guanxi::server
