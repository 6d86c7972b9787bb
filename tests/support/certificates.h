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
  // A new pair for 127.0.0.1 and localhost, valid for so many days from now; `name` is its subject.
  void issue(const std::string& name, int days, const std::filesystem::path& certificate,
             const std::filesystem::path& key) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmm::test
