#include "tests/unit/http/server_fixture.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace mmm::test {

namespace asio = boost::asio;
using http::Method;
using http::Request;
using http::Response;

namespace {

asio::awaitable<void> pause(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<Response> hello(Request& request) {
  Response response;
  response.body = "hello " + request.path;
  co_return response;
}

asio::awaitable<Response> echo(Request& request) {
  Response response;
  response.headers.push_back({"X-Size", std::to_string(request.body.size())});
  response.body = std::move(request.body);
  co_return response;
}

// Everything that a handler sees of a request, one thing a line.
asio::awaitable<Response> show(Request& request) {
  Response response;
  response.body = "path=" + request.path + "\nid=" + std::string(request.param("id")) +
                  "\nremote=" + request.remote_address + "\nheader=" + std::string(request.header("x-thing")) + "\n";
  for (const auto& [name, value] : request.query) response.body += "query " + name + "=" + value + "\n";
  co_return response;
}

asio::awaitable<Response> no_content(Request&) {
  Response response;
  response.status = 204;
  co_return response;
}

asio::awaitable<Response> bad_header(Request& request) {
  Response response;
  response.headers.push_back({"X-Echo", request.body});
  response.headers.push_back({"Content-Length", "99999"});
  response.headers.push_back({"Transfer-Encoding", "chunked"});
  co_return response;
}

asio::awaitable<Response> fail_with_secret(Request&) {
  throw std::runtime_error("secret of the database");
}

asio::awaitable<void> stream_three(http::StreamWriter& writer) {
  for (const std::string_view piece : {"one,", "two,", "three"}) {
    const auto written = co_await writer.write(piece);
    if (!written) co_return;
  }
}

asio::awaitable<void> stream_and_throw(http::StreamWriter& writer) {
  static_cast<void>(co_await writer.write("begun"));
  throw std::runtime_error("secret of the stream");
}

struct Counted {
  Counted(std::atomic<int>& running, std::atomic<int>& ended) : running_(running), ended_(ended) { ++running_; }
  ~Counted() {
    --running_;
    ++ended_;
  }
  std::atomic<int>& running_;
  std::atomic<int>& ended_;
};

// Says hello and then nothing for ever.
asio::awaitable<void> stream_quietly(std::atomic<int>& running, std::atomic<int>& ended, http::StreamWriter& writer) {
  const Counted counted(running, ended);
  static_cast<void>(co_await writer.write("hello"));
  while (true) co_await pause(std::chrono::hours{1});
}

// Writes as fast as the client reads, until it is gone.
asio::awaitable<void> stream_flood(std::atomic<int>& running, std::atomic<int>& ended, http::StreamWriter& writer) {
  const Counted counted(running, ended);
  const std::string piece(50'000'000, 'f');
  while (true) {
    const auto written = co_await writer.write(piece);
    if (!written) co_return;
  }
}

asio::awaitable<Response> wait_for_permission(std::atomic<int>& running, std::atomic<int>& may_end) {
  ++running;
  while (may_end == 0) co_await pause(std::chrono::milliseconds{1});
  --running;
  Response response;
  response.body = "done";
  co_return response;
}

asio::awaitable<Response> answer_with(Response response) {
  co_return response;
}

http::Handler streaming(http::StreamFunction function) {
  Response response;
  response.stream = std::move(function);
  return [response](Request&) { return answer_with(response); };
}

}  // namespace

HttpServerTest::HttpServerTest() {
  add_routes();
}

HttpServerTest::~HttpServerTest() {
  slow_may_end_ = 1;
  if (server_) server_->stop(std::chrono::seconds{1});
}

void HttpServerTest::add_routes() {
  router_.add(Method::kGet, "/hello", hello);
  router_.add(Method::kPost, "/echo", echo, kEchoLimit);
  router_.add(Method::kGet, "/show/{id}", show);
  router_.add(Method::kGet, "/nothing", no_content);
  router_.add(Method::kPost, "/guarded", echo, kEchoLimit, [](const Request& request) -> std::optional<Response> {
    if (request.header("authorization") == "Bearer good") return std::nullopt;
    return http::problem(401, "Key missing", "Send the key.");
  });
  router_.add(Method::kPost, "/bad-header", bad_header, 1000);
  router_.add(Method::kGet, "/throw", fail_with_secret);
  router_.add(Method::kGet, "/three", streaming(stream_three));
  router_.add(Method::kGet, "/stream-throw", streaming(stream_and_throw));
  router_.add(Method::kGet, "/stream", streaming([this](http::StreamWriter& writer) {
                return stream_quietly(streams_running_, streams_ended_, writer);
              }));
  router_.add(Method::kGet, "/flood", streaming([this](http::StreamWriter& writer) {
                return stream_flood(streams_running_, streams_ended_, writer);
              }));
  router_.add(Method::kGet, "/slow", [this](Request&) { return wait_for_permission(slow_running_, slow_may_end_); });
  router_.add(Method::kGet, "/large", [this](Request&) {
    Response response;
    response.body = static_bytes_;
    return answer_with(std::move(response));
  });
  router_.add(Method::kGet, "/static", [this](Request&) {
    Response response;
    response.static_body = static_bytes_;
    return answer_with(response);
  });
}

void HttpServerTest::start(http::ServerOptions options) {
  auto observer = [this](std::string_view route, Method method, int status, double seconds) {
    EXPECT_GE(seconds, 0.0);
    const std::lock_guard lock(mutex_);
    observed_.push_back({std::string(route), method, status});
  };
  auto server = http::Server::listen(options, router_, observer);
  ASSERT_TRUE(server) << server.error().message;
  server_ = std::move(*server);
  server_->start();
}

RawResponse HttpServerTest::exchange(const std::string& bytes) {
  RawClient client = connect();
  client.send_lossy(bytes);
  return client.receive();
}

std::vector<HttpServerTest::Observed> HttpServerTest::observed(std::size_t count) {
  EXPECT_TRUE(eventually([this, count] {
    const std::lock_guard lock(mutex_);
    return observed_.size() >= count;
  }));
  const std::lock_guard lock(mutex_);
  return observed_;
}

}  // namespace mmm::test
