#include "agent/radio/link.h"

#include "core/log/log.h"

#include <algorithm>
#include <utility>

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

constexpr const char* kComponent = "agent/radio";
// Messages to a radio are a few bytes; a line that does not take them is stuck.
constexpr auto kWriteTimeout = std::chrono::seconds{5};
// Reads in one turn, so that a line that never falls silent does not keep the thread.
constexpr int kReadsPerTurn = 16;
// What a radio can make this program write into its log: an hour of a radio that restarts each minute, or whatever it
// sends, stays below 200 lines. Debug text is for who has asked for it, and a whole boot of it fits.
constexpr auto kLineEvery = std::chrono::seconds{30};
constexpr unsigned kLinesAtOnce = 50;
constexpr auto kTextEvery = std::chrono::milliseconds{200};
constexpr unsigned kTextAtOnce = 500;

}  // namespace

RadioLink::RadioLink(Transport& transport, RecordSink& sink, TimeSource& time, LinkProbe probe, std::uint64_t seed)
    : transport_(transport),
      sink_(sink),
      time_(time),
      probe_(probe),
      random_(seed),
      reconnect_(random_()),
      lines_(kLineEvery, kLinesAtOnce),
      text_(kTextEvery, kTextAtOnce) {}

asio::awaitable<void> RadioLink::run() {
  set_status(upload::AgentStatus::LINK_STATE_CONNECTING, "not yet connected");
  while (true) {
    std::chrono::milliseconds delay{};
    const auto opened = co_await transport_.open();
    if (opened) {
      probe_.opened->Increment();
      reconnect_.opened(time_.steady());
      const SessionEnd end = co_await serve();
      transport_.close();
      if (guest_ != nullptr && std::exchange(guest_is_live_, false)) guest_->down();
      delay = reconnect_.session_ended(end, time_.steady());
      set_status(upload::AgentStatus::LINK_STATE_DOWN, reconnect_.explain(end));
    } else {
      probe_.open_failed->Increment();
      delay = reconnect_.open_failed();
      set_status(upload::AgentStatus::LINK_STATE_DOWN, opened.error().message);
    }
    co_await time_.sleep_for(delay);
  }
}

asio::awaitable<SessionEnd> RadioLink::serve() {
  auto nonce = [this] { return static_cast<std::uint32_t>(random_()); };
  const LineTraits traits = transport_.traits();
  Session session(traits, std::move(nonce));
  decoder_.reset();
  handshakes_counted_ = 0;
  last_bytes_ = time_.steady();
  SessionEnd end;
  end.is_network = traits.is_network;
  session.connected(last_bytes_);
  const auto frame_is_late = [this] {
    return decoder_.mid_frame() && time_.steady() - last_bytes_ >= limits::kMidFrameTimeout;
  };
  while (true) {
    const bool was_live = session.phase() == Session::Phase::kLive;
    end.was_live = end.was_live || was_live;
    serve_guest(session);
    auto flushed = co_await flush(session);
    if (!flushed) {
      end.reason = flushed.error().message;
      end.closed_by_peer = flushed.error().kind == ErrorKind::kClosed;
      co_return end;
    }
    SteadyTime deadline = session.deadline();
    if (guest_is_live_) deadline = std::min(deadline, guest_->deadline());
    if (decoder_.mid_frame()) deadline = std::min(deadline, last_bytes_ + limits::kMidFrameTimeout);
    const bool readable = co_await transport_.wait_readable(deadline);
    // Also before a frame is given up: when this program stood still for as long, its rest may be there.
    if (readable || frame_is_late()) {
      auto received = receive(session);
      // What was received before the end still counts.
      if (!received) {
        for (auto& record : session.take().records) sink_.put(std::move(record));
        end.was_live = end.was_live || session.phase() == Session::Phase::kLive;
        end.reason = received.error().message;
        end.closed_by_peer = received.error().kind == ErrorKind::kClosed;
        count_stats();
        co_return end;
      }
    }
    if (frame_is_late()) {
      decoder_.timed_out();
      take_frames(session);
    }
    session.tick(time_.steady());
  }
}

Result<> RadioLink::receive(Session& session) {
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const auto space = decoder_.prepare();
    const auto size = transport_.read_some(space);
    if (!size) return fail(size.error());
    if (*size == 0) return {};
    decoder_.commit(*size);
    last_bytes_ = time_.steady();
    take_frames(session);
    if (*size < space.size()) return {};
  }
  return {};
}

