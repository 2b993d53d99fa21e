// Any text as a token: of a page, as the file of the tokens that a server
// knows, and as one of those. A token is refused, or it is what was issued.

#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "server/page_token.h"
#include "server/tokens.h"
#include "tests/fuzz/byte_source.h"
#include "tests/fuzz/fuzz_target.h"

namespace guanxi::server {
namespace {

using test::RequireOk;

void CheckRefused(const absl::Status& status, absl::string_view reason) {
  GUANXI_CHECK(absl::IsInvalidArgument(status));
  const auto info = GetErrorInfo(status);
  GUANXI_CHECK(info.has_value());
  GUANXI_CHECK(info->reason == reason);
}

constexpr char kRequest[] = "guanxi.v1.ListRequest:Company";

void TestPageToken(test::ByteSource source) {
  const auto read = DecodePageToken(source.rest(), kRequest);
  if (!read.ok()) return CheckRefused(read.status(), "PAGE_TOKEN_INVALID");
  GUANXI_CHECK(read->has_value() == !source.rest().empty());
}

// What was issued is taken for this request and no other, and not if a
// character of it is another one.
void TestIssuedToken(test::ByteSource source) {
  const PageToken issued{.position = source.Number(),
                         .revision = source.Number()};
  std::string text = EncodePageToken(issued, kRequest);
  const auto read = DecodePageToken(text, kRequest);
  RequireOk(read.status());
  GUANXI_CHECK((*read)->position == issued.position);
  GUANXI_CHECK((*read)->revision == issued.revision);
  GUANXI_CHECK(!DecodePageToken(text, source.rest()).ok() ||
               source.rest() == kRequest);

  text.resize(source.Below(static_cast<uint32_t>(text.size())));
  const auto cut = DecodePageToken(text, kRequest);
  GUANXI_CHECK(!cut.ok() || !cut->has_value());
}

void TestTokenFile(test::ByteSource source) {
  const auto tokens = TokenList::Parse(source.rest());
  if (!tokens.ok()) return CheckRefused(tokens.status(), "TOKENS_INVALID");
  GUANXI_CHECK(tokens->size() <= TokenList::kMaxTokens);
  GUANXI_CHECK(tokens->Find(source.rest()) == nullptr);
}

// A list with one token, which alone is found.
void TestBearer(test::ByteSource source) {
  static const TokenList& tokens = *new TokenList(*TokenList::Parse(
      "ada reader main,test 2030-12-31 sha256:2c26b46b68ffc68ff99b453c1d304134"
      "13422d706483bfa0f98a5e886266e7ae\n"));  // "foo"
  const Grant* const grant = tokens.Find(source.rest());
  GUANXI_CHECK((grant != nullptr) == (source.rest() == "foo"));
}

void TestOne(test::ByteSource source) {
  constexpr void (*kTests[])(test::ByteSource) = {
      TestPageToken, TestIssuedToken, TestTokenFile, TestBearer};
  const uint32_t choice = source.Below(std::size(kTests));
  kTests[choice](source);
}

}  // namespace
}  // namespace guanxi::server

void guanxi::test::TryInput(absl::string_view input) {
  server::TestOne(ByteSource(input));
}
