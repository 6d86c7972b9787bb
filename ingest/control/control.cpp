#include "ingest/control/control.h"

#include "core/async/offload.h"
#include "core/log/log.h"
#include "ingest/api_keys.h"
#include "ingest/control/control_file.h"

#include <openssl/crypto.h>

#include <system_error>

namespace mmm::ingest {
namespace asio = boost::asio;
namespace {

http::Response text_response(std::string text) {
  http::Response response;
  response.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = std::move(text);
  return response;
}

http::Response answer_of(const Result<>& done) {
  if (done) return text_response("done\n");
  const bool refused = done.error().kind == ErrorKind::kUnavailable || done.error().kind == ErrorKind::kInvalidArgument;
  http::Response response = text_response(done.error().message + "\n");
  response.status = refused ? 409 : 500;
  return response;
}

http::Response not_there() {
  return http::problem(404, "Not found", "There is nothing here.");
}

std::unexpected<Error> no_index() {
  return fail(ErrorKind::kInvalidArgument, "it keeps no index ([server] index = false)");
}

}  // namespace

Control::Control(ControlActions actions) : actions_(std::move(actions)), token_(make_api_key()) {}

Control::~Control() {
  stop();
}

bool Control::may(const http::Request& request) const {
  const std::string wanted = "Bearer " + token_;
  const std::string_view given = request.header("authorization");
  return given.size() == wanted.size() && CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

void Control::add_routes(http::Router& router) {
  router.add(http::Method::kPost, "/control/log-picture", [this](http::Request& r) { return picture_log(r); });
  router.add(http::Method::kPost, "/control/reindex", [this](http::Request& r) { return reindex(r); });
  router.add(http::Method::kGet, "/control/reindex", [this](http::Request& r) { return reindex_state(r); });
}

asio::awaitable<http::Response> Control::picture_log(http::Request& request) {
  if (!may(request)) co_return not_there();
  log::info("ingest/control", "making a picture of the packet log, for a backup or a check");
  auto done = co_await offload(thread_, actions_.picture_log);
  if (!done) log::error("ingest/control", "{}", done.error().message);
  co_return answer_of(done);
}

asio::awaitable<http::Response> Control::reindex(http::Request& request) {
  if (!may(request)) co_return not_there();
  if (!actions_.reindex) co_return answer_of(no_index());
  const bool drop_older = request.query_value("drop_older").has_value();
  auto job = [this, drop_older] { return actions_.reindex(drop_older); };
  co_return answer_of(co_await offload(thread_, std::move(job)));
}

asio::awaitable<http::Response> Control::reindex_state(http::Request& request) {
  if (!may(request)) co_return not_there();
  if (!actions_.reindex_state) co_return answer_of(no_index());
  const RebuildState state = actions_.reindex_state();
  co_return text_response(fmt::format("{} {:.6f} {} {}\n{}\n", state.running ? "running" : "idle", state.share,
                                      state.records, state.finished, state.failure));
}

Result<> Control::announce(const std::filesystem::path& file, std::string host, std::uint16_t port) {
  auto written = write_control_file(file, {.host = std::move(host), .port = port, .token = token_});
  if (written) file_ = file;
  return written;
}

void Control::stop() {
  std::error_code ignored;
  if (!file_.empty()) std::filesystem::remove(file_, ignored);
  file_.clear();
  thread_.join();
}

}  // namespace mmm::ingest
