#pragma once

#include "agent/radio/descriptor_stream.h"
#include "agent/radio/transport.h"

#include <cstdint>

namespace mmm::agent {

inline constexpr std::uint16_t kRadioTcpPortDefault = 4403;

// A radio on the network.
class TcpTransport final : public Transport {
 public:
  TcpTransport(boost::asio::any_io_executor executor, TimeSource& time, std::string host, std::uint16_t port);

  [[nodiscard]] const std::string& description() const override { return description_; }
  [[nodiscard]] LineTraits traits() const override { return {.is_network = true}; }
  boost::asio::awaitable<Result<>> open() override;
  boost::asio::awaitable<bool> wait_readable(SteadyTime deadline) override { return stream_.wait_readable(deadline); }
  Result<std::size_t> read_some(std::span<char> into) override { return stream_.read_some(into); }
  boost::asio::awaitable<Result<>> write(std::string_view bytes, SteadyTime deadline) override {
    return stream_.write(bytes, deadline);
  }
  void close() override { stream_.close(); }

 private:
  boost::asio::any_io_executor executor_;
  TimeSource& time_;
  std::string host_;
  std::uint16_t port_;
  std::string description_;
  DescriptorStream stream_;
};

}  // namespace mmm::agent
