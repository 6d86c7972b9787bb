#include "ingest/care_commands.h"

#include "core/base/time.h"
#include "core/base/version.h"
#include "core/store/index/index_reader.h"
#include "core/store/packet_log.h"
#include "core/store/storage_report.h"
#include "ingest/care/backup.h"
#include "ingest/care/check.h"
#include "ingest/care/progress_line.h"
#include "ingest/control/ask.h"
#include "ingest/keyring.h"
#include "ingest/project.h"
#include "ingest/project/delay_gate.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <thread>

namespace mmm::ingest {
namespace {

constexpr auto kAskEvery = std::chrono::milliseconds(500);

int failed(const Error& error) {
  fmt::print(stderr, "mmm-server: {}\n", error.message);
  return 1;
}

std::string time_of(store::LogId id) {
  return to_iso8601(from_micros(static_cast<std::int64_t>(id)));
}

void say(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
}

int run_backup(const ServerConfig& config, const std::filesystem::path& folder) {
  ProgressLine line("backup", "MiB");
  const auto progress = [&line](double share, double mebibytes) { line.show(share, mebibytes); };
  auto manifest = make_backup(config, folder, version_line("mmm-server"), progress, say);
  if (!manifest) return failed(manifest.error().with("no backup was made"));
  line.end(fmt::format("{} MiB in {} files are in {}, with every record up to {}", manifest->bytes() >> 20U,
                       manifest->files.size(), folder.string(), time_of(manifest->last_id)));
  return 0;
}

int run_restore(const ServerConfig& config, const std::filesystem::path& folder) {
  ProgressLine line("restore", "MiB");
  const auto progress = [&line](double share, double mebibytes) { line.show(share, mebibytes); };
  auto manifest = restore_backup(config, folder, progress);
  if (!manifest) return failed(manifest.error().with("nothing was restored"));
  line.end(fmt::format("{} holds every record up to {}; start the server", config.data_dir.string(),
                       time_of(manifest->last_id)));
  return 0;
}

int run_check(const ServerConfig& config, bool deep) {
  ProgressLine line("check", "MiB");
  const auto progress = [&line](double share, double mebibytes) { line.show(share, mebibytes); };
  auto outcome = check_stores(config, deep, progress, say);
  if (!outcome) return failed(outcome.error().with("the check could not be made"));
  line.end(fmt::format("{} records are good, {} damages", outcome->records, outcome->damages));
  return outcome->damages == 0 ? 0 : 1;
}

std::string days_text(double days) {
  if (days < 2) return fmt::format("{:.0f} hours", days * 24);
  return days < 730 ? fmt::format("{:.0f} days", days) : fmt::format("{:.0f} years", days / 365);
}

template <class Number>
std::string mebibytes_text(Number bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1U << 20U));
}

