#include "ingest/control/ask.h"

#include "core/base/limits.h"
#include "core/http/client.h"
#include "ingest/control/control_file.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <utility>

namespace mmm::ingest {
namespace asio = boost::asio;
namespace {

asio::awaitable<void> request(http::Client& client, http::Method method, std::string path,
                              std::vector<http::Header> headers, std::optional<Result<http::ClientResponse>>& answer) {
  answer.emplace(co_await client.request(method, std::move(path), std::move(headers), {}));
}

}  // namespace

Result<std::string> ask_server(const std::filesystem::path& control_file, http::Method method, std::string path) {
  auto address = read_control_file(control_file);
  if (!address) {
    return fail(
        ErrorKind::kUnavailable,
        "another process has the packet log open, and does not say how to reach it ({}): is it a server of this "
        "version, and are you its user?",
        address.error().message);
  }
  asio::io_context context(1);
  http::Url url;
  url.host = address->host;
  url.port = address->port;
  http::ClientOptions options;
  options.timeout = limits::kControlTimeout;
  http::Client client(context.get_executor(), url, options);
  std::vector<http::Header> headers{{"Authorization", "Bearer " + address->token}};
  std::optional<Result<http::ClientResponse>> answer;
  asio::co_spawn(context, request(client, method, std::move(path), std::move(headers), answer),
                 [](const std::exception_ptr& error) {
                   if (error) std::rethrow_exception(error);
                 });
  context.run();
  if (!*answer) {
    return fail((*answer).error().with("the server of this data directory on {}:{}", url.host, url.port));
  }
  std::string text = std::move((*answer)->body);
  if ((*answer)->status == 200) return text;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return fail((*answer)->status == 409 ? ErrorKind::kInvalidArgument : ErrorKind::kIo, "the running server: {}", text);
}

}  // namespace mmm::ingest
