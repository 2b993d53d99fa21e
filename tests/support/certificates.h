#ifndef GUANXI_TESTS_SUPPORT_CERTIFICATES_H_
#define GUANXI_TESTS_SUPPORT_CERTIFICATES_H_

#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace guanxi::test {

// A key with its certificate, both as PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// Gives out certificates for 127.0.0.1.
class Authority {
 public:
  explicit Authority(const std::string& name);

  // That of the authority, by which the others are known.
  const std::string& certificate() const { return certificate_; }

  // Counts from now on for so many seconds; of less than 0 it has expired.
  Identity Issue(const std::string& name, long seconds = 3600) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;

  static Certificate Make(const std::string& name, EVP_PKEY* key,
                          const X509_NAME* issuer, EVP_PKEY* issuer_key,
                          long seconds);

  Key key_;
  Certificate self_;
  std::string certificate_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_CERTIFICATES_H_
