#include "core/log_shipping/shipper.h"

#include "core/async/backoff.h"
#include "core/async/signal.h"
#include "core/async/task_group.h"
#include "core/async/time_source.h"
#include "core/base/encoding.h"
#include "core/log_shipping/collector_connection.h"
#include "core/log_shipping/line_queue.h"
#include "metrics/catalog_common.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>
#include <utility>

namespace mmm::log {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kQueueBytesMax = 1U << 20U;
constexpr std::size_t kWriteBytes = 64U << 10U;
constexpr std::chrono::seconds kDrainMax{1};
// A line is written soon anyway; this only bounds the wait.
constexpr std::chrono::minutes kIdle{1};
constexpr BackoffOptions kBackoff{.first = std::chrono::seconds{1}, .max = std::chrono::seconds{30}};

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

std::string upper(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = static_cast<char>(c - ('a' - 'A'));
  return text;
}

}  // namespace

class Shipper::Impl final : public Sink {
 public:
  Impl(CollectorConfig config, std::string program, metrics::Registry& registry)
      : config_(std::move(config)),
        program_(std::move(program)),
        sent_(registry.counter(metrics::common::kLogShippedBytes, {{"collector", config_.name}})),
        dropped_(registry.counter(metrics::common::kLogDroppedLines, {{"collector", config_.name}})),
        connected_(registry.gauge(metrics::common::kLogCollectorConnected, {{"collector", config_.name}})) {}

  void start() {
    tasks_.spawn("ship", run());
    thread_ = std::thread([this] { context_.run(); });
  }

  // Blocks until the thread has ended.
  void stop() {
    asio::post(context_, [this] {
      stopping_ = true;
      signal_.notify();
      tasks_.spawn("deadline", end_after(time_.steady() + kDrainMax));
    });
    thread_.join();
  }

  void take(const Line& line) override {
    const std::size_t lost = queue_.push(to_json_line(line));
    if (lost > 0) dropped_.Increment(static_cast<double>(lost));
    // One wake-up for many lines.
    if (!woken_.exchange(true)) asio::post(context_, [this] { signal_.notify(); });
  }

 private:
  std::string to_json_line(const Line& line) const {
    const double seconds = static_cast<double>(to_micros(line.time)) / 1e6;
    boost::json::object json{{"timestamp", seconds},
                             {"iso_timestamp", to_iso8601(line.time)},
                             {"level", upper(to_string(line.level))},
                             {"logger", line.component},
                             {"message", sanitize_utf8(line.text)},
                             {"application", config_.application},
                             {"environment", config_.environment},
                             {"host", host_},
                             {"process", process_},
                             {"program", program_}};
    return boost::json::serialize(json) + "\n";
  }

  asio::awaitable<void> run() {
    Backoff backoff(kBackoff, std::random_device()());
    while (!(stopping_ && (queue_.empty() || backoff.failures() > 0))) {
      auto connection = co_await CollectorConnection::open(config_, time_);
      Result<> ended = connection ? Result<>() : fail(connection.error());
      if (connection) {
        backoff.reset();
        connected_.Set(1);
        complained_ = false;
        ended = co_await send_lines(**connection);
        connected_.Set(0);
      }
      if (ended) break;
      // Goes to the collector, too, once there is one.
      if (!std::exchange(complained_, true)) {
        warning("log", "collector {}: {}; lines wait for it, trying again", config_.name, ended.error().message);
      }
      const auto delay = backoff.next();
      if (!stopping_) co_await sleep(time_.steady() + delay);
    }
    tasks_.cancel();
  }

  // Until the connection breaks; success: the program stops and all is sent.
  asio::awaitable<Result<>> send_lines(CollectorConnection& connection) {
    for (;;) {
      woken_ = false;
      const std::string lines = queue_.peek(kWriteBytes);
      if (!lines.empty()) {
        if (auto written = co_await connection.write(lines); !written) co_return written;
        queue_.pop();
        sent_.Increment(static_cast<double>(lines.size()));
      } else if (stopping_) {
        co_return Result<>();
      } else {
        co_await signal_.wait_until(time_, time_.steady() + kIdle);
      }
    }
  }

  // Lines that come meanwhile do not shorten it, the end of the program does.
  asio::awaitable<void> sleep(SteadyTime until) {
    while (!stopping_ && time_.steady() < until) {
      co_await signal_.wait_until(time_, until);
    }
  }

  asio::awaitable<void> end_after(SteadyTime deadline) {
    co_await time_.sleep_until(deadline);
    tasks_.cancel();
  }

  const CollectorConfig config_;
  const std::string program_;
  const std::string host_ = host_name();
  const std::int64_t process_ = ::getpid();
  prometheus::Counter& sent_;
  prometheus::Counter& dropped_;
  prometheus::Gauge& connected_;
  LineQueue queue_{kQueueBytesMax};
  std::atomic<bool> woken_{false};

  // The thread's own.
  asio::io_context context_{1};
  RealTime time_;
  Signal signal_{context_.get_executor()};
  bool stopping_ = false;
  bool complained_ = false;
  TaskGroup tasks_{context_.get_executor()};
  std::thread thread_;
};

Shipper::Shipper(CollectorConfig config, std::string program, metrics::Registry& registry)
    : impl_(std::make_shared<Impl>(std::move(config), std::move(program), registry)) {
  impl_->start();
  add_sink(impl_);
}

Shipper::~Shipper() {
  remove_sink(*impl_);
  impl_->stop();
}

std::vector<std::unique_ptr<Shipper>> ship(const std::vector<CollectorConfig>& collectors, const std::string& program,
                                           metrics::Registry& registry) {
  std::vector<std::unique_ptr<Shipper>> shippers;
  shippers.reserve(collectors.size());
  for (const CollectorConfig& collector : collectors) {
    shippers.push_back(std::make_unique<Shipper>(collector, program, registry));
  }
  return shippers;
}

}  // namespace mmm::log
