#include "ingest/care/backup.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace mmm::ingest {
namespace fs = std::filesystem;
namespace {

// Inside the data directory, since the folder above may belong to somebody else.
fs::path staging(const ServerConfig& config) {
  return config.data_dir / "restore.partial";
}

Result<> make_empty(const ServerConfig& config) {
  std::error_code error;
  fs::create_directories(config.data_dir, error);
  if (error) {
    return fail(ErrorKind::kIo, "make the data directory {}: {}", config.data_dir.string(), error.message());
  }
  fs::remove_all(staging(config), error);
  if (error) return fail(ErrorKind::kIo, "remove {}: {}", staging(config).string(), error.message());
  const bool empty = fs::is_empty(config.data_dir, error);
  if (error) return fail(ErrorKind::kIo, "read {}: {}", config.data_dir.string(), error.message());
  if (!empty) {
    return fail(ErrorKind::kInvalidArgument,
                "the data directory {} is not empty: move what is in it away, or set another [server] data_dir",
                config.data_dir.string());
  }
  fs::create_directories(staging(config) / "log", error);
  if (error) return fail(ErrorKind::kIo, "make {}: {}", staging(config).string(), error.message());
  return {};
}

Result<> copy_files(const Manifest& manifest, const fs::path& backup, const fs::path& to,
                    const CareProgress& progress) {
  const auto all = static_cast<double>(std::max<std::uint64_t>(manifest.bytes(), 1));
  double done = 0;
  const auto count = [&](std::uint64_t bytes) {
    done += static_cast<double>(bytes);
    if (progress) progress(done / all, done / (1U << 20U));
  };
  for (const Manifest::File& file : manifest.files) {
    auto digest = copy_file(backup / file.name, to / file.name, 0600, count);
    if (!digest) return fail(digest.error());
    if (*digest != file.digest) {
      return fail(ErrorKind::kCorrupt,
                  "{} is not what the manifest says ({} bytes instead of {}, or other ones): take another backup",
                  (backup / file.name).string(), digest->bytes, file.digest.bytes);
    }
  }
  return sync_folder(to / "log");
}

// The log first: if only it gets there, the server makes the index from it.
Result<> put_in_place(const Manifest& manifest, const ServerConfig& config) {
  std::error_code error;
  const auto move = [&](const fs::path& name, const fs::path& to) {
    if (!error) fs::rename(staging(config) / name, to, error);
  };
  const auto has = [&manifest](std::string_view name) {
    return std::ranges::find(manifest.files, name, &Manifest::File::name) != manifest.files.end();
  };
  if (has("api_key")) move("api_key", config.key_path());
  move("log", config.log_path());
  if (has("index.db")) move("index.db", config.index_path());
  if (error) return fail(ErrorKind::kIo, "move what is restored to its place: {}", error.message());
  if (auto synced = sync_folder(config.data_dir); !synced) return synced;
  fs::remove(staging(config), error);
  return {};
}

}  // namespace

Result<Manifest> restore_backup(const ServerConfig& config, const fs::path& backup, const CareProgress& progress) {
  auto manifest = read_manifest(backup);
  if (!manifest) return manifest;
  if (auto made = make_empty(config); !made) return fail(made.error());
  if (auto copied = copy_files(*manifest, backup, staging(config), progress); !copied) {
    std::error_code ignored;
    fs::remove_all(staging(config), ignored);
    return fail(copied.error());
  }
  if (auto placed = put_in_place(*manifest, config); !placed) return fail(placed.error());
  return manifest;
}

Result<> check_restored(const ServerConfig& config) {
  std::error_code ignored;
  if (!fs::exists(staging(config), ignored)) return {};
  return fail(ErrorKind::kInvalidArgument,
              "a restore into {} was interrupted: empty that directory and run mmm-server restore again",
              config.data_dir.string());
}

}  // namespace mmm::ingest
