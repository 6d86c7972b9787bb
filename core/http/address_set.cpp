#include "core/http/address_set.h"

#include "core/http/parse/tokens.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <optional>

namespace mmm::http {

namespace ip = boost::asio::ip;

namespace {

constexpr unsigned short kBlockBits = 64;

std::optional<ip::address> parse(std::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  return address;
}

template <class Network, class Address>
bool holds(const Network& network, const Address& address) {
  return Network(address, network.prefix_length()).canonical().address() == network.address();
}

// Without a port, which some proxies add: "10.1.2.3:4711", "[::1]:4711".
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon == text.rfind(':') ? text.substr(0, colon) : text;
}

}  // namespace

Result<> AddressSet::add(std::string_view text) {
  boost::system::error_code error;
  if (text.find('/') == std::string_view::npos) {
    const auto address = parse(text);
    if (address && address->is_v4()) v4_.emplace_back(address->to_v4(), 32);
    if (address && address->is_v6()) v6_.emplace_back(address->to_v6(), 128);
    if (address) return {};
  } else if (const auto v4 = ip::make_network_v4(std::string(text), error); !error) {
    v4_.push_back(v4.canonical());
    return {};
  } else if (const auto v6 = ip::make_network_v6(std::string(text), error); !error) {
    v6_.push_back(v6.canonical());
    return {};
  }
  return fail(ErrorKind::kInvalidArgument,
              "'{}' is not an IP address such as 10.1.2.3 or ::1, nor a network such as 10.0.0.0/8", text);
}

bool AddressSet::contains(std::string_view text) const {
  if (empty()) return false;
  const auto address = parse(text);
  if (!address) return false;
  if (address->is_v4()) {
    return std::ranges::any_of(v4_, [a = address->to_v4()](const auto& network) { return holds(network, a); });
  }
  return std::ranges::any_of(v6_, [a = address->to_v6()](const auto& network) { return holds(network, a); });
}

std::string forwarded_client(const AddressSet& trusted, std::string_view peer, std::string_view forwarded_for) {
  std::string client(peer);
  if (!trusted.contains(peer)) return client;
  while (!forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view last = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
    const auto address = parse(without_port(trim(last)));
    if (!address) return client;
    client = address->to_string();
    if (comma == std::string_view::npos || !trusted.contains(client)) return client;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return client;
}

std::string address_block(std::string_view text) {
  const auto address = parse(text);
  if (!address || address->is_v4()) return address ? address->to_string() : std::string(text);
  return ip::network_v6(address->to_v6(), kBlockBits).canonical().to_string();
}

}  // namespace mmm::http
