#include "perf/sim/radio/radio_command.h"

#include "core/async/stop_signals.h"
#include "core/base/encoding.h"
#include "perf/sim/parse_number.h"
#include "perf/sim/radio/simulation.h"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;

// Between two packets at --rate max, on the world's clock: a thousand a second.
constexpr double kFastestGapSeconds = 0.001;
constexpr std::size_t kNodesMax = 2000;

struct RadioArguments {
  std::uint64_t seed = 1;
  std::size_t nodes = 60;
  std::size_t radios = 0;
  std::string center = "48.137,11.575";
  double radius_km = 12;
  std::string start_time;
  std::vector<std::string> listen;
  std::vector<std::string> ptys;
  std::string rate = "0.5";
  double time_scale = 1;
  std::uint64_t packets = 0;
  std::string start_when = "now";
  bool exit_when_done = false;
  bool withhold_foreign = false;
  std::string client_packets = "send";
  std::vector<std::string> faults;
  std::string truth;
};

Result<GeoPoint> parse_center(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) {
    return fail(ErrorKind::kInvalidArgument, "--center '{}': give LATITUDE,LONGITUDE in degrees", text);
  }
  const auto latitude = parse_number<double>(text.substr(0, comma), "--center latitude", "degrees");
  if (!latitude) return fail(latitude.error());
  const auto longitude = parse_number<double>(text.substr(comma + 1), "--center longitude", "degrees");
  if (!longitude) return fail(longitude.error());
  if (std::abs(*latitude) > 85 || std::abs(*longitude) > 180) {
    return fail(ErrorKind::kInvalidArgument, "--center '{}': latitude up to 85, longitude up to 180 degrees", text);
  }
  return GeoPoint{*latitude, *longitude};
}

// "2.5" packets a second, "30/min", "max".
Result<double> parse_rate(std::string_view text) {
  if (text == "max") return 0.0;
  constexpr std::string_view kPerMinute = "/min";
  const bool per_minute = text.ends_with(kPerMinute);
  if (per_minute) text.remove_suffix(kPerMinute.size());
  const auto rate = parse_number<double>(text, "--rate", "packets a second, packets a minute as 'N/min', or 'max'");
  if (!rate) return rate;
  if (!(*rate > 0)) return fail(ErrorKind::kInvalidArgument, "--rate '{}': give more than 0, or 'max'", text);
  return per_minute ? *rate / 60 : *rate;
}

Result<std::int64_t> parse_start(const std::string& text) {
  if (text.empty()) return to_micros(wall_now());
  const auto time = parse_iso8601(text);
  if (!time) return fail(ErrorKind::kInvalidArgument, "--start-time '{}': give for example 2026-11-24T04:00:00Z", text);
  return to_micros(*time);
}

// "send", "withhold", or the name of an error.
Result<ClientPackets> parse_client_packets(const std::string& text) {
  if (text == "send") return ClientPackets{};
  if (text == "withhold") return ClientPackets{.withheld = true, .refusal = {}};
  mesh::Routing::Error error{};
  if (mesh::Routing::Error_Parse(text, &error)) return ClientPackets{.withheld = false, .refusal = error};
  return fail(ErrorKind::kInvalidArgument,
              "--client-packets '{}': give send, withhold, or an error of the protocol such as DUTY_CYCLE_LIMIT", text);
}

Result<> check_nodes(std::size_t nodes, std::size_t radios) {
  if (nodes >= radios && nodes <= kNodesMax) return {};
  return fail(ErrorKind::kInvalidArgument, "--nodes {}: give from {} (one a radio) to {}", nodes, radios, kNodesMax);
}

Result<SimulationOptions> parse(const RadioArguments& arguments) {
  auto ports = parse_ports(arguments.listen, arguments.ptys, arguments.radios);
  if (!ports) return fail(ports.error());
  const auto center = parse_center(arguments.center);
  if (!center) return fail(center.error());
  const auto rate = parse_rate(arguments.rate);
  if (!rate) return fail(rate.error());
  const auto start = parse_start(arguments.start_time);
  if (!start) return fail(start.error());
  if (auto good = check_nodes(arguments.nodes, ports->size()); !good) return fail(good.error());
  const auto client_packets = parse_client_packets(arguments.client_packets);
  if (!client_packets) return fail(client_packets.error());
  SimulationOptions options;
  for (const auto& text : arguments.faults) {
    if (auto added = options.faults.add(text); !added) return fail(added.error());
  }
  const double gap_seconds = *rate == 0 ? kFastestGapSeconds : 1 / *rate;
  options.world = {.population = {.seed = arguments.seed,
                                  .nodes = arguments.nodes,
                                  .center = *center,
                                  .radius_km = arguments.radius_km,
                                  .start_us = *start},
                   .radios = ports->size(),
                   .mean_gap_us = static_cast<std::int64_t>(gap_seconds * arguments.time_scale * 1e6)};
  options.ports = std::move(*ports);
  options.rate = *rate;
  options.time_scale = arguments.time_scale;
  options.packets = arguments.packets;
  options.start_when_connected = arguments.start_when == "connected";
  options.deliver_foreign = !arguments.withhold_foreign;
  options.client_packets = *client_packets;
  return options;
}

