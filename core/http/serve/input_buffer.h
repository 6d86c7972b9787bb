#pragma once

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace mmm::http {

// Bytes read from a connection and not used yet. Grows up to a request's largest head; bodies go past it, straight to
// where they are kept.
class InputBuffer {
 public:
  InputBuffer();

  [[nodiscard]] std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  // Room for more bytes; moves or grows what there is as needed. Invalidates views. Full at the largest head.
  boost::asio::mutable_buffer prepare();
  void commit(std::size_t bytes) { end_ += bytes; }
  void consume(std::size_t bytes);

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace mmm::http
