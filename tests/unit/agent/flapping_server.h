#pragma once

#include "agent/upload/poster.h"
#include "core/async/time_source.h"
#include "core/mesh/from_radio.pb.h"
#include "core/upload/compression.h"
#include "core/upload/upload_codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mmm::agent {

// A server as the upload's contract has it, behind an uplink that comes and goes, with its own bad moments. It keeps no
// record, only what tells whether each has come once and in order; of packets it expects the ids 1, 2, 3, …
class FlappingServer {
 public:
  enum class Fault : std::uint8_t {
    kBusy,           // 503
    kTooMany,        // 429
    kTimeoutBefore,  // nothing stored
    kTimeoutAfter,   // stored
    kAnswerLost,     // stored
    kPartly,         // only the first half is stored
    kServerError,
    kProxy,  // something else answers, 200 with a page
  };
  static constexpr std::size_t kFaults = 8;

  FlappingServer(TimeSource& time, std::uint64_t seed) : time_(time), random_(seed) {}

  // The uplink: there for some hours, away for some time, once for more than a day. Runs until it is cancelled.
  boost::asio::awaitable<void> flap() {
    for (int outage = 1; true; ++outage) {
      up_ = true;
      co_await time_.sleep_for(exponential(std::chrono::hours{2}));
      up_ = kept_up_;
      co_await time_.sleep_for(outage == kLongOutage ? std::chrono::hours{30} : exponential(std::chrono::minutes{40}));
    }
  }
  // From now on it has neither outages nor bad moments.
  void keep_up() { up_ = kept_up_ = true; }

  boost::asio::awaitable<Result<http::ClientResponse>> handle(const std::vector<http::Header>& headers,
                                                              std::string_view body) {
    co_await time_.sleep_for(exponential(std::chrono::milliseconds{50}));
    if (!up_) {
      if (random_() % 4 != 0) co_return fail(ErrorKind::kUnavailable, "no route to the host");
      co_await time_.sleep_for(kTimeout);
      co_return fail(ErrorKind::kTimeout, "no answer");
    }
    const auto fault = next_fault();
    if (fault == Fault::kBusy) co_return response(503, {{"retry-after", std::to_string(1 + random_() % 30)}});
    if (fault == Fault::kTooMany) co_return response(429, {{"retry-after", std::to_string(1 + random_() % 5)}});
    if (fault == Fault::kServerError) co_return response(500, {});
    if (fault == Fault::kProxy) co_return http::ClientResponse{.status = 200, .headers = {}, .body = "<html>"};
    if (fault == Fault::kTimeoutBefore) {
      co_await time_.sleep_for(kTimeout);
      co_return fail(ErrorKind::kTimeout, "no answer");
    }
    auto answer = store(headers, body, fault == Fault::kPartly);
    if (fault == Fault::kTimeoutAfter) {
      co_await time_.sleep_for(kTimeout);
      co_return fail(ErrorKind::kTimeout, "no answer");
    }
    co_await time_.sleep_for(exponential(std::chrono::milliseconds{50}));
    if (fault == Fault::kAnswerLost || !up_) co_return fail(ErrorKind::kClosed, "connection lost");
    duplicates_told_ += answer.duplicates();
    co_return http::ClientResponse{.status = 200, .headers = {}, .body = answer.SerializeAsString()};
  }

  [[nodiscard]] std::uint64_t stored() const { return stored_; }
  [[nodiscard]] std::uint32_t packets() const { return packets_; }
  // Duplicates in the answers that reached the agent.
  [[nodiscard]] std::uint64_t duplicates_told() const { return duplicates_told_; }
  [[nodiscard]] int times(std::size_t fault) const { return times_.at(fault); }

 private:
  static constexpr std::chrono::seconds kTimeout{10};
  static constexpr int kLongOutage = 20;

  template <class Duration>
  std::chrono::milliseconds exponential(Duration mean) {
    std::exponential_distribution<double> draw(1.0 / std::chrono::duration<double, std::milli>(mean).count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(draw(random_)) + 1);
  }
  std::optional<Fault> next_fault() {
    if (kept_up_ || random_() % 10 != 0) return std::nullopt;
    const auto fault = random_() % kFaults;
    ++times_.at(fault);
    return static_cast<Fault>(fault);
  }
  static http::ClientResponse response(int status, std::vector<http::Header> headers) {
    return {.status = status, .headers = std::move(headers), .body = ""};
  }

  upload::UploadResponse store(const std::vector<http::Header>& headers, std::string_view body, bool partly) {
    const bool compressed =
        std::ranges::any_of(headers, [](const auto& header) { return header.name == "content-encoding"; });
    const std::string plain = compressed ? *upload::zstd_decompress(body, 16U << 20U) : std::string(body);
    const auto view = upload::scan_upload(plain);
    EXPECT_TRUE(view) << view.error().message;
    auto& mark = marks_[view->header.stream_id()];
    upload::UploadResponse answer;
    std::size_t left = partly ? (view->records.size() + 1) / 2 : view->records.size();
    for (const auto& record : view->records) {
      if (left-- == 0) break;
      if (record.seq <= mark) {
        answer.set_duplicates(answer.duplicates() + 1);
        continue;
      }
      mark = record.seq;
      ++stored_;
      if (record.kind == upload::RECORD_KIND_MESH_PACKET) take_packet(record.payload);
    }
    answer.set_durable_seq(mark);
    return answer;
  }
  void take_packet(std::string_view payload) {
    mesh::FromRadio message;
    EXPECT_TRUE(message.ParseFromArray(payload.data(), static_cast<int>(payload.size())));
    EXPECT_EQ(message.packet().id(), last_packet_ + 1);
    last_packet_ = message.packet().id();
    ++packets_;
  }

  TimeSource& time_;
  std::mt19937_64 random_;
  bool up_ = true;
  bool kept_up_ = false;
  std::map<std::string, std::uint64_t> marks_;  // highest seq of each stream
  std::uint64_t stored_ = 0;
  std::uint32_t packets_ = 0;
  std::uint32_t last_packet_ = 0;
  std::uint64_t duplicates_told_ = 0;
  std::array<int, kFaults> times_{};
};

// The way of an agent to it.
class FlappingPoster final : public Poster {
 public:
  explicit FlappingPoster(FlappingServer& server) : server_(server) {}
  boost::asio::awaitable<Result<http::ClientResponse>> post(std::string, std::vector<http::Header> headers,
                                                            std::string_view body) override {
    co_return co_await server_.handle(headers, body);
  }

 private:
  FlappingServer& server_;
};

}  // namespace mmm::agent
