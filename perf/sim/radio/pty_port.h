#pragma once

#include "core/base/result.h"
#include "perf/sim/radio/port.h"

#include <memory>
#include <string>

namespace mmm::sim {

// A radio's serial line: a pseudo terminal with a symbolic link of the chosen name to it. While nobody has it open the
// radio says nothing, as boards with native USB do; unplugging takes the link away and brings another terminal.
class PtyPort final : public Port {
 public:
  PtyPort(boost::asio::any_io_executor executor, const SessionContext& context, std::string path);
  ~PtyPort() override;

  // Makes the terminal and the link. kIo when that fails, or when `path` exists and is no symbolic link.
  Result<> plug_in();
  // "pty /tmp/radio1"
  [[nodiscard]] std::string name() const override;
  boost::asio::awaitable<void> stop() override;

 private:
  boost::asio::awaitable<void> serve() override;
  boost::asio::awaitable<void> serve_client();
  void unplug();
  [[nodiscard]] bool opened_by_client() const;
  // Bytes written that the client has not read; 0 when that cannot be found out.
  [[nodiscard]] std::size_t unread() const;
  void discard_unread() const;

  std::string path_;
  std::string terminal_;
  int master_ = -1;
  bool linked_ = false;  // the link at path_ is ours
};

}  // namespace mmm::sim
