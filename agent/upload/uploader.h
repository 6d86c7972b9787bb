#pragma once

#include "agent/buffer/buffer_service.h"
#include "agent/upload/carrier.h"
#include "agent/upload/filter.h"
#include "agent/upload/policy.h"
#include "core/async/backoff.h"
#include "core/async/signal.h"
#include "core/async/time_source.h"
#include "core/upload/upload_codec.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mmm::agent {

struct UploadProbe {
  std::array<prometheus::Counter*, kOutcomes> outcomes;
  prometheus::Histogram* seconds;
  prometheus::Counter* bytes;
  prometheus::Counter* records;
  prometheus::Gauge* healthy;
  prometheus::Gauge* serving;

  static UploadProbe make(metrics::Registry& registry, const std::string& radio, const std::string& server);
};

// One server of a destination.
struct UploadServer {
  std::string name;  // for the log
  std::unique_ptr<Carrier> carrier;
  UploadPolicyOptions policy;
  UploadProbe probe;
  // A lasting failure is said again after so many further attempts; 0: never.
  unsigned log_every_failures = 3;
};

// How a server stands, for people.
struct ServerHealth {
  std::string name;
  bool healthy = false;
  bool serving = false;  // records go there
  std::optional<WallTime> accepted;
  std::optional<WallTime> failed;
  std::string failure;  // the last one's reason
};

struct UploaderOptions {
  std::string name;             // of the destination, for the log
  std::string log_prefix{};     // before each line of the log; empty, or which radio it is about and a space
  std::size_t destination = 0;  // its place in the buffer
  RecordFilter filter;
  std::uint64_t seed = 0;
};

// Brings the buffer's records to one destination, in order, each acknowledged before the cursor moves. Other
// destinations go on whatever happens to this one.
//
// A destination is one server, or several that get each record once between them: records go to the first that is
// healthy. While a better one is not, it is asked from time to time whether it would take some; as soon as it would,
// records go there again. What a server has missed meanwhile the others have: it sees a gap in the numbers, which is
// normal. An answer that was lost can leave a record with two of them.
//
// Concurrency: one thread, the executor's. The references must outlive run().
class Uploader {
 public:
  // `servers`: at least one, in the order in which they are preferred; all carry the same records. `header` gives what
  // an upload says about the agent; stream, ledger and time are filled in here.
  Uploader(const boost::asio::any_io_executor& executor, UploaderOptions options, BufferService& buffer,
           std::vector<UploadServer> servers, TimeSource& time, std::function<upload::UploadHeader()> header);

  // Runs until it is cancelled.
  boost::asio::awaitable<void> run();
  // Asks better servers than the one that serves whether they are back; runs beside run() until it is cancelled.
  boost::asio::awaitable<void> run_probes();
  // Sends what waits without lingering, until nothing waits, the server does not take it, or the deadline has come.
  // For an orderly end, after run() and run_probes() have ended.
  boost::asio::awaitable<void> drain(SteadyTime deadline);

  // Of each server, in the order in which they are preferred.
  [[nodiscard]] std::vector<ServerHealth> health() const;

 private:
  struct Server {
    UploadServer its;
    UploadPolicy policy;
    unsigned failures_in_a_row = 0;
    bool busy = false;  // an upload is on its way
    std::optional<WallTime> accepted;
    std::optional<WallTime> failed;
    std::string failure;
  };
  // Marks a server as busy for as long as it lives.
  struct Turn;

  [[nodiscard]] std::uint64_t waiting() const;
  [[nodiscard]] bool wants(const Record& record) const;
  Server& next_server();
  Server* to_probe();
  void tell_policies();
  boost::asio::awaitable<void> upload_next(Server& server);
  boost::asio::awaitable<void> probe(Server& server);
  boost::asio::awaitable<Answer> send(Server& server, const Batch& batch,
                                      const std::vector<upload::RecordView>& records);
  boost::asio::awaitable<void> settle(Server& server, const Batch& batch, const std::vector<upload::RecordView>& sent,
                                      Answer answer);
  boost::asio::awaitable<void> acknowledge(const Batch& batch, Acknowledgement acknowledgement,
                                           std::uint64_t last_sent_seq);
  void cut_to_one_upload(std::vector<StoredRecord>& records) const;
  void buffer_failed();
  void say(Server& server, const Answer& answer, UploadPolicy::Next next, std::size_t records);
  void health_may_have_changed();

  UploaderOptions options_;
  BufferService& buffer_;
  TimeSource& time_;
  std::function<upload::UploadHeader()> header_;
  std::vector<Server> servers_;
  Server* serving_;  // where records go, as the log says
  Backoff buffer_backoff_;
  SteadyTime buffer_not_before_{};
  Signal health_changed_;
};

}  // namespace mmm::agent
