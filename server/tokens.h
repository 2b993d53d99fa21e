#ifndef GUANXI_SERVER_TOKENS_H_
#define GUANXI_SERVER_TOKENS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/value/date.h"

namespace guanxi::server {

// What a caller may do; each includes the ones before.
enum class Role { kReader, kWriter, kAdmin };

// "reader", "writer", "admin".
const char* NameOf(Role role);
std::optional<Role> RoleNamed(absl::string_view name);

// What one token grants. The token itself is kept nowhere.
struct Grant {
  std::string name;  // of who has the token
  Role role = Role::kReader;
  std::vector<std::string> graphs;  // empty: all
  std::optional<Day> until;         // the last day on which it counts, UTC
  std::string digest;               // the SHA-256 of the token
};

// The tokens that a server knows: a file with a line for each, of
//
//   NAME ROLE GRAPHS UNTIL sha256:DIGEST
//
// GRAPHS is `*` or names with commas between, UNTIL a day or `-`. Empty lines,
// and those that begin with `#`, say nothing.
class TokenList {
 public:
  static constexpr size_t kMaxTokens = 10'000;

  // INVALID_ARGUMENT [TOKENS_INVALID]: names the line.
  static absl::StatusOr<TokenList> Parse(absl::string_view text);

  // The grant of a token; nullptr if it is not known. Takes as long for every
  // token, so that nobody learns from the time how much of one is right. Valid
  // as long as the list.
  const Grant* Find(absl::string_view token) const;

  size_t size() const { return grants_.size(); }

 private:
  std::vector<Grant> grants_;
};

// A token to be made, as the words of its line.
struct NewToken {
  std::string name;
  std::string role;
  std::string graphs = "*";
  std::string until = "-";
};

// Makes a token that nobody can guess, adds its line to a file of tokens, which
// is made if need be, and returns it. INVALID_ARGUMENT [TOKENS_INVALID]: a word
// is wrong. UNAVAILABLE: the file cannot
// be written, or the system gave no random bytes.
absl::StatusOr<std::string> AddToken(const std::string& path,
                                     const NewToken& granted);

// Whether a name can stand in the file, of a caller or a graph: 1 to 64 of
// a-z, A-Z, 0-9, `.`, `_`, `-`; not `-` alone, and no `.` first.
bool IsPlainName(absl::string_view name);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_TOKENS_H_
