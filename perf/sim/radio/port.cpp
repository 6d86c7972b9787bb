#include "perf/sim/radio/port.h"

namespace mmm::sim {

namespace asio = boost::asio;

Port::Port(asio::any_io_executor executor, const SessionContext& context)
    : context_(context), executor_(executor), tasks_(executor) {}

void Port::start() {
  tasks_.spawn("port", serve());
  tasks_.spawn("idle clients", watch_idle());
}

void Port::begin_stop() {
  stopping_ = true;
  if (const auto current = session()) current->begin_finish(Session::End::kStopped);
}

asio::awaitable<void> Port::stop() {
  begin_stop();
  if (const auto current = session()) co_await current->finish(Session::End::kStopped);
  tasks_.cancel();
  co_await tasks_.join();
}

void Port::wake() {
  if (const auto current = session()) current->wake();
}

void Port::begin(Session::Kind kind, asio::posix::stream_descriptor line, std::function<std::size_t()> unread) {
  session_ = std::make_shared<Session>(context_, kind, std::move(line), std::move(unread));
  context_.truth.event(context_.number, "attached", name(), context_.time.wall());
  tasks_.spawn("radio session, reading", Session::read(session_));
  tasks_.spawn("radio session, writing", Session::write(session_));
}

asio::awaitable<void> Port::watch_idle() {
  while (true) {
    co_await context_.time.sleep_for(std::chrono::seconds{1});
    const auto current = session();
    if (current && context_.radio.close_wanted(context_.time.steady())) current->close(Session::End::kIdle);
  }
}

}  // namespace mmm::sim
