#include "ingest/healthcheck.h"

#include "core/async/task_group.h"
#include "core/base/lock_owner.h"
#include "core/http/client.h"
#include "core/store/packet_log.h"
#include "ingest/listen_address.h"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace mmm::ingest {
namespace asio = boost::asio;
namespace {

// Of each of the two requests: together less than the 10 s that a container's health check usually has.
constexpr std::chrono::seconds kTimeout{3};

using Answer = Result<http::ClientResponse>;
struct Answers {
  std::optional<Answer> alive;
  std::optional<Answer> ready;  // empty: not asked
};

asio::awaitable<void> ask(http::Client& client, Answers& answers) {
  answers.alive.emplace(co_await client.request(http::Method::kGet, "/healthz", {}, {}));
  if (!*answers.alive || (*answers.alive)->status != 200) co_return;
  answers.ready.emplace(co_await client.request(http::Method::kGet, "/readyz", {}, {}));
}

http::Url address_of(const ServerConfig& config) {
  http::Url url;
  url.host = reachable_address(config.host);
  url.port = config.port;
  url.tls = config.tls.enabled();
  return url;
}

Answers ask(const http::Url& url) {
  asio::io_context context(1);
  http::ClientOptions options;
  options.timeout = kTimeout;
  // Its certificate is for the name that others reach it by.
  options.trust.verify = false;
  http::Client client(context.get_executor(), url, options);
  Answers answers;
  TaskGroup asking(context.get_executor());
  asking.spawn("healthcheck", ask(client, answers));
  context.run();
  return answers;
}

// Why, from a 503's body or the failure to get one.
std::string reason_of(const Answer& answer) {
  if (!answer) return answer.error().message;
  const std::size_t end = answer->body.find_last_not_of('\n');
  return fmt::format("it answers {}: {}", answer->status, answer->body.substr(0, end + 1));
}

std::string words_without_answer(const ServerConfig& config, const http::Url& url, const Error& error) {
  if (error.kind == ErrorKind::kTimeout) {
    return fmt::format("sick: no answer from {}:{} within {} s", url.host, url.port, kTimeout.count());
  }
  if (const auto owner = lock_owner(store::lock_path(config.log_path()))) {
    return fmt::format("starting or ending: process {} has the packet log {} and serves nobody", *owner,
                       config.log_path().string());
  }
  return fmt::format("no server runs with this configuration: {}:{}: {}", url.host, url.port, error.message);
}

}  // namespace

int run_healthcheck(const ServerConfig& config, bool ready) {
  const http::Url url = address_of(config);
  const Answers answers = ask(url);
  if (!*answers.alive) {
    fmt::print("{}\n", words_without_answer(config, url, answers.alive->error()));
    return 1;
  }
  if (!answers.ready) {
    fmt::print("sick: {}\n", reason_of(*answers.alive));
    return 1;
  }
  if (*answers.ready && (*answers.ready)->status == 200) {
    fmt::print("healthy\n");
    return 0;
  }
  fmt::print("alive, not ready: {}\n", reason_of(*answers.ready));
  return ready ? 1 : 0;
}

}  // namespace mmm::ingest
