#include "agent/radio/serial_transport.h"

#include "agent/radio/serial_discovery.h"

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

SerialTransport::SerialTransport(boost::asio::any_io_executor executor, TimeSource& time, std::string device)
    : device_(std::move(device)),
      description_("serial " + (device_.empty() ? "(looked for)" : device_)),
      stream_(std::move(executor), time) {}

boost::asio::awaitable<Result<>> SerialTransport::open() {
  std::string device = device_;
  if (device.empty()) {
    auto found = find_serial_device();
    if (!found) co_return fail(found.error());
    device = std::move(*found);
    description_ = "serial " + device;
  }
  const int descriptor = ::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) co_return open_error(device, errno);
  if (const int error = set_up(descriptor); error != 0) {
    ::close(descriptor);
    co_return open_error(device, error);
  }
  co_return stream_.assign(descriptor);
}

}  // namespace mmm::agent
