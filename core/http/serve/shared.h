#pragma once

#include "core/http/router.h"
#include "core/http/serve/byte_budget.h"
#include "core/http/server.h"

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

namespace mmm::http {

// What all connections of a server share. Only read while it runs, but for the atomics.
struct Shared {
  Shared(ServerOptions its_options, const Router& its_router, RequestObserver its_observer)
      : options(std::move(its_options)),
        router(its_router),
        observer(std::move(its_observer)),
        bodies(options.body_bytes_total_max),
        answers(options.answer_bytes_total_max) {}

  const ServerOptions options;
  const Router& router;
  const RequestObserver observer;
  ByteBudget bodies;
  // Of their own, so that whoever does not read cannot keep agents from uploading.
  ByteBudget answers;
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> refusals{0};  // connections that are being turned away
};

// One of the connections that are counted; moves with the connection.
class ConnectionSlot {
 public:
  explicit ConnectionSlot(std::atomic<std::size_t>& count) : count_(&count) { ++count; }
  ConnectionSlot(ConnectionSlot&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  ConnectionSlot& operator=(ConnectionSlot&&) = delete;
  ~ConnectionSlot() {
    if (count_ != nullptr) --*count_;
  }

 private:
  std::atomic<std::size_t>* count_;
};

}  // namespace mmm::http
