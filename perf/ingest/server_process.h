#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace mmm::perf {

// A real mmm-server in a directory of its own, on a free port of this machine, stopped with the object.
class ServerProcess {
 public:
  struct Options {
    bool index = false;        // with the projection and the dashboard
    unsigned threads = 1;      // for I/O
    std::string extra_config;  // more lines of [server]
  };

  // Starts `program` and waits until it answers /readyz. Ends this program when that fails.
  ServerProcess(const std::filesystem::path& program, const std::filesystem::path& directory, const Options& options);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] pid_t process() const { return process_; }

 private:
  std::uint16_t port_;
  std::string key_ = "bench-key-0123456789abcdef";
  pid_t process_ = -1;
};

}  // namespace mmm::perf
