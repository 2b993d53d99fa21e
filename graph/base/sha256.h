#ifndef GUANXI_GRAPH_BASE_SHA256_H_
#define GUANXI_GRAPH_BASE_SHA256_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include <openssl/types.h>

namespace guanxi {

inline constexpr size_t kSha256Bytes = 32;

// The SHA-256 of bytes that come piece by piece. Not thread-safe.
class Sha256 {
 public:
  Sha256();

  void Add(absl::string_view bytes);

  // kSha256Bytes of what was added; of no use afterwards.
  std::string Finish();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const;
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// The same of bytes that are there.
std::string Sha256Of(absl::string_view bytes);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_SHA256_H_
