#include "core/http/serve/input_buffer.h"

#include "core/base/limits.h"

#include <cstring>

namespace mmm::http {

namespace {

// Holds nearly every head, and small enough for thousands of idle connections.
constexpr std::size_t kFirstCapacity = 4U << 10U;
static_assert(kFirstCapacity <= limits::kHttpHeaderBytesMax);

}  // namespace

InputBuffer::InputBuffer() : data_(std::make_unique_for_overwrite<char[]>(kFirstCapacity)), capacity_(kFirstCapacity) {}

boost::asio::mutable_buffer InputBuffer::prepare() {
  if (begin_ > 0 && capacity_ - end_ < capacity_ / 2) {
    std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_ && capacity_ < limits::kHttpHeaderBytesMax) {
    const std::size_t capacity = std::min(capacity_ * 2, limits::kHttpHeaderBytesMax);
    auto grown = std::make_unique_for_overwrite<char[]>(capacity);
    std::memcpy(grown.get(), data_.get(), end_);
    data_ = std::move(grown);
    capacity_ = capacity;
  }
  return {data_.get() + end_, capacity_ - end_};
}

void InputBuffer::consume(std::size_t bytes) {
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

}  // namespace mmm::http
