#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace mmm::test {

// A certificate authority of one test's own, with P-256 keys.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  // Its own certificate, for those who are to trust it.
  void write(const std::filesystem::path& certificate) const;
  // A new pair, valid until so many days from now, which may be negative; `name` is its subject, `hosts` what it is
  // for, as OpenSSL writes it.
  void issue(const std::string& name, int days, const std::filesystem::path& certificate,
             const std::filesystem::path& key, const std::string& hosts = "DNS:localhost,IP:127.0.0.1") const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::test
