#pragma once

#include "core/base/result.h"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mmm::http {

// IP addresses and networks, such as those of proxies that are trusted.
class AddressSet {
 public:
  // "10.1.2.3", "10.0.0.0/8", "::1", "fd00::/8". Fails with kInvalidArgument.
  Result<> add(std::string_view text);
  [[nodiscard]] bool empty() const { return v4_.empty() && v6_.empty(); }
  // An IPv4 address mapped into IPv6 is the IPv4 address. False for what is no address.
  [[nodiscard]] bool contains(std::string_view address) const;

  friend bool operator==(const AddressSet&, const AddressSet&) = default;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

// Who sent the request behind `forwarded_for`, the value of an X-Forwarded-For header ("client, proxy, proxy"): the
// last address that is not itself one of `trusted`, for each proxy appends whom it was asked by and a client can write
// what it likes in front. `peer` when that header says nothing that can be used.
std::string forwarded_client(const AddressSet& trusted, std::string_view peer, std::string_view forwarded_for);

// What shares a rate: an IPv4 address, and of IPv6, where each customer has at least a network of 64 bits, that
// network.
std::string address_block(std::string_view address);

}  // namespace mmm::http
