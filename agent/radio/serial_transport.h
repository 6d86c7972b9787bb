#pragma once

#include "agent/radio/descriptor_stream.h"
#include "agent/radio/serial_devices.h"
#include "agent/radio/transport.h"

#include <filesystem>
#include <optional>
#include <string>

namespace mmm::agent {

// A radio on a serial device: 115200 baud, 8N1, raw, opened exclusively.
//
// DTR and RTS are left asserted, as opening a device does: boards with an automatic reset circuit restart when only one
// of them changes, boards with native USB are silent while DTR is low. HUPCL is cleared, so that closing does not drop
// them and restart the board.
class SerialTransport final : public Transport {
 public:
  // An empty `device` is looked for at each opening (serial_discovery.h). One that is given and has gone is looked for
  // under another name, by what it was when it was last open. `root`: of the file system in which /dev and /sys are.
  SerialTransport(boost::asio::any_io_executor executor, TimeSource& time, std::string device,
                  std::filesystem::path root = "/");

  [[nodiscard]] const std::string& description() const override { return description_; }
  [[nodiscard]] LineTraits traits() const override { return {.carries_text = true}; }
  boost::asio::awaitable<Result<>> open() override;
  boost::asio::awaitable<bool> wait_readable(SteadyTime deadline) override { return stream_.wait_readable(deadline); }
  Result<std::size_t> read_some(std::span<char> into) override { return stream_.read_some(into); }
  boost::asio::awaitable<Result<>> write(std::string_view bytes, SteadyTime deadline) override {
    return stream_.write(bytes, deadline);
  }
  void close() override { stream_.close(); }

 private:
  // Which device to open now.
  Result<std::string> locate();
  void remember(const std::string& path);
  void say(std::string words);

  std::string device_;
  std::filesystem::path root_;
  std::string description_;
  std::optional<UsbIdentity> usb_;  // of the device that was last open
  std::string said_;                // so that the log says a thing once
  DescriptorStream stream_;
};

}  // namespace mmm::agent
