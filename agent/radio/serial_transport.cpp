#include "agent/radio/serial_transport.h"

#include "agent/radio/serial_discovery.h"
#include "core/log/log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mmm::agent {
namespace {

std::unexpected<Error> open_error(const std::string& device, int error) {
  const char* advice = "";
  switch (error) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      advice = ": is the radio plugged in, and [meshtastic] device_path right?";
      break;
    case EACCES:
    case EPERM:
      advice = ": this user may not use it; add it to the group of the device (on Debian: dialout)";
      break;
    case EBUSY:
      advice = ": another program uses it; close that one";
      break;
    case ENOTTY:
      advice = ": it is no serial device; set [meshtastic] device_path";
      break;
    default:
      break;
  }
  return fail(ErrorKind::kUnavailable, "cannot open {}: {}{}", device, std::strerror(error), advice);
}

// Returns errno, 0 when the line is set up.
int set_up(int descriptor) {
  // TIOCEXCL does not hold root off, the lock also that.
  if (::ioctl(descriptor, TIOCEXCL) != 0) return errno;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return errno == EWOULDBLOCK ? EBUSY : errno;
  termios settings{};
  if (::tcgetattr(descriptor, &settings) != 0) return errno;
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD | CS8;
  settings.c_cflag &= ~static_cast<tcflag_t>(HUPCL | CRTSCTS | CSTOPB | PARENB);
  settings.c_cc[VMIN] = 1;
  settings.c_cc[VTIME] = 0;
  ::cfsetispeed(&settings, B115200);
  ::cfsetospeed(&settings, B115200);
  if (::tcsetattr(descriptor, TCSANOW, &settings) != 0) return errno;
  ::tcflush(descriptor, TCIOFLUSH);
  return 0;
}

}  // namespace

SerialTransport::SerialTransport(boost::asio::any_io_executor executor, TimeSource& time, std::string device,
                                 std::filesystem::path root)
    : device_(std::move(device)),
      root_(std::move(root)),
      description_("serial " + (device_.empty() ? "(looked for)" : device_)),
      stream_(std::move(executor), time) {}

Result<std::string> SerialTransport::locate() {
  const auto devices = list_serial_devices(root_);
  if (device_.empty()) {
    auto found = choose_serial_device(devices, usb_);
    if (!found) return fail(found.error());
    say(std::move(found->words));
    return found->device.path();
  }
  if (!usb_) return device_;
  const auto* there = device_at(devices, device_);
  // Two boards without serial numbers cannot be told apart: then the path counts.
  if (there != nullptr && (there->usb == usb_ || usb_->serial.empty())) return device_;
  const auto again = find_again(devices, *usb_);
  if (!again) return device_;
  say(fmt::format("{} no longer leads to the device that it led to, which is now {}", device_, again->describe()));
  return again->node;
}

void SerialTransport::remember(const std::string& path) {
  const auto devices = list_serial_devices(root_);
  const auto* device = device_at(devices, path);
  if (device != nullptr) usb_ = device->usb;
}

void SerialTransport::say(std::string words) {
  if (words == said_) return;
  log::info("agent/radio", "serial: {}", words);
  said_ = std::move(words);
}

boost::asio::awaitable<Result<>> SerialTransport::open() {
  const auto device = locate();
  if (!device) co_return fail(device.error());
  description_ = "serial " + *device;
  const int descriptor = ::open(device->c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) co_return open_error(*device, errno);
  if (const int error = set_up(descriptor); error != 0) {
    ::close(descriptor);
    co_return open_error(*device, error);
  }
  remember(*device);
  co_return stream_.assign(descriptor);
}

}  // namespace mmm::agent
