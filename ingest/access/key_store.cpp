#include "ingest/access/key_store.h"

#include "core/base/durable_file.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/config/ini_file.h"
#include "core/http/parse/tokens.h"
#include "core/upload/upload_codec.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr std::string_view kFirstWord = "mmm-keys";
constexpr std::string_view kVersion = "1";

// Takes the next word off the front of the line; empty at its end.
std::string_view take_word(std::string_view& line) {
  line = http::trim(line);
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

bool is_agent(const StoredKey& key, std::string_view agent_id) {
  return http::equals_ignoring_case(key.agent_id, agent_id);
}

bool is_valid_at(const StoredKey& key, WallTime now) {
  return !key.valid_until || *key.valid_until > now;
}

}  // namespace

KeyStore::KeyStore() : salt_(make_key_salt()) {}

Result<KeyStore> KeyStore::read(const std::filesystem::path& path) {
  KeyStore store;
  auto text = config::read_text_file(path, limits::kKeyStoreBytesMax);
  if (!text && text.error().kind == ErrorKind::kNotFound) return store;
  if (!text) return fail(text.error().with("read the keys"));
  if (auto parsed = store.parse(*text); !parsed) return fail(parsed.error().with("{}", path.string()));
  return store;
}

Result<> KeyStore::write(const std::filesystem::path& path) const {
  return replace_file(path, text());
}

std::string KeyStore::text() const {
  std::string text = fmt::format("{} {}\nsalt {}\n", kFirstWord, kVersion, to_hex(salt_));
  for (const StoredKey& key : keys_) {
    const std::string_view digest(reinterpret_cast<const char*>(key.digest.data()), key.digest.size());
    text += fmt::format("key {} {} {}", key.agent_id, to_hex(digest), to_iso8601(key.created));
    if (key.valid_until) text += " until " + to_iso8601(*key.valid_until);
    text += '\n';
  }
  return text;
}

Result<> KeyStore::parse(std::string_view text) {
  salt_.clear();
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const std::string_view word = take_word(line);
    if (number == 1) {
      if (word != kFirstWord) return fail(ErrorKind::kCorrupt, "this is not a file of keys");
      const std::string_view version = take_word(line);
      if (version == kVersion) continue;
      return fail(ErrorKind::kNewerVersion, "version {} of the file of keys is not known: a later program wrote it",
                  version);
    }
    if (word == "salt") {
      const auto salt = from_hex(take_word(line));
      if (!salt || salt->empty()) return fail(ErrorKind::kCorrupt, "line {}: the salt is damaged", number);
      salt_ = *salt;
    } else if (word == "key") {
      if (auto parsed = parse_key(line); !parsed) return fail(parsed.error().with("line {}", number));
    } else if (!word.empty()) {
      return fail(ErrorKind::kCorrupt, "line {}: salt or key is expected", number);
    }
  }
  if (salt_.empty())
    return fail(ErrorKind::kCorrupt, "the salt is missing: restore the file, or remove it and make new keys");
  return {};
}

Result<> KeyStore::parse_key(std::string_view line) {
  StoredKey key;
  key.agent_id = take_word(line);
  const auto digest = from_hex(take_word(line));
  const auto created = parse_iso8601(take_word(line));
  if (!upload::is_valid_agent_id(key.agent_id) || !digest || digest->size() != key.digest.size() || !created) {
    return fail(ErrorKind::kCorrupt, "not a key: agent, hash and time are expected");
  }
  std::ranges::transform(*digest, key.digest.begin(), [](char c) { return static_cast<unsigned char>(c); });
  key.created = *created;
  if (const std::string_view word = take_word(line); word == "until") {
    key.valid_until = parse_iso8601(take_word(line));
    if (!key.valid_until) return fail(ErrorKind::kCorrupt, "'until' without a time");
  } else if (!word.empty()) {
    return fail(ErrorKind::kCorrupt, "not expected behind a key's time: {}", word);
  }
  if (keys_.size() >= limits::kStoredKeysMax) {
    return fail(ErrorKind::kTooLarge, "there are more than {} keys", limits::kStoredKeysMax);
  }
  keys_.push_back(std::move(key));
  return {};
}

