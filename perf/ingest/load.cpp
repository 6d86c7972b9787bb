#include "perf/ingest/load.h"

#include "core/upload/upload.pb.h"
#include "perf/ingest/sample_upload.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace mmm::perf {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

[[noreturn]] void give_up(std::string_view what) {
  fmt::print(stderr, "load: {}\n", what);
  std::exit(1);
}

// Reads one response and returns its body. Our own server's form is taken for granted: a Content-Length, no chunks.
asio::awaitable<std::string> read_response(tcp::socket& socket, std::string& buffer) {
  std::size_t head_end = std::string::npos;
  std::array<char, 4096> piece{};
  std::size_t wanted = 0;
  buffer.clear();
  while (head_end == std::string::npos || buffer.size() < wanted) {
    const std::size_t size = co_await socket.async_read_some(asio::buffer(piece), asio::use_awaitable);
    buffer.append(piece.data(), size);
    if (head_end != std::string::npos) continue;
    head_end = buffer.find("\r\n\r\n");
    if (head_end == std::string::npos) continue;
    if (!buffer.starts_with("HTTP/1.1 200 ")) give_up(buffer);
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    const std::size_t at = buffer.find(kLength);
    if (at == std::string::npos) give_up("no Content-Length in " + buffer);
    std::size_t length = 0;
    std::from_chars(buffer.data() + at + kLength.size(), buffer.data() + head_end, length);
    wanted = head_end + 4 + length;
  }
  co_return buffer.substr(head_end + 4);
}

struct Agent {
  tcp::socket socket;
  SampleUpload upload;
};

asio::awaitable<void> upload_for(Agent& agent, const LoadPlan& plan, Clock::time_point end, LoadResult& result) {
  co_await agent.socket.async_connect({asio::ip::address_v4::loopback(), plan.port}, asio::use_awaitable);
  agent.socket.set_option(tcp::no_delay(true));
  std::string buffer;
  while (Clock::now() < end) {
    const std::string_view body = agent.upload.next();
    const Clock::time_point start = Clock::now();
    const std::string head = fmt::format(
        "POST /api/v1/ingest HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/x-protobuf\r\nContent-Length: {}\r\n\r\n",
        plan.key, body.size());
    const std::array<asio::const_buffer, 2> request = {asio::buffer(head), asio::buffer(body.data(), body.size())};
    co_await asio::async_write(agent.socket, request, asio::use_awaitable);
    upload::UploadResponse answer;
    const std::string bytes = co_await read_response(agent.socket, buffer);
    if (!answer.ParseFromString(bytes) || answer.stored() != plan.records ||
        answer.durable_seq() != agent.upload.last_seq()) {
      give_up("an upload was not acknowledged as a whole");
    }
    result.latencies_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    ++result.throughput.uploads;
  }
}

}  // namespace

LoadResult run_load(const LoadPlan& plan) {
  asio::io_context context(1);
  std::vector<Agent> agents;
  for (unsigned i = 0; i < plan.connections; ++i)
    agents.push_back({tcp::socket(context), SampleUpload(i, plan.records)});
  LoadResult result;
  const Clock::time_point start = Clock::now();
  for (Agent& agent : agents) {
    asio::co_spawn(context, upload_for(agent, plan, start + plan.duration, result),
                   [](const std::exception_ptr& error) {
                     if (error) std::rethrow_exception(error);
                   });
  }
  context.run();
  result.throughput.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::ranges::sort(result.latencies_ms);
  return result;
}

}  // namespace mmm::perf
