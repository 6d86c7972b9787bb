#pragma once

#include "core/base/result.h"
#include "core/http/router.h"
#include "ingest/project/rebuilder.h"

#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace mmm::ingest {

// What the running server does when it is told to. The first two may block.
struct ControlActions {
  // Makes the picture of the packet log anew in its folder (log_picture.h).
  std::function<Result<>()> picture_log;
  std::function<Result<>(bool drop_older)> reindex;  // null: there is no index
  std::function<RebuildState()> reindex_state;
};

// The routes /control/…, by which subcommands (backup, check, reindex) have the running server do what only the process
// that has the stores open can do. Each needs the token of the file that announce() writes; without it they are not
// there (404).
//
// Lifecycle: add_routes() before the server starts -> announce() -> stop(), which removes the file and waits for what
// is being done. Concurrency: handlers on any I/O thread; the actions one at a time on a thread of their own.
class Control {
 public:
  explicit Control(ControlActions actions);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  // The object must outlive the server.
  void add_routes(http::Router& router);
  // Tells where the server listens. Fails with kIo.
  Result<> announce(const std::filesystem::path& file, std::string host, std::uint16_t port);
  void stop();

 private:
  [[nodiscard]] bool may(const http::Request& request) const;
  boost::asio::awaitable<http::Response> picture_log(http::Request& request);
  boost::asio::awaitable<http::Response> reindex(http::Request& request);
  boost::asio::awaitable<http::Response> reindex_state(http::Request& request);

  ControlActions actions_;
  std::string token_;
  std::filesystem::path file_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace mmm::ingest
