#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace mmm::agent {

// Where the agent with this buffer tells how it is: a Unix socket beside the buffer's file, for its owner only. Whoever
// connects gets the report and the connection's end.
std::filesystem::path report_socket_path(const std::filesystem::path& buffer_path);

// The agent's side. One asker at a time, each for at most some seconds. One thread.
class ReportSocket {
 public:
  using Make = std::function<boost::asio::awaitable<std::string>()>;

  // Takes the place of a socket that an earlier agent left. Fails with kIo: the folder is not writable, or the path too
  // long for a socket.
  static Result<std::unique_ptr<ReportSocket>> listen(const std::filesystem::path& path,
                                                      const boost::asio::any_io_executor& executor, TimeSource& time,
                                                      Make make);
  ~ReportSocket();

  // Runs until it is cancelled.
  boost::asio::awaitable<void> run();

 private:
  using Protocol = boost::asio::local::stream_protocol;
  ReportSocket(std::filesystem::path path, const boost::asio::any_io_executor& executor, TimeSource& time, Make make);

  std::filesystem::path path_;
  TimeSource& time_;
  Make make_;
  Protocol::acceptor acceptor_;
};

// The asker's side: what the agent at `path` says. Blocks for at most some seconds. Fails with kNotFound (no agent runs
// there), kTimeout or kIo.
Result<std::string> ask_report(const std::filesystem::path& path);

}  // namespace mmm::agent
