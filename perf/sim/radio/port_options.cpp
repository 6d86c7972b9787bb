#include "perf/sim/radio/port_options.h"

#include "perf/sim/parse_number.h"
#include "perf/sim/radio/pty_port.h"
#include "perf/sim/radio/tcp_port.h"

namespace mmm::sim {
namespace {

constexpr std::size_t kPortMax = 65535;

Result<PortOptions> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(ErrorKind::kInvalidArgument, "--listen '{}': give HOST:PORT, for example 127.0.0.1:4403", text);
  }
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), "--listen port", "0 to 65535");
  if (!port) return fail(port.error());
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return PortOptions{.host = host == "localhost" ? "127.0.0.1" : std::string(host), .tcp_port = *port, .pty_path = {}};
}

}  // namespace

Result<std::vector<PortOptions>> parse_ports(const std::vector<std::string>& listen,
                                             const std::vector<std::string>& ptys, std::size_t radios) {
  std::vector<PortOptions> ports;
  for (const auto& text : listen) {
    auto port = parse_listen(text);
    if (!port) return fail(port.error());
    ports.push_back(std::move(*port));
  }
  if (radios > 1 && ports.size() == 1 && ptys.empty()) {
    const PortOptions first = ports.front();
    if (first.tcp_port + radios - 1 > kPortMax) {
      return fail(ErrorKind::kInvalidArgument, "--radios {}: there are not so many ports from {} on", radios,
                  first.tcp_port);
    }
    for (std::size_t i = 1; i < radios; ++i) {
      PortOptions port = first;
      if (first.tcp_port != 0) port.tcp_port = static_cast<std::uint16_t>(first.tcp_port + i);
      ports.push_back(std::move(port));
    }
  }
  for (const auto& path : ptys) ports.push_back({.host = {}, .tcp_port = 0, .pty_path = path});
  if (ports.empty()) {
    return fail(ErrorKind::kInvalidArgument, "no line: give --listen HOST:PORT or --pty PATH at least once");
  }
  if (radios > 1 && radios != ports.size()) {
    return fail(ErrorKind::kInvalidArgument,
                "--radios {} with {} lines: give one --listen for consecutive ports, or a --listen or --pty for each",
                radios, ports.size());
  }
  return ports;
}

Result<std::unique_ptr<Port>> open_port(boost::asio::any_io_executor executor, const SessionContext& context,
                                        const PortOptions& options) {
  if (options.pty_path.empty()) {
    auto tcp = std::make_unique<TcpPort>(std::move(executor), context);
    if (auto opened = tcp->listen(options.host, options.tcp_port); !opened) return fail(opened.error());
    return tcp;
  }
  auto pty = std::make_unique<PtyPort>(std::move(executor), context, options.pty_path);
  if (auto opened = pty->plug_in(); !opened) return fail(opened.error());
  return pty;
}

}  // namespace mmm::sim
