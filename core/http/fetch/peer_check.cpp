#include "core/http/fetch/peer_check.h"

#include "core/base/encoding.h"
#include "core/base/time.h"

#include <boost/asio/ip/address.hpp>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace mmm::http {
namespace {

// Names in a certificate come from whoever sent it.
constexpr std::size_t kNameBytesMax = 100;
constexpr int kNamesShownMax = 5;

struct Free {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

bool is_address(const std::string& host) {
  boost::system::error_code error;
  static_cast<void>(boost::asio::ip::make_address(host, error));
  return !error;
}

std::string shown(std::string_view name) {
  return sanitize_utf8(name.substr(0, kNameBytesMax));
}

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, Free> memory(BIO_new(BIO_s_mem()));
  if (memory == nullptr || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) < 0) {
    return "?";
  }
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return shown({bytes, static_cast<std::size_t>(std::max(size, 0L))});
}

std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "?";
  return to_iso8601(WallTime{std::chrono::seconds{::timegm(&parts)}});
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  const unsigned char* const data = ASN1_STRING_get0_data(bytes);
  if (ASN1_STRING_length(bytes) == 4) {
    boost::asio::ip::address_v4::bytes_type v4{};
    std::copy_n(data, v4.size(), v4.begin());
    return boost::asio::ip::make_address_v4(v4).to_string();
  }
  if (ASN1_STRING_length(bytes) == 16) {
    boost::asio::ip::address_v6::bytes_type v6{};
    std::copy_n(data, v6.size(), v6.begin());
    return boost::asio::ip::make_address_v6(v6).to_string();
  }
  return "?";
}

// The names and addresses that a certificate is for.
std::string names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string text;
  int count = 0;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    std::string one;
    if (name->type == GEN_DNS) {
      const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
      one = shown({bytes, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))});
    } else if (name->type == GEN_IPADD) {
      one = address_text(name->d.iPAddress);
    } else {
      continue;
    }
    if (++count > kNamesShownMax) return text + ", …";
    if (!text.empty()) text += ", ";
    text += one;
  }
  return text.empty() ? text_of(X509_get_subject_name(certificate)) : text;
}

Result<std::string> pin_of(const X509* certificate) {
  unsigned char* encoded = nullptr;
  const int size = certificate == nullptr ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned digest_size = 0;
  const bool done =
      size > 0 && EVP_Digest(encoded, static_cast<std::size_t>(size), reinterpret_cast<unsigned char*>(digest.data()),
                             &digest_size, EVP_sha256(), nullptr) == 1;
  OPENSSL_free(encoded);
  if (!done) return fail(ErrorKind::kUnavailable, "the server shows no public key");
  digest.resize(digest_size);
  return digest;
}

std::string words_of(int error, const X509* certificate) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return fmt::format("it expired at {} and must be renewed at the server",
                         text_of(X509_get0_notAfter(certificate)));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return fmt::format("it is valid from {} on only: is this machine's clock right?",
                         text_of(X509_get0_notBefore(certificate)));
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return fmt::format("it is for {}, so that another server may have answered", names_of(certificate));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // an authority of the same name with another key
      return fmt::format(
          "it comes from an authority that is unknown here ({}): when that is your own, set tls_ca_file to its "
          "certificate",
          text_of(X509_get_issuer_name(certificate)));
    default:
      return X509_verify_cert_error_string(error);
  }
}

}  // namespace

Result<> PeerCheck::prepare(SSL* ssl) const {
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // The name goes into the hello, for servers with several certificates; an address may not.
  const bool prepared = is_address(host_) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str()) == 1
                                          : SSL_set_tlsext_host_name(ssl, host_.c_str()) == 1 &&
                                                X509_VERIFY_PARAM_set1_host(parameters, host_.c_str(), 0) == 1;
  if (prepared) return {};
  return fail(ErrorKind::kUnavailable, "cannot ask for the certificate of {}", host_);
}

bool PeerCheck::verify(bool good, boost::asio::ssl::verify_context& context) {
  if (good || !refusal_.empty()) return good;
  X509_STORE_CTX* const native = context.native_handle();
  const X509* const certificate = X509_STORE_CTX_get_current_cert(native);
  const int error = X509_STORE_CTX_get_error(native);
  refusal_ = certificate == nullptr ? X509_verify_cert_error_string(error) : words_of(error, certificate);
  return false;
}

Result<> PeerCheck::check_pin(const SSL* ssl) const {
  if (trust_.pins.empty()) return {};
  const auto pin = pin_of(SSL_get0_peer_certificate(ssl));
  if (!pin) return fail(pin.error());
  if (std::ranges::find(trust_.pins, *pin) != trust_.pins.end()) return {};
  return fail(
      ErrorKind::kUnavailable,
      "{} has a public key with the pin {}, which is not in tls_pin: add it only when you know that the server's key "
      "was changed; nothing was sent",
      host_, pin_text(*pin));
}

}  // namespace mmm::http
