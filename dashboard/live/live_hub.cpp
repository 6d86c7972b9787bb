#include "dashboard/live/live_hub.h"

#include "core/base/limits.h"
#include "core/log/log.h"
#include "dashboard/live/event_builder.h"
#include "dashboard/live/event_history.h"
#include "dashboard/live/live_client.h"
#include "dashboard/live/live_text.h"
#include "metrics/catalog_server.h"

#include <boost/asio/this_coro.hpp>

#include <charconv>
#include <list>
#include <mutex>
#include <thread>

namespace mmm::dashboard {
namespace server = metrics::server;

namespace {

constexpr const char* kComponent = "dashboard/live";
// Nodes, agents and figures are told at most this often.
constexpr auto kStatesEvery = std::chrono::seconds(1);

struct LiveProbe {
  explicit LiveProbe(metrics::Registry& registry)
      : clients(registry.gauge(server::kLiveClients)),
        refused(registry.counter(server::kLiveRefused)),
        slow(registry.counter(server::kLiveSkipped, {{"reason", "slow_client"}})),
        burst(registry.counter(server::kLiveSkipped, {{"reason", "burst"}})),
        seconds(registry.histogram(server::kLiveSeconds)) {
    for (const char* type : {"packet", "reception", "node", "agent", "stats"}) {
      events.emplace(type, &registry.counter(server::kLiveEvents, {{"type", type}}));
    }
  }
  prometheus::Gauge& clients;
  prometheus::Counter& refused;
  prometheus::Counter& slow;
  prometheus::Counter& burst;
  prometheus::Histogram& seconds;
  std::map<std::string_view, prometheus::Counter*> events;
};

std::optional<store::LogId> parse_event_id(std::string_view text) {
  store::LogId id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace

struct LiveHub::Impl {
  Impl(store::AppliedFeed& applied_feed, metrics::Registry& registry, TimeSource& time_source, LiveOptions live_options)
      : feed(applied_feed), probe(registry), time(time_source), options(std::move(live_options)) {}

  void run();
  // Once somebody listens: from which record on nothing is missed.
  void begin();
  void take_batch(store::AppliedBatch batch);
  void tell_states();
  void send(std::vector<BuiltEvent> events, std::uint64_t skipped, store::LogId last);
  void send_all(const LiveText& text);
  void push_to(LiveClient& client, const LiveText& text);
  void start_over(store::LogId cursor);
  void on_failure(const Error& error);
  void add(const std::shared_ptr<LiveClient>& client, std::string_view last_event_id);
  void remove(const std::shared_ptr<LiveClient>& client);
  // Forgets and stops watching when nobody has listened for a while.
  void rest();

  using Filter = std::shared_ptr<const index::PacketFilter>;
  std::vector<Filter> filters_in_use();
  // The filter as equal streams share it, so that each is asked once; empty: there are too many.
  std::optional<Filter> share(index::PacketFilter filter);

  store::AppliedFeed& feed;
  LiveProbe probe;
  TimeSource& time;
  LiveOptions options;

  // The thread's own.
  std::unique_ptr<index::IndexReader> reader;
  std::set<std::uint32_t> changed_nodes;
  std::set<std::int64_t> changed_agents;
  SteadyTime states_due{};
  SteadyTime budget_from{};
  std::size_t budget = 0;
  bool changed = false;
  store::LogId started_at = 0;  // what is applied up to here is no event, it was there when the hub began to listen
  store::LogId told_to = 0;     // the last record whose events were sent; the index may be ahead of it
  std::thread thread;

  mutable std::mutex mutex;  // all below
  std::list<std::shared_ptr<LiveClient>> clients;
  std::vector<std::weak_ptr<const index::PacketFilter>> filters;
  EventHistory history{limits::kLiveHistoryEventsMax};
  SteadyTime last_left{};
  bool watching = false;
  bool begun = false;
  bool stopping = false;
};

void LiveHub::Impl::run() {
  for (;;) {
    auto batch = feed.wait(std::chrono::duration_cast<std::chrono::milliseconds>(kStatesEvery) / 4);
    {
      std::lock_guard lock(mutex);
      if (stopping) return;
      if (!watching) continue;
    }
    begin();
    const SteadyTime now = time.steady();
    if (now - budget_from >= std::chrono::seconds(1)) {
      budget_from = now;
      budget = limits::kLiveEventsPerSecondMax;
    }
    if (batch) take_batch(std::move(*batch));
    if (now >= states_due) {
      states_due = now + kStatesEvery;
      tell_states();
      rest();
    }
  }
}

void LiveHub::Impl::begin() {
  {
    std::lock_guard lock(mutex);
    if (begun) return;
  }
  auto replaced = reader->refresh();
  auto cursor = replaced ? reader->cursor() : fail(replaced.error());
  if (!cursor) return on_failure(cursor.error());
  started_at = *cursor;
  told_to = started_at;
  std::lock_guard lock(mutex);
  begun = true;
  history.reset(started_at);
  // A client that reconnects before the first event comes names this id.
  const LiveText place = place_text(started_at);
  for (const auto& client : clients) client->push(place);
}

void LiveHub::Impl::take_batch(store::AppliedBatch batch) {
  auto replaced = reader->refresh();
  if (!replaced) return on_failure(replaced.error());
  // The index is being built again: what clients know may no longer be so.
  if (*replaced) start_over(0);
  if (batch.restart) return start_over(batch.last);
  if (batch.last <= started_at) return;
  std::uint64_t skipped = 0;
  auto events = EventBuilder(*reader).changes(batch, budget, skipped);
  if (!events) return on_failure(events.error());
  budget -= std::min(budget, events->size());
  changed_nodes.insert(batch.nodes.begin(), batch.nodes.end());
  changed_agents.insert(batch.agents.begin(), batch.agents.end());
  changed = true;
  told_to = batch.last;
  send(std::move(*events), skipped, batch.last);
  // Ids are the time of the upload by this machine's clock.
  const std::int64_t age_us = to_micros(time.wall()) - static_cast<std::int64_t>(batch.oldest());
  probe.seconds.Observe(std::max(0.0, static_cast<double>(age_us) / 1e6));
}

void LiveHub::Impl::tell_states() {
  if (!std::exchange(changed, false)) return;
  auto events = EventBuilder(*reader).states(changed_nodes, changed_agents, told_to);
  if (!events) return on_failure(events.error());
  changed_nodes.clear();
  changed_agents.clear();
  send(std::move(*events), 0, told_to);
  auto stats = options.stats(*reader);
  if (!stats) return on_failure(stats.error());
  probe.events.at("stats")->Increment();
  // Not kept: the next one tells all of it again.
  const LiveText figures = single(event_text("stats", 0, *stats));
  std::lock_guard lock(mutex);
  // Streams with a filter get no event for most records, but must not fall out of the history.
  const LiveText place = place_text(history.last());
  for (const auto& client : clients) push_to(*client, client->filter() == nullptr ? figures : place);
}

void LiveHub::Impl::send(std::vector<BuiltEvent> events, std::uint64_t skipped, store::LogId last) {
  if (skipped > 0) {
    probe.burst.Increment(static_cast<double>(skipped));
    events.push_back({.id = last, .type = kSkippedEvent, .text = skipped_text(skipped)});
  }
  for (const BuiltEvent& event : events) {
    const auto counter = probe.events.find(event.type);
    if (counter != probe.events.end()) counter->second->Increment();
  }
  // Matching takes time, and is done while streams can come and go.
  std::map<const index::PacketFilter*, std::vector<LiveText>> pieces;
  for (const auto& filter : filters_in_use()) pieces.emplace(filter.get(), in_pieces(events, filter.get()));
  pieces.emplace(nullptr, in_pieces(events, nullptr));
  std::lock_guard lock(mutex);
  for (const auto& client : clients) {
    auto own = pieces.find(client->filter());
    // Its stream came in the meantime.
    if (own == pieces.end()) own = pieces.emplace(client->filter(), in_pieces(events, client->filter())).first;
    for (const LiveText& piece : own->second) push_to(*client, piece);
  }
  for (BuiltEvent& event : events) history.add(std::move(event));
}

void LiveHub::Impl::push_to(LiveClient& client, const LiveText& text) {
  if (!client.push(text)) probe.slow.Increment(static_cast<double>(text.events));
}

void LiveHub::Impl::send_all(const LiveText& text) {
  std::lock_guard lock(mutex);
  for (const auto& client : clients) push_to(*client, text);
}

std::vector<LiveHub::Impl::Filter> LiveHub::Impl::filters_in_use() {
  std::lock_guard lock(mutex);
  std::erase_if(filters, [](const auto& filter) { return filter.expired(); });
  std::vector<Filter> used;
  for (const auto& filter : filters) {
    if (auto alive = filter.lock()) used.push_back(std::move(alive));
  }
  return used;
}

std::optional<LiveHub::Impl::Filter> LiveHub::Impl::share(index::PacketFilter filter) {
  for (const Filter& used : filters_in_use()) {
    if (*used == filter) return used;
  }
  std::lock_guard lock(mutex);
  if (filters.size() >= limits::kLiveFiltersMax) return std::nullopt;
  auto made = std::make_shared<const index::PacketFilter>(std::move(filter));
  filters.push_back(made);
  return made;
}

void LiveHub::Impl::start_over(store::LogId cursor) {
  started_at = cursor;
  told_to = cursor;
  {
    std::lock_guard lock(mutex);
    history.reset(cursor);
  }
  send_all(single(event_text("reset", 0, "{}")));
}

// What was to be told is lost: the clients load it anew.
void LiveHub::Impl::on_failure(const Error& error) {
  log::warning(kComponent, "the index could not be read for the live stream: {}", error.message);
  if (auto fresh = index::IndexReader::open(options.index_path)) reader = std::move(*fresh);
  changed_nodes.clear();
  changed_agents.clear();
  start_over(0);
  std::lock_guard lock(mutex);
  begun = false;
}

void LiveHub::Impl::add(const std::shared_ptr<LiveClient>& client, std::string_view last_event_id) {
  std::lock_guard lock(mutex);
  if (!watching) {
    watching = true;
    begun = false;
    feed.watch(true);
  }
  std::string hello = "retry: 2000\n";
  const auto seen = parse_event_id(last_event_id);
  LiveText missed;
  if (seen && begun && history.missed_since(*seen, client->filter(), limits::kLiveClientBytesMax, missed)) {
    hello += "\n" + *missed.bytes;
  } else {
    if (begun) hello += fmt::format("id: {}\n", history.last());
    hello += "\n";
    if (!last_event_id.empty()) hello += event_text("reset", 0, "{}");
  }
  client->push(single(std::move(hello)));
  if (stopping) client->close();
  clients.push_back(client);
  probe.clients.Set(static_cast<double>(clients.size()));
}

void LiveHub::Impl::remove(const std::shared_ptr<LiveClient>& client) {
  std::lock_guard lock(mutex);
  clients.remove(client);
  probe.clients.Set(static_cast<double>(clients.size()));
  if (clients.empty()) last_left = time.steady();
}

void LiveHub::Impl::rest() {
  std::lock_guard lock(mutex);
  if (!watching || !clients.empty() || time.steady() - last_left < limits::kLiveMemory) return;
  watching = false;
  feed.watch(false);
}

LiveHub::LiveHub(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
LiveHub::~LiveHub() {
  stop();
}

Result<std::unique_ptr<LiveHub>> LiveHub::start(store::AppliedFeed& feed, metrics::Registry& registry, TimeSource& time,
                                                LiveOptions options) {
  auto impl = std::make_shared<Impl>(feed, registry, time, std::move(options));
  auto reader = index::IndexReader::open(impl->options.index_path);
  if (!reader) return fail(reader.error());
  impl->reader = std::move(*reader);
  Impl& running = *impl;
  impl->thread = std::thread([&running] { running.run(); });
  return std::unique_ptr<LiveHub>(new LiveHub(std::move(impl)));
}

namespace {

// In the clients' list as long as it lives, however its coroutine ends.
template <class Hub>
class Membership {
 public:
  Membership(std::shared_ptr<Hub> hub, std::shared_ptr<LiveClient> client, std::string_view last_event_id)
      : hub_(std::move(hub)), client_(std::move(client)) {
    hub_->add(client_, last_event_id);
  }
  ~Membership() { hub_->remove(client_); }
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

 private:
  std::shared_ptr<Hub> hub_;
  std::shared_ptr<LiveClient> client_;
};

const auto kKeepAlive = std::make_shared<const std::string>(": keep-alive\n\n");

template <class Hub>
boost::asio::awaitable<void> serve(std::shared_ptr<Hub> hub, std::string last_event_id,
                                   std::shared_ptr<const index::PacketFilter> filter, http::StreamWriter& writer) {
  const auto executor = co_await boost::asio::this_coro::executor;
  auto client = std::make_shared<LiveClient>(executor, limits::kLiveClientBytesMax, std::move(filter));
  const Membership<Hub> membership(hub, client, last_event_id);
  for (;;) {
    auto text = client->take();
    if (!text) {
      if (client->closed()) co_return;
      const SteadyTime deadline = hub->time.steady() + limits::kLiveKeepAlive;
      const bool notified = co_await client->signal().wait_until(hub->time, deadline);
      if (notified) continue;
      text = kKeepAlive;
    }
    auto written = co_await writer.write(*text);
    if (!written) co_return;
  }
}

}  // namespace

http::Response LiveHub::open_stream(std::string_view last_event_id, index::PacketFilter filter) {
  Impl::Filter shared;
  if (!filter.terms.empty()) {
    auto found = impl_->share(std::move(filter));
    if (!found) {
      impl_->probe.refused.Increment();
      return http::problem_retry_after(503, "Too many filters",
                                       "The live stream is followed with too many different filters; try again later, "
                                       "or follow it without one.",
                                       10);
    }
    shared = std::move(*found);
  }
  {
    std::lock_guard lock(impl_->mutex);
    if (impl_->stopping || impl_->clients.size() >= limits::kLiveClientsMax) {
      impl_->probe.refused.Increment();
      return http::problem_retry_after(503, "Too many live streams",
                                       "Too many browsers follow the live stream; try again later.", 10);
    }
  }
  http::Response response;
  response.headers.push_back({"Content-Type", "text/event-stream"});
  response.headers.push_back({"Cache-Control", "no-store"});
  // Proxies that collect before they pass on would hold events back.
  response.headers.push_back({"X-Accel-Buffering", "no"});
  response.stream = [hub = impl_, id = std::string(last_event_id), shared](http::StreamWriter& writer) {
    return serve(hub, id, shared, writer);
  };
  return response;
}

void LiveHub::stop() {
  {
    std::lock_guard lock(impl_->mutex);
    if (std::exchange(impl_->stopping, true)) return;
    for (const auto& client : impl_->clients) client->close();
  }
  impl_->feed.watch(false);
  impl_->feed.interrupt();
  impl_->thread.join();
}

}  // namespace mmm::dashboard
