#include "ingest/keys_command.h"

#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/config/units.h"
#include "ingest/access/key_store.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace mmm::ingest {
namespace {

constexpr std::chrono::milliseconds kGraceMax = std::chrono::hours{24 * 365};

int failed(const Error& error) {
  fmt::print(stderr, "mmm-server: {}\n", error.message);
  return 1;
}

std::string check_grace(const std::string& text) {
  const auto grace = config::parse_duration(text);
  if (grace && *grace >= grace->zero() && *grace <= kGraceMax) return "";
  return "not a time from 0 to 365d: " + text;
}

std::string describe(const StoredKey& key, WallTime now) {
  const auto when = [](WallTime time) { return to_iso8601(std::chrono::floor<std::chrono::seconds>(time)); };
  if (!key.valid_until) return fmt::format("{}  {}", when(key.created), key.agent_id);
  return fmt::format("{}  {}  ({} {})", when(key.created), key.agent_id,
                     *key.valid_until > now ? "rotated, still valid until" : "rotated, no longer valid since",
                     when(*key.valid_until));
}

int list_keys(const ServerConfig& config) {
  const auto store = KeyStore::read(config.key_store_path());
  if (!store) return failed(store.error());
  const WallTime now = wall_now();
  fmt::print("created               agent\n");
  for (const StoredKey& key : store->keys()) fmt::print("{}\n", describe(key, now));
  for (const ServerConfig::Named& key : config.api_keys) {
    fmt::print("[api_keys]            {}  (change it in the configuration)\n", key.name);
  }
  std::error_code error;
  if (config.api_keys.empty() && std::filesystem::exists(config.key_path(), error)) {
    fmt::print("made by the server    any agent without a key of its own  (in {}; remove the file to revoke it)\n",
               config.key_path().string());
  }
  return 0;
}

}  // namespace

KeysCommand::KeysCommand(CLI::App& app)
    : keys_(app.add_subcommand("keys", "Make, show and take away the keys that agents upload with")),
      add_(keys_->add_subcommand("add", "Make a key for an agent, and show it this once")),
      list_(keys_->add_subcommand("list", "Show whose keys there are, never the keys")),
      revoke_(keys_->add_subcommand("revoke", "Take the keys of an agent away, at once")),
      rotate_(keys_->add_subcommand("rotate", "Make a new key for an agent; the old one is valid for a while")) {
  keys_->fallthrough()->require_subcommand(1);
  for (CLI::App* command : {add_, list_, revoke_, rotate_}) command->fallthrough();
  for (CLI::App* command : {add_, revoke_, rotate_}) {
    command->add_option("NAME", name_, "The agent's id: its [agent] id")->required();
  }
  rotate_->add_option("--grace", grace_, "How long the old key stays valid, such as 12h or 7d; 0 when it has leaked")
      ->check(CLI::Validator(check_grace, "TIME"))
      ->capture_default_str();
}

int KeysCommand::run(const ServerConfig& config) const {
  return list_->parsed() ? list_keys(config) : change(config);
}

int KeysCommand::change(const ServerConfig& config) const {
  const std::filesystem::path path = config.key_store_path();
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  const auto lock = KeyStoreLock::take(path);
  if (!lock) return failed(lock.error());
  auto store = KeyStore::read(path);
  if (!store) return failed(store.error());

  const WallTime now = wall_now();
  const auto grace = config::parse_duration(grace_).value_or(std::chrono::milliseconds{0});
  std::string key;
  if (revoke_->parsed()) {
    if (auto revoked = store->revoke(name_); !revoked) return failed(revoked.error());
  } else {
    auto made = add_->parsed() ? store->add(name_, now) : store->rotate(name_, now, grace);
    if (!made) return failed(made.error());
    key = std::move(*made);
  }
  if (auto written = store->write(path); !written) return failed(written.error());

  if (revoke_->parsed()) {
    fmt::print(stderr, "The keys of {} are revoked.\n", name_);
  } else {
    // Alone on standard output, for scripts.
    fmt::print("{}\n", key);
    fmt::print(stderr, "This key of {} is shown once: put it into the agent's configuration as its api_key.\n", name_);
  }
  if (rotate_->parsed()) {
    fmt::print(stderr, "{}\n",
               grace.count() > 0 ? fmt::format("The old key is valid for another {}.", config::describe_duration(grace))
                                 : "The old key is no longer valid.");
  }
  fmt::print(stderr, "A running server takes this up within {} s, or at once on SIGHUP.\n",
             std::chrono::ceil<std::chrono::seconds>(limits::kKeyStoreLookEvery).count());
  return 0;
}

}  // namespace mmm::ingest
