#pragma once

#include "core/async/time_source.h"
#include "core/base/result.h"
#include "core/upload/upload.pb.h"
#include "perf/sim/load/http_post.h"
#include "perf/sim/load/load_report.h"
#include "perf/sim/load/packet_pool.h"
#include "perf/sim/load/upload_body.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mmm::sim {

struct LoadOptions {
  boost::asio::ip::tcp::endpoint endpoint;
  std::string host;  // for the Host header
  std::string path;  // of the URL, before /api/v1/ingest
  std::string key;
  std::size_t agents = 32;
  std::size_t connections = 32;               // at most one for each agent
  std::size_t batch = 500;                    // records in an upload
  std::uint64_t records = 0;                  // stop when so many are sent, in whole uploads; 0: no limit
  std::chrono::duration<double> duration{0};  // 0: no limit
  double rate = 0;                            // records a second of all agents; 0: as fast as the server answers
  bool zstd = false;
  std::size_t nodes = 60;
  bool introduced = false;     // each node tells first who and where it is
  std::size_t receptions = 3;  // agents that report the same packet
  std::uint64_t seed = 1;
  // Backlog, as agents have it whose uplink was down: the records of the run were heard evenly over `span`, which ended
  // `age` before the start. Needs `records`. 0: they are heard as they are sent.
  std::chrono::microseconds span{0};
  std::chrono::microseconds age{0};
};

// Agents that upload what they "heard": each with a stream of its own, rising sequence numbers, and one upload
// outstanding. Groups of `receptions` agents report the same packets, each with its own SNR.
//
// Cost: bodies are encoded before the start and changed in place, so that the generator takes about 0.03 µs a record.
class Fleet {
 public:
  Fleet(boost::asio::any_io_executor executor, TimeSource& time, const LoadOptions& options);
  ~Fleet();

  // Introduces the agents, then sends until a limit is reached or stop() was called. Fails with what the server said
  // when it refuses an upload for good, and kUnavailable when an upload is not answered
  // for a minute, or no server is there at the start.
  boost::asio::awaitable<Result<LoadReport>> run();

  // Ends run() after the uploads that are under way.
  void stop() { stopping_ = true; }

 private:
  struct Agent;
  struct Connection;

  boost::asio::awaitable<void> introduce(Connection& connection);
  boost::asio::awaitable<void> send_loop(Connection& connection);
  boost::asio::awaitable<void> watch();
  // Sends until the server has it; false when the run is over before that.
  boost::asio::awaitable<bool> deliver(Connection& connection, Agent& agent, std::string_view first,
                                       std::string_view second, std::uint64_t last_seq, bool counted);
  boost::asio::awaitable<void> wait_before_retry(std::chrono::seconds retry_after, unsigned attempt);
  // When it was due; returns early when the run is ending.
  boost::asio::awaitable<SteadyTime> wait_for_turn();
  boost::asio::awaitable<void> pause_until(SteadyTime when);
  [[nodiscard]] bool ending() const { return stopping_ || !fatal_.empty(); }
  [[nodiscard]] bool take_batch();
  [[nodiscard]] bool has_sent_backlog(const Agent& agent) const;
  void note_answer(Agent& agent, const PostAnswer& answer, std::uint64_t last_seq, bool counted);
  void note_problem(std::string what, std::string text);
  void fill_header(Agent& agent, std::string& out);
  void set_body(const Agent& agent, UploadBody& body) const;
  [[nodiscard]] std::string introduction(const Agent& agent) const;

  boost::asio::any_io_executor executor_;
  TimeSource& time_;
  const LoadOptions options_;
  PacketPool pool_;
  const std::int64_t started_us_;
  const std::uint64_t run_seed_;  // of this run alone: another one starts new streams and sends other packets
  std::vector<std::unique_ptr<Agent>> agents_;
  std::vector<std::unique_ptr<Connection>> connections_;
  LoadReport report_;
  bool stopping_ = false;
  std::string fatal_;
  std::uint64_t batches_taken_ = 0;
  SteadyTime next_due_{};
  bool answered_ = false;  // by the server, ever
};

}  // namespace mmm::sim
