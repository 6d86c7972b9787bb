#include "perf/ingest/server_process.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace mmm::perf {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::chrono::seconds kStartMax{20};

std::uint16_t free_port() {
  asio::io_context context;
  return tcp::acceptor(context, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

bool is_ready(std::uint16_t port) {
  asio::io_context context;
  tcp::socket socket(context);
  boost::system::error_code error;
  socket.connect({asio::ip::address_v4::loopback(), port}, error);
  if (error) return false;
  const std::string request = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  asio::write(socket, asio::buffer(request), error);
  std::string answer;
  asio::read(socket, asio::dynamic_buffer(answer), error);
  return answer.starts_with("HTTP/1.1 200 ");
}

}  // namespace

ServerProcess::ServerProcess(const std::filesystem::path& program, const std::filesystem::path& directory,
                             const Options& options)
    : port_(free_port()) {
  std::filesystem::create_directories(directory);
  const std::filesystem::path config = directory / "server_config.ini";
  std::ofstream(config) << fmt::format(
      "[server]\nhost = 127.0.0.1\nport = {}\ndata_dir = {}\nindex = {}\nthreads = {}\n{}\n"
      "[metrics]\nport = 0\n[log]\nlevel = warning\n[api_keys]\nbench = {}\n",
      port_, (directory / "data").string(), options.index, options.threads, options.extra_config, key_);
  std::string path = program.string();
  std::string flag = "--config";
  std::string file = config.string();
  char* const arguments[] = {path.data(), flag.data(), file.data(), nullptr};
  if (::posix_spawn(&process_, path.c_str(), nullptr, nullptr, arguments, environ) != 0) {
    fmt::print(stderr, "cannot start {}\n", path);
    std::exit(1);
  }
  const auto deadline = std::chrono::steady_clock::now() + kStartMax;
  while (!is_ready(port_)) {
    if (std::chrono::steady_clock::now() > deadline || ::waitpid(process_, nullptr, WNOHANG) != 0) {
      fmt::print(stderr, "{} does not get ready\n", path);
      std::exit(1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

ServerProcess::~ServerProcess() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

}  // namespace mmm::perf
