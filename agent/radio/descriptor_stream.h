#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <span>
#include <string_view>

namespace mmm::agent {

// Reading and writing a file descriptor in non-blocking mode: what the serial and the TCP line have in common.
//
// Waiting is for readiness only and the bytes are read after it, so that no byte can get lost between a read and a
// deadline that end together.
class DescriptorStream {
 public:
  DescriptorStream(const boost::asio::any_io_executor& executor, TimeSource& time);

  // Takes the descriptor over and makes it non-blocking.
  Result<> assign(int descriptor);
  void close();

  boost::asio::awaitable<bool> wait_readable(SteadyTime deadline);
  Result<std::size_t> read_some(std::span<char> into);
  boost::asio::awaitable<Result<>> write(std::string_view bytes, SteadyTime deadline);

 private:
  boost::asio::awaitable<bool> wait(boost::asio::posix::descriptor_base::wait_type what, SteadyTime deadline);

  boost::asio::posix::stream_descriptor descriptor_;
  TimeSource& time_;
};

}  // namespace mmm::agent
