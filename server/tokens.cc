#include "server/tokens.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <unistd.h>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "graph/base/descriptor.h"
#include "graph/base/error.h"
#include "graph/base/file.h"
#include "graph/base/sha256.h"
#include "graph/base/status_macros.h"

namespace guanxi::server {
namespace {

constexpr size_t kTokenBytes = 32;
constexpr char kTokenPrefix[] = "gx_";
constexpr char kDigestPrefix[] = "sha256:";
constexpr size_t kMaxNameBytes = 64;
constexpr size_t kMaxGraphsOfToken = 1000;

constexpr std::array<const char*, 3> kRoleNames = {"reader", "writer", "admin"};

absl::Status Wrong(size_t line, absl::string_view found,
                   absl::string_view expected) {
  return MakeError(absl::StatusCode::kInvalidArgument, "TOKENS_INVALID",
                   absl::StrCat("line ", line, " of the tokens: expected ",
                                expected, ", got '", found, "'"),
                   {{"line", absl::StrCat(line)}, {"found", found}});
}

absl::StatusOr<std::vector<std::string>> ParseGraphs(size_t line,
                                                     absl::string_view text) {
  std::vector<std::string> graphs;
  if (text == "*") return graphs;
  graphs = absl::StrSplit(text, ',');
  if (graphs.size() <= kMaxGraphsOfToken &&
      std::ranges::all_of(graphs, IsPlainName)) {
    return graphs;
  }
  return Wrong(line, text, "* or up to 1000 names of graphs, as in main,test");
}

absl::StatusOr<std::string> ParseDigest(size_t line, absl::string_view text) {
  const absl::string_view hex = absl::StripPrefix(text, kDigestPrefix);
  const bool is_digest =
      hex.size() + std::string(kDigestPrefix).size() == text.size() &&
      hex.size() == 2 * kSha256Bytes &&
      std::ranges::all_of(hex, absl::ascii_isxdigit);
  if (!is_digest) return Wrong(line, text, "sha256: and 64 hexadecimal digits");
  return absl::HexStringToBytes(hex);
}

absl::StatusOr<Grant> ParseGrant(size_t line, absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.size() != 5) {
    return Wrong(line, text, "NAME ROLE GRAPHS UNTIL sha256:DIGEST");
  }
  Grant grant{.name = std::string(words[0])};
  if (!IsPlainName(words[0])) return Wrong(line, words[0], "a plain name");
  const std::optional<Role> role = RoleNamed(words[1]);
  if (!role.has_value()) {
    return Wrong(line, words[1], "reader, writer or admin");
  }
  grant.role = *role;
  ASSIGN_OR_RETURN(grant.graphs, ParseGraphs(line, words[2]));
  if (words[3] != "-") {
    const auto until = ParseDay(words[3]);
    if (!until.ok())
      return Wrong(line, words[3], "a day, as in 2027-06-30, or -");
    grant.until = *until;
  }
  ASSIGN_OR_RETURN(grant.digest, ParseDigest(line, words[4]));
  return grant;
}

absl::StatusOr<std::string> MakeToken() {
  std::array<unsigned char, kTokenBytes> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    return absl::UnavailableError("the system gave no random bytes");
  }
  return absl::StrCat(
      kTokenPrefix,
      absl::WebSafeBase64Escape(absl::string_view(
          reinterpret_cast<const char*>(bytes.data()), bytes.size())));
}

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("cannot write '", path, "': ", std::strerror(errno)));
}

}  // namespace

const char* NameOf(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

std::optional<Role> RoleNamed(absl::string_view name) {
  const auto found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

absl::StatusOr<TokenList> TokenList::Parse(absl::string_view text) {
  TokenList list;
  std::set<std::string> digests;
  size_t number = 0;
  for (const absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    if (line.empty() || line.front() == '#') continue;
    ASSIGN_OR_RETURN(Grant grant, ParseGrant(number, line));
    if (!digests.insert(grant.digest).second) {
      return Wrong(number, grant.name, "each token once");
    }
    if (list.grants_.size() == kMaxTokens) {
      return Wrong(number, grant.name, "at most 10000 tokens");
    }
    list.grants_.push_back(std::move(grant));
  }
  return list;
}

const Grant* TokenList::Find(absl::string_view token) const {
  const std::string digest = Sha256Of(token);
  const Grant* found = nullptr;
  for (const Grant& grant : grants_) {  // all of them, found or not
    const bool same =
        CRYPTO_memcmp(grant.digest.data(), digest.data(), digest.size()) == 0;
    found = same ? &grant : found;
  }
  return found;
}

absl::StatusOr<std::string> AddToken(const std::string& path,
                                     const NewToken& granted) {
  if (path.empty()) {
    return absl::InvalidArgumentError(
        "expected the file of the tokens, as in: --tokens tokens");
  }
  ASSIGN_OR_RETURN(std::string token, MakeToken());
  const absl::StatusOr<std::string> before = ReadFile(path);
  std::string line = absl::StrCat(
      granted.name, " ", granted.role, " ", granted.graphs, " ", granted.until,
      " ", kDigestPrefix, absl::BytesToHexString(Sha256Of(token)), "\n");
  if (before.ok() && !before->empty() && before->back() != '\n') {
    line.insert(0, "\n");
  }
  RETURN_IF_ERROR(
      TokenList::Parse(absl::StrCat(before.value_or(""), line)).status());
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!file.valid() ||
      write(file.get(), line.data(), line.size()) != std::ssize(line) ||
      fsync(file.get()) != 0) {
    return CannotWrite(path);
  }
  return token;
}

bool IsPlainName(absl::string_view name) {
  const auto is_plain = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kMaxNameBytes && name != "-" &&
         name.front() != '.' && std::ranges::all_of(name, is_plain);
}

}  // namespace guanxi::server
