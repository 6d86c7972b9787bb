#include "metrics/endpoint.h"

#include "metrics/catalog_agent.h"
#include "metrics/catalog_common.h"
#include "metrics/catalog_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace mmm::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// A plain socket, since metrics stands below core/http.
std::string get(std::uint16_t port, const std::string& path) {
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string answer;
  if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    if (::send(connection, request.data(), request.size(), 0) > 0) {
      char bytes[4096];
      for (ssize_t n = 0; (n = ::recv(connection, bytes, sizeof bytes, 0)) > 0;) {
        answer.append(bytes, static_cast<std::size_t>(n));
      }
    }
  }
  ::close(connection);
  return answer;
}

std::string body(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

// What `promtool check metrics` has to say about a page of metrics: nothing, when all is well.
std::string promtool_says(const std::string& page) {
  const std::string path = testing::TempDir() + "promtool-" + std::to_string(::getpid());
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fwrite(page.data(), 1, page.size(), file);
  std::fclose(file);
  std::string said;
  std::FILE* promtool = ::popen(("promtool check metrics < " + path + " 2>&1").c_str(), "r");
  char bytes[1024];
  for (std::size_t n = 0; (n = std::fread(bytes, 1, sizeof bytes, promtool)) > 0;) said.append(bytes, n);
  const int status = ::pclose(promtool);
  ::unlink(path.c_str());
  return status == 0 ? said : said + " (exit status " + std::to_string(status) + ")";
}

TEST(Endpoint, ServesTheRegistryAndTheProcess) {
  Registry registry;
  registry.set_build_info("mmm-test", "1.2.3", "abcdef");
  registry.counter(agent::kLinkFrames, {{"radio", "main"}}).Increment(3);
  std::string error;
  const auto endpoint = Endpoint::open("127.0.0.1", 0, registry, error);
  ASSERT_NE(endpoint, nullptr) << error;
  const std::string answer = get(endpoint->port(), "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("mmm_build_info{commit=\"abcdef\",program=\"mmm-test\",version=\"1.2.3\"} 1"));
  EXPECT_THAT(answer, HasSubstr("mmm_agent_link_frames_total{radio=\"main\"} 3"));
  EXPECT_THAT(answer, HasSubstr("process_resident_memory_bytes "));
  EXPECT_THAT(get(endpoint->port(), "/other"), HasSubstr(" 404 Not Found"));
}

TEST(Endpoint, AClientThatHangsDoesNotKeepTheNextOneOut) {
  Registry registry;
  std::string error;
  const auto endpoint = Endpoint::open("127.0.0.1", 0, registry, error);
  ASSERT_NE(endpoint, nullptr) << error;
  const int hanging = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(hanging, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(get(endpoint->port(), "/metrics"), StartsWith("HTTP/1.1 200"));
  ::close(hanging);
}

TEST(Endpoint, APortInUseIsNamed) {
  Registry registry;
  std::string error;
  const auto first = Endpoint::open("127.0.0.1", 0, registry, error);
  ASSERT_NE(first, nullptr) << error;
  EXPECT_EQ(Endpoint::open("127.0.0.1", first->port(), registry, error), nullptr);
  EXPECT_THAT(error, HasSubstr("cannot serve metrics on 127.0.0.1:" + std::to_string(first->port())));
  EXPECT_THAT(error, HasSubstr("[metrics] port"));
}

TEST(Endpoint, PromtoolHasNothingToSay) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "promtool is not installed (package prometheus)";
  }
  Registry registry;
  registry.set_build_info("mmm-test", "1.2.3", "abcdef");
  registry.counter(agent::kLinkFrames, {{"radio", "a\"b\\c\nd"}}).Increment();
  registry.histogram(agent::kUploadSeconds, {{"radio", "main"}, {"server", "main"}}).Observe(0.2);
  std::string error;
  const auto endpoint = Endpoint::open("127.0.0.1", 0, registry, error);
  ASSERT_NE(endpoint, nullptr) << error;
  const std::string page = body(get(endpoint->port(), "/metrics"));
  ASSERT_THAT(page, Not(IsEmpty()));
  EXPECT_EQ(promtool_says(page), "");
}

}  // namespace
}  // namespace mmm::metrics
