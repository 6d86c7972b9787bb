#pragma once

#include <string>
#include <string_view>

namespace mmm::ingest {

// The address that [server] host means to a listener: "localhost" is 127.0.0.1, "*" every address.
inline std::string listen_address(std::string_view host) {
  if (host == "localhost") return "127.0.0.1";
  if (host == "*" || host.empty()) return "0.0.0.0";
  return std::string(host);
}

// Where a client on this machine reaches that listener.
inline std::string reachable_address(std::string_view host) {
  const std::string address = listen_address(host);
  if (address == "0.0.0.0") return "127.0.0.1";
  return address == "::" ? "::1" : address;
}

}  // namespace mmm::ingest
