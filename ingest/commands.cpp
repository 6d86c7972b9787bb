#include "ingest/commands.h"

#include "core/store/packet_log.h"
#include "ingest/export.h"
#include "ingest/python/import.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace mmm::ingest {
namespace {

int failed(const Error& error) {
  fmt::print(stderr, "mmm-server: {}\n", error.message);
  return 1;
}

}  // namespace

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
