#include "tests/support/certificates.h"

#include <random>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "graph/base/check.h"

namespace guanxi::test {
namespace {

template <typename Write>
std::string ToPem(Write write) {
  BIO* out = BIO_new(BIO_s_mem());
  GUANXI_CHECK(out != nullptr && write(out) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  std::string pem(bytes, static_cast<size_t>(size));
  BIO_free(out);
  return pem;
}

std::string ToPem(X509* certificate) {
  return ToPem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string ToPem(EVP_PKEY* key) {
  return ToPem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr,
                                    nullptr);
  });
}

void AddExtension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  GUANXI_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Authority::Authority(const std::string& name) : key_(EVP_EC_gen("P-256")) {
  constexpr long kSeconds = 3600;
  self_ = Make(name, key_.get(), nullptr, key_.get(), kSeconds);
  certificate_ = ToPem(self_.get());
}

Identity Authority::Issue(const std::string& name, long seconds) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = Make(
      name, key.get(), X509_get_subject_name(self_.get()), key_.get(), seconds);
  return {.certificate = ToPem(certificate.get()), .key = ToPem(key.get())};
}

// Without an issuer, the certificate of an authority by itself.
Authority::Certificate Authority::Make(const std::string& name, EVP_PKEY* key,
                                       const X509_NAME* issuer,
                                       EVP_PKEY* issuer_key, long seconds) {
  Certificate made(X509_new());
  X509* raw = made.get();
  X509_set_version(raw, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(raw),
                   static_cast<long>(std::random_device{}() >> 1));
  constexpr long kDay = 24 * 3600;
  X509_gmtime_adj(X509_getm_notBefore(raw), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(raw), seconds);
  X509_set_pubkey(raw, key);
  X509_NAME_add_entry_by_txt(
      X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(raw,
                       issuer == nullptr ? X509_get_subject_name(raw) : issuer);
  if (issuer == nullptr) {
    AddExtension(raw, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    AddExtension(raw, NID_subject_alt_name, "IP:127.0.0.1");
  }
  GUANXI_CHECK(X509_sign(raw, issuer_key, EVP_sha256()) > 0);
  return made;
}

}  // namespace guanxi::test
