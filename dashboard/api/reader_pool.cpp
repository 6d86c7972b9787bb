#include "dashboard/api/reader_pool.h"

#include "core/async/offload.h"
#include "core/log/log.h"

namespace mmm::dashboard {

ReaderPool::ReaderPool(std::filesystem::path index_path, const TimeSource& time)
    : index_path_(std::move(index_path)), time_(time) {}

ReaderPool::~ReaderPool() {
  stop();
}

Result<std::unique_ptr<ReaderPool>> ReaderPool::open(const std::filesystem::path& index_path, const TimeSource& time) {
  std::unique_ptr<ReaderPool> pool(new ReaderPool(index_path, time));
  for (unsigned i = 0; i < limits::kApiReaders; ++i) {
    auto reader = index::IndexReader::open(index_path);
    if (!reader) return fail(reader.error());
    pool->free_.push_back(std::move(*reader));
  }
  return pool;
}

Result<std::unique_ptr<index::IndexReader>> ReaderPool::take() {
  std::unique_ptr<index::IndexReader> reader;
  {
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      reader = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (!reader) return index::IndexReader::open(index_path_);
  if (auto fresh = reader->refresh(); !fresh) return fail(fresh.error());
  return reader;
}

void ReaderPool::give_back(std::unique_ptr<index::IndexReader> reader) {
  std::lock_guard lock(mutex_);
  if (free_.size() < limits::kApiReaders) free_.push_back(std::move(reader));
}

Result<> ReaderPool::run(const Question& question) {
  auto reader = take();
  if (!reader) return fail(reader.error());
  const SteadyTime deadline = time_.steady() + limits::kApiQuestionMax;
  (*reader)->interrupt_when([this, deadline] { return stopped_ || time_.steady() > deadline; });
  auto done = question(**reader);
  (*reader)->interrupt_when(nullptr);
  // After a failure the connection may be in the middle of something, or its file gone: the next job opens another.
  if (done) give_back(std::move(*reader));
  return done;
}

boost::asio::awaitable<Result<>> ReaderPool::ask(Question question) {
  if (stopped_) co_return fail(ErrorKind::kClosed, "the server is stopping");
  if (waiting_.fetch_add(1) >= limits::kApiQuestionsMax) {
    waiting_.fetch_sub(1);
    co_return fail(ErrorKind::kUnavailable, "too many questions wait for an answer");
  }
  // The place is given back where the job ends: a cancelled caller does not wait for it.
  auto work = [this, question = std::move(question)]() -> Result<> {
    auto done = run(question);
    waiting_.fetch_sub(1);
    return done;
  };
  co_return co_await offload(threads_, std::move(work));
}

boost::asio::awaitable<http::Response> ReaderPool::answer(Job job) {
  if (stopped_)
    co_return http::problem_retry_after(503, "Stopping", "The server is stopping; try again in a moment.", 5);
  if (waiting_ >= limits::kApiQuestionsMax) {
    co_return http::problem_retry_after(503, "Too busy", "Too many questions wait for an answer; try again soon.", 1);
  }
  auto response = std::make_shared<http::Response>();
  auto question = [response, job = std::move(job)](index::IndexReader& reader) -> Result<> {
    auto made = job(reader);
    if (!made) return fail(made.error());
    *response = std::move(*made);
    return {};
  };
  auto asked = co_await ask(std::move(question));
  if (!asked) co_return problem_of(asked.error());
  co_return std::move(*response);
}

void ReaderPool::stop() {
  if (stopped_.exchange(true)) return;
  threads_.join();
}

http::Response problem_of(const Error& error) {
  if (error.kind == ErrorKind::kTimeout) {
    return http::problem(503, "Question too expensive",
                         "Too many rows would have to be looked at: narrow the question, for example to a node, a port "
                         "or a shorter time.");
  }
  log::error("dashboard/api", "a question could not be answered: {}", error.message);
  if (error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kCorrupt ||
      error.kind == ErrorKind::kNotFound) {
    return http::problem_retry_after(503, "Index not available",
                                     "The index is being built again from the packet log; try again in a moment.", 5);
  }
  return http::problem(500, "Internal error", "The index could not be read; the server's log says why.");
}

}  // namespace mmm::dashboard
