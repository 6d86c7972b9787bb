#pragma once

#include "agent/buffer/record.h"
#include "agent/upload/answer.h"
#include "core/upload/upload_codec.h"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <vector>

namespace mmm::agent {

// Brings records to one server in the form that it understands.
//
// Concurrency: one upload at a time, on the thread that calls.
class Carrier {
 public:
  virtual ~Carrier() = default;

  // Whether the form has room for such a record. One that it has none for counts as filtered.
  [[nodiscard]] virtual bool carries(const Record& record) const = 0;
  // Whether the two, which it carries, can be acknowledged in one answer.
  [[nodiscard]] virtual bool goes_with(const Record& first, const Record& other) const = 0;

  struct Sent {
    Answer answer;
    std::size_t bytes = 0;  // of the body
  };
  // Sends the records, which rise by seq; without any it only asks whether the server would take some. `header` is
  // complete. The arguments must live until it returns.
  virtual boost::asio::awaitable<Sent> send(const upload::UploadHeader& header,
                                            const std::vector<upload::RecordView>& records, bool compress) = 0;
};

}  // namespace mmm::agent
