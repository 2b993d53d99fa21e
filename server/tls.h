#ifndef GUANXI_SERVER_TLS_H_
#define GUANXI_SERVER_TLS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include <grpcpp/security/server_credentials.h>

namespace guanxi::server {

// Files in PEM that make connections secure; empty: none.
struct TlsFiles {
  std::string certificate;  // of the server, and those that lead to its root
  std::string key;          // of the certificate
  std::string client_ca;    // only who has a certificate of it may connect

  bool enabled() const { return !certificate.empty() || !key.empty(); }
};

// What a server listens with: TLS 1.2 or later, or nothing if no file is given.
// INVALID_ARGUMENT [TLS_INVALID]: a file is missing, cannot be read or is not
// what it should be; the key is not that of the certificate.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(
    const TlsFiles& files);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_TLS_H_
