#include "core/http/client.h"

#include "core/http/fetch/link.h"
#include "core/http/parse/tokens.h"

#include <fmt/format.h>

namespace mmm::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

beast::http::verb verb_of(Method method) {
  switch (method) {
    case Method::kHead:
      return beast::http::verb::head;
    case Method::kPost:
      return beast::http::verb::post;
    case Method::kPut:
      return beast::http::verb::put;
    case Method::kDelete:
      return beast::http::verb::delete_;
    case Method::kOptions:
      return beast::http::verb::options;
    default:
      return beast::http::verb::get;
  }
}

constexpr int kProxyAuthenticationRequired = 407;

std::string host_header(const Url& url) {
  const std::string host = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
  const bool usual = url.port == (url.tls ? 443 : 80);
  return usual ? host : fmt::format("{}:{}", host, url.port);
}

bool is_sendable(const Header& header) {
  const auto is_bad = [](char c) { return is_control(c) && c != '\t'; };
  return !header.name.empty() && std::ranges::all_of(header.name, is_token_char) &&
         std::ranges::none_of(header.value, is_bad);
}

Result<WireRequest> make_request(const Url& url, const std::optional<Proxy>& proxy, Method method,
                                 std::string_view path, const std::vector<Header>& headers, std::string_view body) {
  const std::string target = url.path + std::string(path);
  const auto is_bad = [](char c) { return c <= 0x20 || c >= 0x7f || c == '#'; };
  if (!target.starts_with('/') || std::ranges::any_of(target, is_bad)) {
    return fail(ErrorKind::kInvalidArgument, "\"{}\" is not a path that can be asked for", target);
  }
  // A proxy is told the whole URL, where it is not asked for a tunnel.
  const bool through_proxy = proxy && !url.tls;
  WireRequest request(verb_of(method), through_proxy ? "http://" + host_header(url) + target : target, 11);
  if (through_proxy && !proxy->authorization.empty()) {
    request.set(beast::http::field::proxy_authorization, proxy->authorization);
  }
  request.set(beast::http::field::host, host_header(url));
  request.set(beast::http::field::user_agent, "MeshyMcMapface");
  for (const Header& header : headers) {
    // The value may be a key: it is not shown.
    if (!is_sendable(header)) return fail(ErrorKind::kInvalidArgument, "header {} contains a line break", header.name);
    request.set(header.name, header.value);
  }
  request.body() = beast::span<const char>(body.data(), body.size());
  request.prepare_payload();
  return request;
}

}  // namespace

std::string_view ClientResponse::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

struct Client::Impl {
  Impl(asio::any_io_executor its_executor, Url its_url, ClientOptions its_options)
      : executor(std::move(its_executor)), url(std::move(its_url)), options(std::move(its_options)) {}

  Result<> prepare_tls();
  asio::awaitable<Result<>> connect(Link::Deadline deadline);
  asio::awaitable<Result<ClientResponse>> request(WireRequest& message);

  asio::any_io_executor executor;
  const Url url;
  const ClientOptions options;
  std::unique_ptr<asio::ssl::context> tls;  // null: not yet, or to be read anew
  std::unique_ptr<Link> link;               // null: not connected
};

Result<> Client::Impl::prepare_tls() {
  if (!url.tls || tls) return {};
  auto context = make_client_context(options.trust);
  // Somebody may be writing the file at this moment.
  if (!context) return fail(ErrorKind::kUnavailable, "{}", context.error().message);
  tls = std::move(*context);
  return {};
}

asio::awaitable<Result<>> Client::Impl::connect(Link::Deadline deadline) {
  if (auto prepared = prepare_tls(); !prepared) co_return prepared;
  auto fresh = std::make_unique<Link>(executor, tls.get(), &options.trust);
  auto connected = co_await fresh->connect(url, options.proxy, deadline);
  if (connected) {
    link = std::move(fresh);
  } else {
    // Certificates are renewed in their files: what failed is tried with what stands there then.
    tls.reset();
  }
  co_return connected;
}

asio::awaitable<Result<ClientResponse>> Client::Impl::request(WireRequest& message) {
  const auto deadline = std::chrono::steady_clock::now() + options.timeout;
  while (true) {
    const bool kept = link != nullptr;
    if (!kept) {
      if (auto connected = co_await connect(deadline); !connected) co_return fail(connected.error());
    }
    // Out of the member, so that a cancelled exchange leaves no connection behind in the middle of one.
    auto used = std::move(link);
    Exchange exchange = co_await used->exchange(message, options.response_bytes_max, deadline);
    if (exchange.result && exchange.keep_alive) link = std::move(used);
    const bool dead = !exchange.result && exchange.result.error().kind == ErrorKind::kClosed && !exchange.got_bytes;
    // At most twice around: the second time the connection is a new one.
    if (!kept || !dead) co_return std::move(exchange.result);
  }
}

Client::Client(asio::any_io_executor executor, Url url, ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(url), std::move(options))) {}

Client::~Client() = default;

asio::awaitable<Result<ClientResponse>> Client::request(Method method, std::string path, std::vector<Header> headers,
                                                        std::string_view body) {
  auto message = make_request(impl_->url, impl_->options.proxy, method, path, headers, body);
  if (!message) co_return fail(message.error());
  auto result = co_await impl_->request(*message);
  if (!result) co_return fail(result.error().with("{}", host_header(impl_->url)));
  if (result->status == kProxyAuthenticationRequired) {
    co_return fail(ErrorKind::kUnavailable, "{}: the proxy wants a user and a password, or others",
                   host_header(impl_->url));
  }
  co_return result;
}

}  // namespace mmm::http