int run_storage(const ServerConfig& config) {
  store::PacketLogOptions options;
  options.create = false;
  options.read_only = true;
  auto log = store::PacketLog::open(config.log_path(), options);
  if (!log) return failed(log.error());
  auto reader = index::IndexReader::open(config.index_path());
  if (!reader) return failed(reader.error());
  auto report = store::report_storage(**log, **reader, config.data_dir, config.storage_options());
  if (!report) return failed(report.error());
  const index::StorageForecast& forecast = report->forecast;
  fmt::print(
      "log    {:>14}\nindex  {:>14}, {} of them without rows\nfree   {:>14}, {} of them before uploads are "
      "refused\n\n",
      mebibytes_text(report->log.bytes), mebibytes_text(report->index.bytes), mebibytes_text(report->index.empty_bytes),
      mebibytes_text(report->free_bytes), mebibytes_text(report->usable_bytes));
  fmt::print("{:<16} {:>10} {:>14} {:>14}  {}\n", "[retention]", "kept", "a day", "at last", "oldest");
  for (const index::StoragePart& part : forecast.parts) {
    fmt::print("{:<16} {:>10} {:>14} {:>14}  {}\n", part.name,
               part.keep_us ? days_text(static_cast<double>(*part.keep_us) / 86'400e6) : "forever",
               mebibytes_text(part.bytes_per_day), part.final_bytes ? mebibytes_text(*part.final_bytes) : "grows",
               part.oldest_us == 0 ? "" : to_iso8601(from_micros(part.oldest_us)));
  }
  if (forecast.days_left) {
    fmt::print("\nat the rate of the last day the disk is full in {}\n", days_text(*forecast.days_left));
  } else {
    fmt::print("\nat the rate of the last day the disk does not fill\n");
  }
  return 0;
}

struct ServerState {
  std::string word;
  double share = 0;
  double records = 0;
  std::uint64_t finished = 0;
  std::string failure;
};

Result<ServerState> state_of_server(const ServerConfig& config) {
  auto text = ask_server(config.control_path(), http::Method::kGet, "/control/reindex");
  if (!text) return fail(text.error());
  ServerState state;
  std::istringstream in(*text);
  in >> state.word >> state.share >> state.records >> state.finished;
  in.ignore();
  std::getline(in, state.failure);
  return state;
}

// The server does it, and goes on doing it when this program is ended.
int reindex_by_server(const ServerConfig& config, bool drop_older) {
  auto before = state_of_server(config);
  if (!before) return failed(before.error());
  if (before->word != "running") {
    const std::string path = std::string("/control/reindex") + (drop_older ? "?drop_older=1" : "");
    if (auto asked = ask_server(config.control_path(), http::Method::kPost, path); !asked) return failed(asked.error());
  }
  ProgressLine line("reindex by the running server", "records");
  for (;;) {
    auto now = state_of_server(config);
    if (!now) return failed(now.error().with("the server goes on with it at its next start"));
    if (now->word != "running" && now->finished > before->finished) {
      line.end(fmt::format("{} is made anew", config.index_path().string()));
      return 0;
    }
    if (now->word != "running") return failed({ErrorKind::kIo, "the running server: " + now->failure});
    line.show(now->share, now->records);
    std::this_thread::sleep_for(kAskEvery);
  }
}

int run_reindex(const ServerConfig& config, bool drop_older) {
  store::PacketLogOptions options;
  options.create = false;
  auto log = store::PacketLog::open(config.log_path(), options);
  if (!log && log.error().kind == ErrorKind::kUnavailable) return reindex_by_server(config, drop_older);
  if (!log) return failed(log.error());
  if (auto may = may_reindex(**log, drop_older); !may) return failed(may.error());
  auto keys = make_keyring(config);
  if (!keys) return failed(keys.error());
  ProgressLine line("reindex", "records");
  const auto progress = [&line](double share, std::uint64_t records) {
    line.show(share, static_cast<double>(records));
  };
  auto applied =
      reindex(**log, **keys, config.projection, config.index_path(), progress, say, shown_until(config.privacy.delay));
  if (!applied) return failed(applied.error());
  line.end(fmt::format("{} records, {} is made anew", *applied, config.index_path().string()));
  return 0;
}

}  // namespace

CareCommands::CareCommands(CLI::App& app)
    : backup_(app.add_subcommand("backup", "Copy all that the server stores into a new folder, also while it runs")),
      restore_(app.add_subcommand("restore", "Put a backup into an empty data directory")),
      check_(app.add_subcommand("check", "Look for damage in what is stored, also while the server runs")),
      storage_(app.add_subcommand("storage", "Say what takes room and how it grows, also while the server runs")),
      reindex_(app.add_subcommand("reindex", "Build the index anew from the packet log, also while the server runs")) {
  for (CLI::App* command : {backup_, restore_, check_, storage_, reindex_}) command->fallthrough();
  backup_->add_option("DIR", folder_, "Folder to make; a neighbouring backup's files are shared with it")->required();
  restore_->add_option("DIR", folder_, "The backup")->required();
  check_->add_flag("--deep", deep_, "Also make another index from the log and compare all rows");
  reindex_->add_flag("--drop-older", drop_older_, "Also when retention has removed a part of the log");
}

std::optional<int> CareCommands::run(const ServerConfig& config) const {
  if (backup_->parsed()) return run_backup(config, folder_);
  if (restore_->parsed()) return run_restore(config, folder_);
  if (check_->parsed()) return run_check(config, deep_);
  if (storage_->parsed()) return run_storage(config);
  if (reindex_->parsed()) return run_reindex(config, drop_older_);
  return std::nullopt;
}

}  // namespace mmm::ingest
