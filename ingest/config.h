#pragma once

#include "core/config/config_reader.h"
#include "core/log_shipping/log_config.h"
#include "core/store/storage_report.h"
#include "ingest/access/access_config.h"
#include "ingest/map_config.h"
#include "ingest/privacy_config.h"
#include "ingest/project/options.h"
#include "ingest/retention_config.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mmm::ingest {

// What mmm-server can be told; docs/configuration.md describes it for people. The values here are the defaults, with
// which it runs without a file too.
struct ServerConfig {
  // ---- [server] ----
  std::string host = "localhost";  // address to listen on; localhost is 127.0.0.1
  std::uint16_t port = 8082;
  std::string site_name = "MeshyMcMapface";
  unsigned threads = 1;
  std::filesystem::path data_dir = "data";
  // An agent that has a key of its own name may use that one only; see api_keys.h.
  bool bind_keys = true;
  // Uploads are refused when the disk has less free than this.
  std::uint64_t free_space_min = 0;
  // Without the index there is no dashboard and no API: the server only keeps what agents upload.
  bool index = true;
  // Sites whose pages may read the API, as browsers write an origin ("https://mesh.example"); "*": every one.
  std::vector<std::string> cors_origins;

  // ---- [server] trusted_proxies and [access]; [limits]; [server] tls_* ----
  AccessConfig access;
  LimitsConfig limits;
  TlsConfig tls;

  // ---- [map] ----
  MapConfig map;

  // ---- [index] ----
  ProjectionOptions projection;

  // ---- [privacy]; what is kept back stands in `projection`, too ----
  PrivacyConfig privacy;

  // ---- [retention] ----
  RetentionConfig retention;

  // ---- [metrics] ----
  bool metrics_enabled = true;
  std::string metrics_bind = "127.0.0.1";
  std::uint16_t metrics_port = 9090;
  // Nobody asked for this port: when another program has it, the server goes on without the endpoint.
  bool metrics_port_is_default = true;
  // Agents and mesh nodes that have series of their own.
  std::size_t metrics_agents_max = 250;
  std::size_t metrics_nodes_max = 2000;

  // ---- [log], [json_tcp_log_NAME] ----
  log::LogConfig log;

  // ---- [api_keys], [channels] ----
  struct Named {
    std::string name;
    std::string value;  // a secret: the key, or the raw bytes of the channel's pre-shared key
    friend bool operator==(const Named&, const Named&) = default;
  };
  std::vector<Named> api_keys;
  std::vector<Named> channels;

  [[nodiscard]] std::filesystem::path log_path() const { return data_dir / "log"; }
  [[nodiscard]] std::filesystem::path index_path() const { return data_dir / "index.db"; }
  [[nodiscard]] std::filesystem::path key_path() const { return data_dir / "api_key"; }
  [[nodiscard]] std::filesystem::path key_store_path() const { return data_dir / "keys"; }
  [[nodiscard]] store::StorageOptions storage_options() const {
    return {.keep_index = retention.index, .keep_log_us = retention.log, .free_bytes_min = free_space_min};
  }
  // See ingest/control/control_file.h, ingest/care/log_picture.h.
  [[nodiscard]] std::filesystem::path control_path() const { return data_dir / "control"; }
  [[nodiscard]] std::filesystem::path log_picture_path() const { return data_dir / "log.picture"; }
  [[nodiscard]] std::filesystem::path care_lock_path() const { return data_dir / "care.lock"; }
};

// A configuration, or everything that is wrong with it, one line each.
struct LoadedConfig {
  ServerConfig config;
  std::vector<std::string> mistakes;
};

// Reads every key from the reader; nothing is opened or made. A server_config.ini of the Python version loads
// unchanged.
LoadedConfig read_server_config(config::ConfigReader reader);

// Reads the file. Without `path` the defaults and the environment count. Fails when the file cannot be read.
Result<LoadedConfig> load_server_config(const std::optional<std::filesystem::path>& path,
                                        const config::Environment& environment);

}  // namespace mmm::ingest
