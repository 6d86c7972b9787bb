#pragma once

#include "core/async/task_group.h"
#include "perf/sim/radio/session.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace mmm::sim {

// Where a radio waits for its client: a TCP port or a pseudo terminal.
class Port {
 public:
  Port(boost::asio::any_io_executor executor, const SessionContext& context);
  virtual ~Port() = default;
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  // How a client reaches it, for people and scripts.
  [[nodiscard]] virtual std::string name() const = 0;

  void start();
  // Takes no further client and ends the present one's session, without waiting.
  virtual void begin_stop();
  // Lets the client read what was written, closes, and waits for all tasks. Bounded by the session's finish().
  virtual boost::asio::awaitable<void> stop();

  // The client, if there is one.
  [[nodiscard]] std::shared_ptr<Session> session() const { return session_ && session_->open() ? session_ : nullptr; }
  void wake();

 protected:
  // Accepts clients until cancelled.
  virtual boost::asio::awaitable<void> serve() = 0;
  // Starts a session on the line; the caller has ended the one before.
  void begin(Session::Kind kind, boost::asio::posix::stream_descriptor line, std::function<std::size_t()> unread = {});

  SessionContext context_;
  boost::asio::any_io_executor executor_;
  TaskGroup tasks_;
  std::shared_ptr<Session> session_;
  bool stopping_ = false;

 private:
  boost::asio::awaitable<void> watch_idle();
};

}  // namespace mmm::sim
