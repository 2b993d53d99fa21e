#include "server/tls.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "graph/base/error.h"
#include "graph/base/file.h"
#include "graph/base/status_macros.h"

namespace guanxi::server {
namespace {

absl::Status TlsInvalid(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, "TLS_INVALID", message);
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  auto text = ReadFile(path);
  if (text.ok()) return text;
  return TlsInvalid(absl::StrCat("'", path, "' ", text.status().message()));
}

// A key must not need a word that nobody is there to type.
int NoPassphrase(char*, int, int, void*) { return 0; }

// gRPC would only say that it cannot listen.
absl::Status CheckFiles(const TlsFiles& files) {
  const auto free = [](SSL_CTX* context) { SSL_CTX_free(context); };
  const std::unique_ptr<SSL_CTX, decltype(free)> context(
      SSL_CTX_new(TLS_server_method()), free);
  if (context == nullptr) return absl::InternalError("OpenSSL does not start");
  SSL_CTX* raw = context.get();
  SSL_CTX_set_default_passwd_cb(raw, NoPassphrase);
  absl::Status status;
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1) {
    status = TlsInvalid(
        absl::StrCat("'", files.certificate, "' is no certificate in PEM"));
  } else if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(),
                                         SSL_FILETYPE_PEM) != 1) {
    status = TlsInvalid(
        absl::StrCat("'", files.key,
                     "' is no key in PEM without a passphrase, or not "
                     "that of '",
                     files.certificate, "'"));
  } else if (!files.client_ca.empty() &&
             SSL_CTX_load_verify_file(raw, files.client_ca.c_str()) != 1) {
    status = TlsInvalid(
        absl::StrCat("'", files.client_ca, "' has no certificates in PEM"));
  }
  ERR_clear_error();
  return status;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials(
    const TlsFiles& files) {
  if (!files.enabled()) {
    if (files.client_ca.empty()) return grpc::InsecureServerCredentials();
    return TlsInvalid(
        "certificates of clients can only be asked for with TLS: "
        "give --tls-certificate and --tls-key too");
  }
  if (files.certificate.empty() || files.key.empty()) {
    return TlsInvalid("--tls-certificate and --tls-key go together");
  }
  RETURN_IF_ERROR(CheckFiles(files));
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  ASSIGN_OR_RETURN(pair.private_key, ReadPem(files.key));
  ASSIGN_OR_RETURN(pair.cert_chain, ReadPem(files.certificate));
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back(std::move(pair));
  if (!files.client_ca.empty()) {
    ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(files.client_ca));
    options.client_certificate_request =
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(options);
}

}  // namespace guanxi::server
