#pragma once

#include "core/base/result.h"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>

// Certificates and keys in PEM files, with words where OpenSSL has numbers.
namespace mmm::http {

// Fails with kInvalidArgument when the file cannot be read. `what` names it in the message: "certificate".
Result<> check_readable(const char* what, const std::filesystem::path& path);

// Gives the context a certificate, with its chain, and the private key that belongs to it. Fails with
// kInvalidArgument: unreadable, not PEM, protected by a passphrase, or not a pair.
Result<> use_pem_pair(boost::asio::ssl::context& context, const std::filesystem::path& certificate,
                      const std::filesystem::path& key);

// Lets the context trust the authorities of the file, and no others. Fails with kInvalidArgument.
Result<> trust_pem_authorities(boost::asio::ssl::context& context, const std::filesystem::path& authorities);

}  // namespace mmm::http
