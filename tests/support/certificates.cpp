#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace mmm::test {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* file) const { BIO_free(file); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL could not make a certificate");
}

Key make_key() {
  Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  return key;
}

void set_name(X509_NAME* name, const std::string& text) {
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()), -1, 0) == 1);
}

void extend(X509* certificate, int kind, const char* value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate make_certificate(const std::string& name, int days, EVP_PKEY* key, long serial) {
  constexpr long kDaySeconds = 86'400;
  Certificate certificate(X509_new());
  require(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -30 * kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDaySeconds);
  set_name(X509_get_subject_name(certificate.get()), name);
  require(X509_set_pubkey(certificate.get(), key) == 1);
  return certificate;
}

template <class Write>
void write_to(const std::filesystem::path& path, Write write) {
  const std::unique_ptr<BIO, Free> file(BIO_new_file(path.c_str(), "w"));
  require(file != nullptr && write(file.get()) == 1);
}

}  // namespace

struct CertificateAuthority::Impl {
  Key key = make_key();
  Certificate certificate = make_certificate("test authority", 3650, key.get(), 1);
  long next_serial = 2;
};

CertificateAuthority::CertificateAuthority() : impl_(std::make_unique<Impl>()) {
  X509* const own = impl_->certificate.get();
  require(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
  extend(own, NID_basic_constraints, "critical,CA:TRUE");
  require(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0);
}

CertificateAuthority::~CertificateAuthority() = default;

void CertificateAuthority::write(const std::filesystem::path& certificate) const {
  write_to(certificate, [this](BIO* file) { return PEM_write_bio_X509(file, impl_->certificate.get()); });
}

void CertificateAuthority::issue(const std::string& name, int days, const std::filesystem::path& certificate,
                                 const std::filesystem::path& key, const std::string& hosts) const {
  const Key own = make_key();
  const Certificate issued = make_certificate(name, days, own.get(), impl_->next_serial++);
  require(X509_set_issuer_name(issued.get(), X509_get_subject_name(impl_->certificate.get())) == 1);
  extend(issued.get(), NID_subject_alt_name, hosts.c_str());
  require(X509_sign(issued.get(), impl_->key.get(), EVP_sha256()) > 0);
  write_to(certificate, [&](BIO* file) { return PEM_write_bio_X509(file, issued.get()); });
  write_to(key,
           [&](BIO* file) { return PEM_write_bio_PrivateKey(file, own.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace mmm::test
