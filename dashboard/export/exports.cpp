#include "dashboard/export/exports.h"

#include "core/log/log.h"
#include "dashboard/export/gzip_stream.h"
#include "metrics/catalog_server.h"

namespace mmm::dashboard {
namespace server = metrics::server;

namespace {

constexpr auto kRetryEvery = std::chrono::milliseconds(200);

}  // namespace

Exports::Probe::Probe(metrics::Registry& registry)
    : whole(registry.counter(server::kExports, {{"outcome", "whole"}})),
      cut(registry.counter(server::kExports, {{"outcome", "cut"}})),
      failed(registry.counter(server::kExports, {{"outcome", "failed"}})),
      refused(registry.counter(server::kExports, {{"outcome", "refused"}})),
      bytes(registry.counter(server::kExportBytes)) {}

// One of the exports that may run; given back when the response is gone, sent or not.
class Exports::Place {
 public:
  explicit Place(std::atomic<std::size_t>& open) : open_(open) {}
  ~Place() { open_.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::atomic<std::size_t>& open_;
};

// The source and what it gave last: used by one thread at a time, a reader's or the connection's.
struct Exports::Running {
  Running(std::atomic<std::size_t>& open, std::unique_ptr<ExportSource> from, bool compressed)
      : place(open), source(std::move(from)) {
    if (compressed) gzip.emplace();
  }
  Place place;
  std::unique_ptr<ExportSource> source;
  std::optional<GzipStream> gzip;
  std::string piece;
  bool more = true;
};

// How an export ended, counted when it has. A client that goes away ends it wherever it waits, and nothing more is
// said.
class Exports::Ending {
 public:
  explicit Ending(prometheus::Counter& otherwise) : counter_(&otherwise) {}
  ~Ending() { counter_->Increment(); }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;
  void is(prometheus::Counter& counter) { counter_ = &counter; }

 private:
  prometheus::Counter* counter_;
};

Exports::Exports(ReaderPool& readers, TimeSource& time, metrics::Registry& registry)
    : readers_(readers), time_(time), probe_(registry) {}

http::Response Exports::open(std::unique_ptr<ExportSource> source, ExportFile file) {
  if (open_.fetch_add(1) >= limits::kExportsMax) {
    open_.fetch_sub(1);
    probe_.refused.Increment();
    return http::problem_retry_after(503, "Too many exports",
                                     "As many exports as may run at one time do; try again when one has ended.", 10);
  }
  auto running = std::make_shared<Running>(open_, std::move(source), file.gzip);
  http::Response response;
  response.headers.push_back({"Content-Type", std::move(file.content_type)});
  response.headers.push_back({"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file.name)});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"Vary", "Accept-Encoding"});
  if (file.gzip) response.headers.push_back({"Content-Encoding", "gzip"});
  response.stream = [this, running](http::StreamWriter& writer) { return send(running, writer); };
  return response;
}

boost::asio::awaitable<Result<>> Exports::next_piece(std::shared_ptr<Running> running) {
  const SteadyTime deadline = time_.steady() + limits::kExportWaitMax;
  for (;;) {
    running->piece.clear();
    // Compressed where it was read, so that the connection's thread stays free.
    auto question = [running](index::IndexReader& reader) -> Result<> {
      auto more = running->source->next(reader, running->piece);
      if (!more) return fail(more.error());
      running->more = *more;
      if (!running->gzip) return {};
      running->piece = running->gzip->add(running->piece);
      if (!running->more) running->piece += running->gzip->finish();
      return {};
    };
    auto asked = co_await readers_.ask(std::move(question));
    if (asked || asked.error().kind != ErrorKind::kUnavailable || time_.steady() >= deadline) co_return asked;
    co_await time_.sleep_for(kRetryEvery);
  }
}

boost::asio::awaitable<void> Exports::send(std::shared_ptr<Running> running, http::StreamWriter& writer) {
  Ending ending(probe_.cut);
  while (running->more) {
    auto read = co_await next_piece(running);
    if (!read) {
      log::warning("dashboard/export", "an export is broken off: {}", read.error().message);
      ending.is(probe_.failed);
      writer.set_broken();
      co_return;
    }
    if (running->piece.empty()) continue;
    auto written = co_await writer.write(running->piece);
    if (!written) co_return;
    probe_.bytes.Increment(static_cast<double>(running->piece.size()));
  }
  ending.is(probe_.whole);
}

}  // namespace mmm::dashboard