void RadioLink::take_frames(Session& session) {
  const auto arrival = time_.wall();
  const auto now = time_.steady();
  while (const auto payload = decoder_.next()) {
    const auto kind = session.frame(*payload, arrival, now);
    if (kind == MessageKind::kNotAMessage) decoder_.reject();
    if (kind == MessageKind::kPacket) last_packet_ = arrival;
    if (guest_ != nullptr && kind != MessageKind::kNotAMessage) {
      guest_->received(session.last_message(), arrival, now);
    }
    count(kind);
  }
  take_text(session);
  count_stats();
}

void RadioLink::take_text(Session& session) {
  while (const auto line = decoder_.text_lines().next()) {
    const auto now = time_.steady();
    const auto left_out = text_.admit(now);
    if (left_out) {
      log::debug(kComponent, "{}: text: {}{}", transport_.description(), *line, log::describe_left_out(*left_out));
    }
    session.text(now);
  }
}

asio::awaitable<Result<>> RadioLink::flush(Session& session) {
  auto output = session.take();
  for (auto& record : output.records) sink_.put(std::move(record));
  for (const auto& notice : output.notices) {
    log::info(lines_, time_.steady(), kComponent, "{}: {}", transport_.description(), notice);
  }
  probe_.handshakes->Increment(
      static_cast<double>(session.handshakes() - std::exchange(handshakes_counted_, session.handshakes())));
  if (output.changed) update_status(session);
  if (!output.bytes.empty()) {
    auto written = co_await transport_.write(output.bytes, time_.steady() + kWriteTimeout);
    if (!written) co_return written;
  }
  if (output.end) co_return fail(ErrorKind::kTimeout, "{}", *output.end);
  co_return Result<>{};
}

void RadioLink::serve_guest(Session& session) {
  if (guest_ == nullptr) return;
  const auto now = time_.steady();
  const bool live = session.phase() == Session::Phase::kLive && !session.locked();
  if (live != std::exchange(guest_is_live_, live)) {
    if (live) {
      guest_->live(now);
    } else {
      guest_->down();
    }
  }
  if (!live) return;
  const auto wall = time_.wall();
  if (const auto packet = guest_->next_packet(session.profile(), wall, now)) session.send_packet(*packet, wall);
}

void RadioLink::count(MessageKind kind) {
  if (kind == MessageKind::kNotAMessage) {
    probe_.not_a_message->Increment();
    ++rejected_;
    return;
  }
  probe_.messages[static_cast<std::size_t>(kind)]->Increment();
  probe_.last_message->Set(static_cast<double>(to_micros(time_.wall())) / 1e6);
}

void RadioLink::count_stats() {
  const auto& stats = decoder_.stats();
  const auto grown = [](std::uint64_t now, std::uint64_t& before) {
    return static_cast<double>(now - std::exchange(before, now));
  };
  probe_.bytes->Increment(grown(stats.bytes, counted_.bytes));
  probe_.frames->Increment(grown(stats.frames, counted_.frames));
  probe_.resyncs->Increment(grown(stats.resyncs, counted_.resyncs));
  probe_.garbage_bytes->Increment(grown(stats.garbage_bytes, counted_.garbage_bytes));
  probe_.false_headers->Increment(grown(stats.false_headers - rejected_, counted_.false_headers));
}

void RadioLink::update_status(const Session& session) {
  status_.profile = session.profile();
  const bool live = session.phase() == Session::Phase::kLive;
  if (live) reconnect_.live(time_.steady());
  if (session.locked()) {
    set_status(upload::AgentStatus::LINK_STATE_DOWN, *session.locked());
  } else if (live) {
    set_status(upload::AgentStatus::LINK_STATE_READY, {});
  } else {
    set_status(upload::AgentStatus::LINK_STATE_CONNECTING, "waiting for the radio's configuration");
  }
}

void RadioLink::set_status(upload::AgentStatus::LinkState state, std::string reason) {
  const bool news = state != status_.state || reason != status_.reason;
  status_.state = state;
  status_.reason = std::move(reason);
  for (std::size_t i = 0; i < probe_.state.size(); ++i) {
    probe_.state[i]->Set(static_cast<std::size_t>(state) == i + 1 ? 1 : 0);
  }
  if (news) {
    const auto now = time_.steady();
    if (state == upload::AgentStatus::LINK_STATE_READY) {
      log::info(lines_, now, kComponent, "{}: ready, node {}", description(),
                mesh::format_node_id(status_.profile.node()));
    } else if (state == upload::AgentStatus::LINK_STATE_DOWN) {
      log::warning(lines_, now, kComponent, "{}: down: {}", description(), status_.reason);
    } else {
      log::info(lines_, now, kComponent, "{}: {}", description(), status_.reason);
    }
  }
  if (on_change_) on_change_();
}

}  // namespace mmm::agent
