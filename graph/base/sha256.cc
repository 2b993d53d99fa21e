#include "graph/base/sha256.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "graph/base/check.h"

namespace guanxi {

static_assert(kSha256Bytes == SHA256_DIGEST_LENGTH);

void Sha256::Free::operator()(EVP_MD_CTX* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  GUANXI_CHECK(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::Add(absl::string_view bytes) {
  GUANXI_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) ==
               1);
}

std::string Sha256::Finish() {
  unsigned char digest[kSha256Bytes];
  GUANXI_CHECK(EVP_DigestFinal_ex(context_.get(), digest, nullptr) == 1);
  return {reinterpret_cast<const char*>(digest), kSha256Bytes};
}

std::string Sha256Of(absl::string_view bytes) {
  unsigned char digest[kSha256Bytes];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         digest);
  return {reinterpret_cast<const char*>(digest), kSha256Bytes};
}

}  // namespace guanxi
