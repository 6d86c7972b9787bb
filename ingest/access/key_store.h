#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "ingest/api_keys.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::ingest {

// One key of the store: whose it is and its hash; the key itself was shown once and is nowhere.
struct StoredKey {
  std::string agent_id;
  KeyDigest digest{};
  WallTime created;
  std::optional<WallTime> valid_until;  // of a key that another has taken the place of
};

// The keys that were made by command, a small text file in the data directory (FORMAT.md). A value: read, changed,
// written back whole; KeyStoreLock keeps two commands from changing it at the same time.
class KeyStore {
 public:
  KeyStore();

  // An empty store when there is no such file. Fails with kNewerVersion, kCorrupt (what is wrong, and in which line),
  // kIo, kTooLarge.
  static Result<KeyStore> read(const std::filesystem::path& path);
  // Fails with kIo or kDiskFull, and leaves the file as it was.
  [[nodiscard]] Result<> write(const std::filesystem::path& path) const;

  // Each makes a key for the agent and returns it. Agent ids are compared without regard to case.
  // Fails with kInvalidArgument when the agent has a key, or the id is none; kTooLarge when there are too many.
  Result<std::string> add(std::string_view agent_id, WallTime now);
  // The agent's other keys go on being valid until `now + grace` at most; with a grace of 0 they are gone. Fails with
  // kNotFound when the agent has no key.
  Result<std::string> rotate(std::string_view agent_id, WallTime now, std::chrono::milliseconds grace);

  // Takes away all keys of the agent. Fails with kNotFound.
  Result<> revoke(std::string_view agent_id);

  // By agent id, an agent's newest first.
  [[nodiscard]] const std::vector<StoredKey>& keys() const { return keys_; }
  [[nodiscard]] const std::string& salt() const { return salt_; }

  // Adds those that are valid at `now`; the table must have this store's salt.
  void add_to(KeyTable& table, WallTime now) const;
  // When the next key ends; empty: none does.
  [[nodiscard]] std::optional<WallTime> next_end(WallTime now) const;

 private:
  std::string make_key(std::string_view agent_id, WallTime now);
  [[nodiscard]] std::string text() const;
  Result<> parse(std::string_view text);
  Result<> parse_key(std::string_view line);

  std::string salt_;
  std::vector<StoredKey> keys_;
};

// Held by one process at a time, from the store's reading to its writing: a lock on its directory.
class KeyStoreLock {
 public:
  // Waits until it is free: whoever has it holds it for milliseconds. Fails with kIo.
  static Result<KeyStoreLock> take(const std::filesystem::path& store);
  ~KeyStoreLock();
  KeyStoreLock(KeyStoreLock&& other) noexcept;
  KeyStoreLock& operator=(KeyStoreLock&&) = delete;

 private:
  explicit KeyStoreLock(int file) : file_(file) {}
  int file_;
};

}  // namespace mmm::ingest
