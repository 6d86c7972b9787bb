#include "ingest/access/access_control.h"

#include "core/base/limits.h"
#include "core/log/log.h"
#include "metrics/catalog_server.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <string_view>

namespace mmm::ingest {
namespace {

constexpr const char* kComponent = "ingest/access";

std::string_view describe(ReadMode mode) {
  switch (mode) {
    case ReadMode::kOpen:
      return "open";
    case ReadMode::kToken:
      return "token";
    case ReadMode::kProxy:
      break;
  }
  return "proxy";
}

}  // namespace

struct AccessControl::Probe {
  prometheus::Counter& handshake_failures;
  prometheus::Gauge& certificate_expiry;

  explicit Probe(metrics::Registry& registry)
      : handshake_failures(registry.counter(metrics::server::kTlsHandshakeFailures)),
        certificate_expiry(registry.gauge(metrics::server::kCertificateExpiry)) {}
};

AccessControl::AccessControl(const ServerConfig& config, const TimeSource& time, metrics::Registry& registry)
    : config_(config),
      time_(time),
      limiter_(config.limits, time, registry),
      gate_(keys_, limiter_),
      read_(config.access, config.site_name, config.tls.enabled(), limiter_, time) {
  // Without TLS there is no certificate whose end could be told.
  if (config.tls.enabled()) probe_ = std::make_unique<Probe>(registry);
}

AccessControl::~AccessControl() = default;

Result<> AccessControl::open() {
  if (auto read = read_keys(); !read) return read;
  if (!config_.tls.enabled()) return {};
  auto credentials = http::TlsCredentials::open(config_.tls.certificate, config_.tls.key);
  if (!credentials) return fail(credentials.error().with("[server] tls_certificate and tls_key"));
  tls_ = std::move(*credentials);
  probe_->certificate_expiry.Set(static_cast<double>(to_micros(tls_->pair()->expiry)) / 1e6);
  if (tls_->pair()->expiry < time_.wall()) {
    log::warning(kComponent, "the certificate {} has ended on {}: clients will refuse it",
                 config_.tls.certificate.string(), to_iso8601(tls_->pair()->expiry));
  }
  return {};
}

void AccessControl::prepare(http::ServerOptions& options) {
  if (!tls_) return;
  options.tls = tls_;
  options.on_handshake_failure = [this] { probe_->handshake_failures.Increment(); };
}

AccessControl::FileMark AccessControl::key_file_mark() const {
  struct stat status{};
  std::error_code error;
  const auto path = config_.key_store_path();
  if (::stat(path.c_str(), &status) != 0) return {};
  return {std::filesystem::last_write_time(path, error), status.st_ino};
}

Result<> AccessControl::read_keys() {
  // Before they are read: what changes meanwhile is read once more, and not missed.
  const FileMark mark = key_file_mark();
  auto keys = read_server_keys(config_, time_.wall());
  if (!keys) return fail(std::move(keys).error());
  take_keys(std::move(*keys), mark);
  return {};
}

void AccessControl::take_keys(ServerKeys keys, FileMark mark) {
  keys_.replace(std::move(keys.table));
  key_made_ = keys.made;
  next_key_end_ = keys.next_end;
  mark_ = mark;
}

std::string AccessControl::describe_keys() const {
  if (!key_made_) return fmt::format("{} keys", keys_.table()->size());
  return fmt::format("no key but the one in {}, with which every agent may upload", config_.key_path().string());
}

void AccessControl::take_pair(http::TlsCredentials::Pair pair) {
  probe_->certificate_expiry.Set(static_cast<double>(to_micros(pair.expiry)) / 1e6);
  tls_->use(std::move(pair));
}

Result<std::string> AccessControl::apply(const ServerConfig& next) {
  ServerConfig config = config_;
  config.access = next.access;
  config.limits = next.limits;
  config.api_keys = next.api_keys;
  config.bind_keys = next.bind_keys;

  // All that can fail comes before the first change.
  const FileMark mark = key_file_mark();
  auto keys = read_server_keys(config, time_.wall());
  if (!keys) return fail(std::move(keys).error());
  std::optional<http::TlsCredentials::Pair> pair;
  if (tls_ && next.tls.enabled()) {
    auto loaded = http::TlsCredentials::load(next.tls.certificate, next.tls.key);
    if (!loaded) return fail(std::move(loaded).error());
    pair = std::move(*loaded);
    config.tls = next.tls;
  }

  take_keys(std::move(*keys), mark);
  limiter_.configure(config.limits);
  read_.configure(config.access);
  std::string told = fmt::format("{}, read access {} ({} tokens), limits", describe_keys(),
                                 describe(config.access.read), config.access.read_tokens.size());
  if (pair) {
    told += fmt::format(", certificate valid until {}", to_iso8601(pair->expiry));
    take_pair(std::move(*pair));
  }
  config_ = std::move(config);
  return told;
}

boost::asio::awaitable<void> AccessControl::watch_keys(TimeSource& time) {
  std::optional<FileMark> complained_of;
  while (true) {
    co_await time.sleep_for(limits::kKeyStoreLookEvery);
    const FileMark mark = key_file_mark();
    const bool ended = next_key_end_ && *next_key_end_ <= time.wall();
    if (mark == mark_ && !ended) continue;
    if (auto read = read_keys(); !read) {
      if (complained_of != mark) {
        log::error(kComponent, "the keys of before go on, since the new ones cannot be read: {}", read.error().message);
      }
      complained_of = mark;
      continue;
    }
    complained_of.reset();
    log::info(kComponent, "the keys were read again: {}", describe_keys());
  }
}

}  // namespace mmm::ingest
