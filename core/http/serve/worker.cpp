#include "core/http/serve/worker.h"

#include "core/base/check.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mmm::http {

namespace asio = boost::asio;

namespace {

using std::chrono::milliseconds;

// How often deadlines are looked at: fine enough for the shortest of them.
milliseconds sweep_interval(const ServerOptions& options) {
  const milliseconds shortest = std::min(std::min(options.header_timeout, options.body_timeout),
                                         std::min(options.idle_timeout, options.write_timeout));
  return std::clamp(shortest / 4, milliseconds{1}, milliseconds{500});
}

std::string address_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  const auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

Worker::Worker(Shared& shared)
    : shared_(shared),
      accepting_(context_.get_executor()),
      serving_(context_.get_executor()),
      stopping_(context_.get_executor()),
      drained_(context_) {}

Worker::~Worker() {
  MMM_CHECK(!thread_.joinable());
}

void Worker::start() {
  serving_.spawn("sweep", sweep());
  thread_ = std::thread([this] { context_.run(); });
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

// A connection's place in the list of those that run, as long as it does.
class Worker::Registration {
 public:
  Registration(Worker& worker, Connection& connection)
      : worker_(worker), entry_(worker.connections_.insert(worker.connections_.end(), &connection)) {}
  ~Registration() {
    worker_.connections_.erase(entry_);
    if (worker_.connections_.empty()) worker_.drained_.cancel();
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  Worker& worker_;
  std::list<Connection*>::iterator entry_;
};

void Worker::adopt(asio::ip::tcp::socket socket, ConnectionSlot slot, Admission admission) {
  auto begin = [this, socket = std::move(socket), slot = std::move(slot), admission]() mutable {
    if (!stop_begun_) serving_.spawn("connection", serve(std::move(socket), std::move(slot), admission));
  };
  asio::post(context_, std::move(begin));
}

// The slot is held for as long as the coroutine's frame lives.
asio::awaitable<void> Worker::serve(asio::ip::tcp::socket socket, [[maybe_unused]] ConnectionSlot slot,
                                    Admission admission) {
  if (stop_begun_) co_return;
  std::string address = address_of(socket);
  const auto tls = shared_.options.tls ? shared_.options.tls->pair() : nullptr;
  Transport transport(std::move(socket), tls ? tls->context.get() : nullptr);
  Connection connection(std::move(transport), std::move(address), shared_);
  const Registration registration(*this, connection);
  if (admission == Admission::kServe) {
    co_await connection.serve();
  } else {
    co_await connection.turn_away();
  }
}

asio::awaitable<void> Worker::sweep() {
  const milliseconds interval = sweep_interval(shared_.options);
  asio::steady_timer timer(context_);
  while (true) {
    timer.expires_after(interval);
    co_await timer.async_wait(asio::use_awaitable);
    const auto now = Connection::Clock::now();
    for (Connection* connection : connections_) {
      if (connection->deadline() <= now) connection->expire();
    }
  }
}

void Worker::begin_stop(std::chrono::steady_clock::time_point deadline) {
  auto begin = [this, deadline] {
    stop_begun_ = true;
    stopping_.spawn("stop", stop(deadline));
  };
  asio::post(context_, begin);
}

asio::awaitable<void> Worker::stop(std::chrono::steady_clock::time_point deadline) {
  accepting_.cancel();
  for (Connection* connection : connections_) connection->begin_stop();
  drained_.expires_at(deadline);
  while (!connections_.empty() && std::chrono::steady_clock::now() < deadline) {
    boost::system::error_code ignored;
    co_await drained_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  for (Connection* connection : connections_) connection->abort();
  serving_.cancel();
  co_await accepting_.join();
  co_await serving_.join();
}

}  // namespace mmm::http
