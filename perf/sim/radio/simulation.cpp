#include "perf/sim/radio/simulation.h"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mmm::sim {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// With no pause between packets, others still get their turn this often.
// Every third radio has no GPS and so no clock, as in life.
constexpr std::size_t kClocklessEvery = 3;

}  // namespace

Simulation::Simulation(asio::any_io_executor executor, TimeSource& time, SimulationOptions options, Truth& truth)
    : options_(std::move(options)),
      time_(time),
      truth_(truth),
      executor_(executor),
      world_(options_.world),
      progress_(executor),
      client_sent_(executor),
      tasks_(executor) {}

Simulation::~Simulation() = default;

Result<> Simulation::open() {
  const std::uint64_t seed = options_.world.population.seed;
  for (const auto& node : world_.nodes()) truth_.node(node);
  for (std::size_t i = 0; i < options_.ports.size(); ++i) {
    RadioOptions radio{.index = i,
                       .seed = seed,
                       .has_clock = i % kClocklessEvery != kClocklessEvery - 1,
                       .delivers_foreign = options_.deliver_foreign,
                       .client_packets = options_.client_packets};
    radios_.push_back(std::make_unique<Radio>(world_, radio));
    faults_.push_back(std::make_unique<FaultInjector>(options_.faults, mix(seed ^ 0x6661756C74, i)));
    truth_.radio(i + 1, *radios_.back());
    const SessionContext context{.number = i + 1,
                                 .radio = *radios_.back(),
                                 .faults = *faults_.back(),
                                 .truth = truth_,
                                 .time = time_,
                                 .progress = progress_,
                                 .client_sent = client_sent_};
    auto port = open_port(executor_, context, options_.ports[i]);
    if (!port) return fail(port.error());
    ports_.push_back(std::move(*port));
  }
  return {};
}

std::vector<std::string> Simulation::port_names() const {
  std::vector<std::string> names;
  for (const auto& port : ports_) names.push_back(port->name());
  return names;
}

void Simulation::start() {
  for (const auto& port : ports_) port->start();
  tasks_.spawn("mesh", generate());
  tasks_.spawn("answers", answer());
}

asio::awaitable<void> Simulation::stop() {
  tasks_.cancel();
  co_await tasks_.join();
  for (const auto& port : ports_) port->begin_stop();
  for (const auto& port : ports_) co_await port->stop();
  truth_.summary(generated_, radios_);
}

asio::awaitable<void> Simulation::wait_until_done() {
  while (!finished_ || !drained()) co_await progress_.wait();
}

asio::awaitable<void> Simulation::wait_for_end(bool when_done) {
  while (!stop_requested_ && !(when_done && finished_ && drained())) co_await progress_.wait();
}

void Simulation::request_stop() {
  stop_requested_ = true;
  progress_.notify_all();
}

asio::awaitable<void> Simulation::generate() {
  while (options_.start_when_connected && !all_ready()) co_await progress_.wait();
  started_ = time_.steady();
  world_started_us_ = world_.now_us();
  while (options_.packets == 0 || generated_ < options_.packets) {
    if (options_.rate == 0) {
      while (!room_everywhere()) co_await progress_.wait();
    }
    const Transmission transmission = world_.next();
    if (options_.rate != 0) co_await pace();
    // A mesh that is too large for its rate never sleeps: the radios' clients must be served all the same.
    co_await asio::post(executor_, asio::use_awaitable);
    for (const auto& radio : radios_) radio->advance(world_.now_us());
    deliver(transmission);
    ++generated_;
  }
  finished_ = true;
  truth_.generated(generated_);
  progress_.notify_all();
}

// Waits until real time has come as far as the world's clock.
asio::awaitable<void> Simulation::pace() {
  const double world_seconds = static_cast<double>(world_.now_us() - world_started_us_) / 1e6;
  const auto real = std::chrono::duration<double>(world_seconds / options_.time_scale);
  const SteadyTime due = started_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(real);
  if (due > time_.steady()) co_await time_.sleep_until(due);
}

asio::awaitable<void> Simulation::answer() {
  while (true) {
    while (const auto transmission = world_.next_answer()) {
      deliver(*transmission);
      for (std::size_t i = 0; i < radios_.size(); ++i) {
        if (world_.radio_nodes()[i] != transmission->packet.origin) continue;
        radios_[i]->sent(*transmission);
        ports_[i]->wake();
      }
    }
    co_await client_sent_.wait();
  }
}

void Simulation::deliver(const Transmission& transmission) {
  for (const HeardPacket& heard : transmission.heard) radios_[heard.radio]->hear(transmission, heard);
  for (const auto& port : ports_) port->wake();
}

bool Simulation::all_ready() const {
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    if (!ports_[i]->session() || !radios_[i]->session_ready()) return false;
  }
  return true;
}

bool Simulation::room_everywhere() const {
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    // A client that is not there, or not yet past its configuration, holds nobody up.
    if (ports_[i]->session() && radios_[i]->session_ready() && !radios_[i]->has_room()) return false;
  }
  return true;
}

bool Simulation::drained() const {
  for (const auto& port : ports_) {
    const auto session = port->session();
    if (session && !session->drained()) return false;
  }
  return true;
}

}  // namespace mmm::sim