std::string KeyStore::make_key(std::string_view agent_id, WallTime now) {
  std::string secret = make_api_key();
  keys_.push_back({.agent_id = std::string(agent_id),
                   .digest = digest_key(salt_, secret),
                   .created = now,
                   .valid_until = std::nullopt});
  std::ranges::sort(keys_, [](const StoredKey& a, const StoredKey& b) {
    return std::tie(a.agent_id, b.created) < std::tie(b.agent_id, a.created);
  });
  return secret;
}

Result<std::string> KeyStore::add(std::string_view agent_id, WallTime now) {
  if (!upload::is_valid_agent_id(agent_id)) {
    return fail(ErrorKind::kInvalidArgument,
                "'{}' is no agent id: it has 1 to {} letters, digits, '.', '_' or '-', as [agent] id of the agent",
                agent_id, limits::kAgentIdBytesMax);
  }
  if (std::ranges::any_of(keys_, [=](const StoredKey& key) { return is_agent(key, agent_id); })) {
    return fail(ErrorKind::kInvalidArgument, "{} has a key already: rotate it for a new one, or revoke it first",
                agent_id);
  }
  if (keys_.size() >= limits::kStoredKeysMax) {
    return fail(ErrorKind::kTooLarge, "there are {} keys, and no more may be: revoke some", keys_.size());
  }
  return make_key(agent_id, now);
}

Result<std::string> KeyStore::rotate(std::string_view agent_id, WallTime now, std::chrono::milliseconds grace) {
  const WallTime end = now + grace;
  std::string written_id;
  for (StoredKey& key : keys_) {
    if (!is_agent(key, agent_id)) continue;
    written_id = key.agent_id;
    key.valid_until = std::min(key.valid_until.value_or(end), end);
  }
  if (written_id.empty()) {
    return fail(ErrorKind::kNotFound, "{} has no key: make one with 'mmm-server keys add {}'", agent_id, agent_id);
  }
  std::erase_if(keys_, [=](const StoredKey& key) { return !is_valid_at(key, now); });
  if (keys_.size() >= limits::kStoredKeysMax) {
    return fail(ErrorKind::kTooLarge, "there are {} keys, and no more may be: revoke some", keys_.size());
  }
  return make_key(written_id, now);
}

Result<> KeyStore::revoke(std::string_view agent_id) {
  if (std::erase_if(keys_, [=](const StoredKey& key) { return is_agent(key, agent_id); }) > 0) return {};
  return fail(ErrorKind::kNotFound, "{} has no key that was made by command: 'mmm-server keys list' shows them",
              agent_id);
}

void KeyStore::add_to(KeyTable& table, WallTime now) const {
  for (const StoredKey& key : keys_) {
    if (is_valid_at(key, now)) table.add_own(key.agent_id, key.digest);
  }
}

std::optional<WallTime> KeyStore::next_end(WallTime now) const {
  std::optional<WallTime> next;
  for (const StoredKey& key : keys_) {
    if (key.valid_until && is_valid_at(key, now)) next = std::min(next.value_or(*key.valid_until), *key.valid_until);
  }
  return next;
}

Result<KeyStoreLock> KeyStoreLock::take(const std::filesystem::path& store) {
  const std::filesystem::path directory = store.parent_path();
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return fail(ErrorKind::kIo, "open {}: {}", directory.string(), std::strerror(errno));
  KeyStoreLock lock(file);
  if (::flock(file, LOCK_EX) != 0) return fail(ErrorKind::kIo, "lock {}: {}", directory.string(), std::strerror(errno));
  return lock;
}

KeyStoreLock::~KeyStoreLock() {
  if (file_ >= 0) ::close(file_);
}

KeyStoreLock::KeyStoreLock(KeyStoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

}  // namespace mmm::ingest
