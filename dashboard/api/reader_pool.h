#pragma once

#include "core/async/time_source.h"
#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/http/message.h"
#include "core/store/index/index_reader.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace mmm::dashboard {

// The threads that read the index for the API, each job with a connection of its own.
//
// Thread-safe. Bounds: limits::kApiReaders jobs at once, limits::kApiQuestionsMax waiting, limits::kApiQuestionMax
// for each.
class ReaderPool {
 public:
  // `time` must outlive the pool.
  static Result<std::unique_ptr<ReaderPool>> open(const std::filesystem::path& index_path, const TimeSource& time);
  ~ReaderPool();
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;

  using Job = std::function<Result<http::Response>(index::IndexReader&)>;
  // Runs the job on a pool thread and answers with what it returned; a failure becomes a problem document. What the job
  // refers to must live until it has run, also when the caller is cancelled.
  boost::asio::awaitable<http::Response> answer(Job job);

  using Question = std::function<Result<>(index::IndexReader&)>;
  // The same for what is no whole answer. Fails with kUnavailable when too many questions wait, kClosed after stop().
  boost::asio::awaitable<Result<>> ask(Question question);

  // Interrupts the jobs at hand and waits for their ends; later ones are answered 503.
  void stop();

 private:
  ReaderPool(std::filesystem::path index_path, const TimeSource& time);
  Result<> run(const Question& question);
  Result<std::unique_ptr<index::IndexReader>> take();
  void give_back(std::unique_ptr<index::IndexReader> reader);

  std::filesystem::path index_path_;
  const TimeSource& time_;
  boost::asio::thread_pool threads_{limits::kApiReaders};
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::vector<std::unique_ptr<index::IndexReader>> free_;
};

// The problem document for a failure below the API. The words of the failure go to the log: they name files of the
// host.
http::Response problem_of(const Error& error);

}  // namespace mmm::dashboard
