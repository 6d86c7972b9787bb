#pragma once

#include "core/async/time_source.h"
#include "core/http/router.h"
#include "core/http/server.h"
#include "core/http/tls_credentials.h"
#include "ingest/access/rate_limiter.h"
#include "ingest/access/read_access.h"
#include "ingest/access/server_keys.h"
#include "ingest/access/upload_gate.h"
#include "ingest/api_keys.h"
#include "ingest/config.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mmm::ingest {

// Who may upload, who may read, how often, and with which certificate the server shows itself: all that can be told
// anew while the server runs.
//
// Lifecycle: open() -> uploads(), add_to() and prepare() for the HTTP server, which it must outlive -> apply() and
// watch_keys() while it runs. Thread: all of it belongs to the main thread; what it hands to the HTTP server is safe on
// the I/O threads.
class AccessControl {
 public:
  AccessControl(const ServerConfig& config, const TimeSource& time, metrics::Registry& registry);
  ~AccessControl();
  AccessControl(const AccessControl&) = delete;
  AccessControl& operator=(const AccessControl&) = delete;

  // Reads keys and certificate. The error is one line for a person.
  Result<> open();
  // There was no key, and one was made: it is in ServerConfig::key_path().
  [[nodiscard]] bool key_made() const { return key_made_; }

  [[nodiscard]] UploadGate& uploads() { return gate_; }
  // The check in front of all routes, and the sign-in.
  void add_to(http::Router& router) { read_.add_to(router); }
  void prepare(http::ServerOptions& options);

  // Takes up what `next` says, all of it or, when it fails, nothing. What needs a restart in it is not looked at.
  // Returns what is in force now, for the log.
  Result<std::string> apply(const ServerConfig& next);

  // Reads the keys again when their file has changed and when one of them ends, until it is cancelled.
  boost::asio::awaitable<void> watch_keys(TimeSource& time);

 private:
  struct Probe;
  // What tells one content of a file from another without reading it: it is always replaced by a new one.
  using FileMark = std::pair<std::filesystem::file_time_type, std::uint64_t>;

  [[nodiscard]] FileMark key_file_mark() const;
  Result<> read_keys();
  void take_keys(ServerKeys keys, FileMark mark);
  void take_pair(http::TlsCredentials::Pair pair);
  [[nodiscard]] std::string describe_keys() const;

  ServerConfig config_;
  const TimeSource& time_;
  ApiKeys keys_;
  RateLimiter limiter_;
  UploadGate gate_;
  ReadAccess read_;
  std::shared_ptr<http::TlsCredentials> tls_;  // null: none
  std::unique_ptr<Probe> probe_;

  bool key_made_ = false;
  std::optional<WallTime> next_key_end_;
  FileMark mark_;  // of the keys that are in use
};

}  // namespace mmm::ingest