void say(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

asio::awaitable<void> announce_done(Simulation& simulation) {
  co_await simulation.wait_until_done();
  say(fmt::format("done {}", simulation.generated()));
}

asio::awaitable<void> stop_at_signal(StopSignals& signals, Simulation& simulation) {
  while (co_await signals.next() != StopSignal::kStop) {
  }
  simulation.request_stop();
}

asio::awaitable<void> serve(Simulation& simulation, TaskGroup& helpers, bool exit_when_done) {
  co_await simulation.wait_for_end(exit_when_done);
  co_await simulation.stop();
  helpers.cancel();
  co_await helpers.join();
}

int run(const RadioArguments& arguments) {
  const auto options = parse(arguments);
  Truth truth;
  Result<> opened = options ? Result<>() : fail(options.error());
  if (opened && !arguments.truth.empty()) opened = truth.open(arguments.truth);
  if (!opened) {
    fmt::print(stderr, "mmm-sim: {}\n", opened.error().message);
    return 1;
  }
  asio::io_context context(1);
  StopSignals signals(context.get_executor());
  RealTime time;
  Simulation simulation(context.get_executor(), time, *options, truth);
  if (const auto ports = simulation.open(); !ports) {
    fmt::print(stderr, "mmm-sim: {}\n", ports.error().message);
    return 1;
  }
  std::size_t number = 0;
  for (const auto& name : simulation.port_names()) say(fmt::format("radio {} {}", ++number, name));
  simulation.start();
  TaskGroup helpers(context.get_executor());
  TaskGroup main_task(context.get_executor());
  helpers.spawn("signals", stop_at_signal(signals, simulation));
  if (arguments.packets != 0) helpers.spawn("done", announce_done(simulation));
  main_task.spawn("radios", serve(simulation, helpers, arguments.exit_when_done));
  context.run();
  return 0;
}

// The same radios as `radio` with the same seed and number of nodes has.
int print_secrets(const RadioArguments& arguments) {
  const std::size_t radios = std::max<std::size_t>(arguments.radios, 1);
  if (const auto good = check_nodes(arguments.nodes, radios); !good) {
    fmt::print(stderr, "mmm-sim: {}\n", good.error().message);
    return 1;
  }
  World world({.population = {.seed = arguments.seed, .nodes = arguments.nodes, .radius_km = arguments.radius_km},
               .radios = radios});
  for (std::size_t i = 0; i < world.radio_nodes().size(); ++i) {
    for (const auto& secret : list_secrets(make_secrets(i + 1, world.radio_node(i)))) {
      say(fmt::format("radio {} {} {}", i + 1, secret.name, to_hex(secret.bytes)));
    }
  }
  return 0;
}

void add_mesh_options(CLI::App& command, RadioArguments& arguments) {
  command.add_option("--seed", arguments.seed, "The same seed gives the same mesh and the same packets")
      ->capture_default_str();
  command.add_option("--nodes", arguments.nodes, "Nodes of the mesh")->capture_default_str();
  command.add_option("--radius-km", arguments.radius_km, "Radius of the disc they stand in")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 300.0));
  command.add_option("--radios", arguments.radios, "Radios that listen, on consecutive ports from one --listen");
}

}  // namespace

void add_radio_commands(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<RadioArguments>();
  auto& radio = *app.add_subcommand("radio", "Serve the radios of a simulated mesh on TCP ports or pseudo terminals");
  add_mesh_options(radio, *arguments);
  radio.add_option("--center", arguments->center, "LATITUDE,LONGITUDE of the middle")->capture_default_str();
  radio.add_option("--start-time", arguments->start_time,
                   "The mesh's clock at the start, ISO 8601 (default: now; give it for identical bytes)");
  radio.add_option("--listen", arguments->listen, "HOST:PORT of a radio; port 0: the system chooses. Repeatable");
  radio.add_option("--pty", arguments->ptys, "Path of a link to make to a radio's serial line. Repeatable");
  radio.add_option("--rate", arguments->rate, "Packets of the mesh: a second, 'N/min' or 'max'")->capture_default_str();
  radio.add_option("--time-scale", arguments->time_scale, "Seconds of the mesh's clock in one second")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 1e6));
  radio.add_option("--packets", arguments->packets, "Generate so many, then only answer (default: for ever)");
  radio
      .add_option("--start-when", arguments->start_when, "Generate from the start, or when all clients have connected")
      ->check(CLI::IsMember({"now", "connected"}))
      ->capture_default_str();
  radio.add_flag("--exit-when-done", arguments->exit_when_done, "End when --packets were generated and delivered");
  radio.add_flag("--withhold-foreign", arguments->withhold_foreign,
                 "Do not deliver packets of unknown channels, as firmware 2.8");
  radio
      .add_option("--client-packets", arguments->client_packets,
                  "What becomes of packets that clients want sent: send, withhold, or an error such as NO_CHANNEL")
      ->capture_default_str();
  radio.add_option("--fault", arguments->faults,
                   "garbage=P, wrong-length=P, short-reads=P, stall=P[:SECONDS], reboot=N, disconnect=N. Repeatable");
  radio.add_option("--truth", arguments->truth, "Write what each radio delivered to this file, a JSON object a line");
  radio.callback([arguments, &exit_code] { exit_code = run(*arguments); });

  auto secret_arguments = std::make_shared<RadioArguments>();
  auto& secrets = *app.add_subcommand("secrets", "Print, in hex, the secrets in the radios' configuration");
  add_mesh_options(secrets, *secret_arguments);
  secrets.callback([secret_arguments, &exit_code] { exit_code = print_secrets(*secret_arguments); });
}

}  // namespace mmm::sim
