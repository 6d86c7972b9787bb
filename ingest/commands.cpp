#include "ingest/commands.h"

#include "core/http/client.h"
#include "core/store/packet_log.h"
#include "ingest/export.h"
#include "ingest/listen_address.h"
#include "ingest/python/import.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

namespace mmm::ingest {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds kHealthcheckTimeout{3};

int failed(const Error& error) {
  fmt::print(stderr, "mmm-server: {}\n", error.message);
  return 1;
}

asio::awaitable<void> get(http::Client& client, std::string path, std::optional<Result<http::ClientResponse>>& answer) {
  answer.emplace(co_await client.request(http::Method::kGet, std::move(path), {}, {}));
}

}  // namespace

int run_healthcheck(const ServerConfig& config) {
  asio::io_context context(1);
  http::Url url;
  url.host = reachable_address(config.host);
  url.port = config.port;
  url.tls = config.tls.enabled();
  http::ClientOptions options;
  options.timeout = kHealthcheckTimeout;
  // Its certificate is for the name that others reach it by.
  options.trust.verify = false;
  http::Client client(context.get_executor(), url, options);
  std::optional<Result<http::ClientResponse>> answer;
  asio::co_spawn(context, get(client, "/healthz", answer), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
  context.run();
  if (!*answer) return failed((*answer).error().with("the server on {}:{}", url.host, url.port));
  if ((*answer)->status == 200) return 0;
  fmt::print(stderr, "mmm-server: the server answers {}: {}\n", (*answer)->status, (*answer)->body);
  return 1;
}

int run_export(const ServerConfig& config, store::LogId from, store::LogId to) {
  store::PacketLogOptions options;
  options.create = false;
  options.read_only = true;
  auto log = store::PacketLog::open(config.log_path(), options);
  if (!log) return failed(log.error());
  const auto sink = [](std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  };
  auto count = export_records(**log, from, to, sink);
  if (!count) return failed(count.error());
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
  fmt::print(stderr, "mmm-server: the records could not be written to standard output: {}\n", std::strerror(errno));
  return 1;
}

int run_import(const ServerConfig& config, const std::filesystem::path& database) {
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  auto log = store::PacketLog::open(config.log_path(), {});
  if (!log) return failed(log.error());
  const auto progress = [](std::string_view table, const python::ImportCounts& counts) {
    fmt::print(stderr, "\r{}: {} records", table, counts.stored + counts.duplicates);
  };
  auto counts = python::import_database(**log, config.log_path(), config.free_space_min, database, progress);
  if (!counts) fmt::print(stderr, "\n");
  if (!counts) return failed(counts.error());
  fmt::print(stderr, "\r{} records imported, {} were there already, {} rows left out\n", counts->stored,
             counts->duplicates, counts->skipped);
  return 0;
}

}  // namespace mmm::ingest
