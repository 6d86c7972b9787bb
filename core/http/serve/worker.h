#pragma once

#include "core/async/task_group.h"
#include "core/http/serve/connection.h"
#include "core/http/serve/shared.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <string>
#include <thread>

namespace mmm::http {

// One I/O thread: its io_context and the connections that stay on it.
//
// Lifecycle: start() -> begin_stop() -> join(). What is not said to be callable from any thread belongs to its own.
class Worker {
 public:
  explicit Worker(Shared& shared);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  boost::asio::any_io_executor executor() { return context_.get_executor(); }
  // Background work that ends when stopping begins (the listener). Before start().
  void spawn(std::string_view name, boost::asio::awaitable<void> task) { accepting_.spawn(name, std::move(task)); }
  // What to do with a new connection.
  enum class Admission : std::uint8_t {
    kServe,
    kTurnAway,  // tell the client that there are too many, and close
  };
  // Takes the connection, whose socket was made on executor(). From any thread.
  void adopt(boost::asio::ip::tcp::socket socket, ConnectionSlot slot, Admission admission);

  void start();
  // Lets requests in flight finish until `deadline`, then ends everything, after which the thread ends. From any
  // thread.
  void begin_stop(std::chrono::steady_clock::time_point deadline);
  void join();

 private:
  class Registration;

  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, ConnectionSlot slot, Admission admission);
  boost::asio::awaitable<void> sweep();
  boost::asio::awaitable<void> stop(std::chrono::steady_clock::time_point deadline);

  Shared& shared_;
  boost::asio::io_context context_{1};
  TaskGroup accepting_;  // the listener
  TaskGroup serving_;    // connections and the sweep of their deadlines
  TaskGroup stopping_;   // stop()
  // Those that run, and a timer that stop() waits on for their end.
  std::list<Connection*> connections_;
  boost::asio::steady_timer drained_;
  bool stop_begun_ = false;
  std::thread thread_;
};

}  // namespace mmm::http
