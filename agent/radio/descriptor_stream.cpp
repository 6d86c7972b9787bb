#include "agent/radio/descriptor_stream.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;
// clang-tidy does not see its use in a co_await of two.
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

// A hung-up pty or an unplugged device fails with EIO or ENXIO, a lost host with the others.
bool is_gone(int error) {
  return error == EIO || error == ENXIO || error == ENODEV || error == ECONNRESET || error == EPIPE;
}

std::unexpected<Error> failed(const char* what, int error) {
  return fail(is_gone(error) ? ErrorKind::kClosed : ErrorKind::kIo, "{}: {}", what, std::strerror(error));
}

asio::awaitable<void> wait_ready(asio::posix::stream_descriptor& descriptor,
                                 asio::posix::descriptor_base::wait_type what) {
  // An error means that reading or writing will say what happened.
  boost::system::error_code ignored;
  co_await descriptor.async_wait(what, asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace

DescriptorStream::DescriptorStream(const asio::any_io_executor& executor, TimeSource& time)
    : descriptor_(executor), time_(time) {}

Result<> DescriptorStream::assign(int descriptor) {
  boost::system::error_code error;
  close();
  static_cast<void>(descriptor_.assign(descriptor, error));
  if (!error) static_cast<void>(descriptor_.non_blocking(true, error));
  if (error) return fail(ErrorKind::kIo, "{}", error.message());
  return {};
}

void DescriptorStream::close() {
  boost::system::error_code ignored;
  static_cast<void>(descriptor_.close(ignored));
}

asio::awaitable<bool> DescriptorStream::wait(asio::posix::descriptor_base::wait_type what, SteadyTime deadline) {
  const auto first = co_await (wait_ready(descriptor_, what) || time_.sleep_until(deadline));
  co_return first.index() == 0;
}

asio::awaitable<bool> DescriptorStream::wait_readable(SteadyTime deadline) {
  co_return co_await wait(asio::posix::descriptor_base::wait_read, deadline);
}

Result<std::size_t> DescriptorStream::read_some(std::span<char> into) {
  while (true) {
    const ssize_t size = ::read(descriptor_.native_handle(), into.data(), into.size());
    if (size > 0) return static_cast<std::size_t>(size);
    if (size == 0) return fail(ErrorKind::kClosed, "closed by the radio");
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::size_t{0};
    if (errno != EINTR) return failed("read", errno);
  }
}

asio::awaitable<Result<>> DescriptorStream::write(std::string_view bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    // A socket whose other end is gone would raise SIGPIPE; the program ignores it, see main.
    const ssize_t size = ::write(descriptor_.native_handle(), bytes.data(), bytes.size());
    if (size >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(size));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) co_return failed("write", errno);
    const bool ready = co_await wait(asio::posix::descriptor_base::wait_write, deadline);
    if (!ready) co_return fail(ErrorKind::kTimeout, "the line takes no bytes");
  }
  co_return Result<>{};
}

}  // namespace mmm::agent
