#pragma once

#include "agent/upload/carrier.h"
#include "agent/upload/poster.h"
#include "core/async/time_source.h"
#include "core/http/message.h"

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <string>

namespace mmm::agent {

// The JSON of the Python version's agents (docs/python-compatibility.md): packets that were heard on the air go to
// /api/agent/data, what the radio knows of nodes to /api/agent/nodedb; an upload holds records of one kind, so that
// each is acknowledged by itself. Registers the agent once, before the first of them.
class LegacyCarrier final : public Carrier {
 public:
  // As many packets as an agent of the Python version posts at once: what its server was used with.
  static constexpr std::size_t kRecordsMax = 100;

  // An empty `api_key` is not sent. The references must outlive it.
  LegacyCarrier(std::unique_ptr<Poster> poster, std::string api_key, boost::asio::thread_pool& pool, TimeSource& time)
      : poster_(std::move(poster)), api_key_(std::move(api_key)), pool_(pool), time_(time) {}

  // Of packets those that were heard on the air now: the format cannot mark what was not, and it would count as heard.
  // What the agent says of itself and its radio has no place in the format.
  [[nodiscard]] bool carries(const Record& record) const override;
  [[nodiscard]] bool goes_with(const Record& first, const Record& other) const override {
    return first.kind == other.kind;
  }
  boost::asio::awaitable<Sent> send(const upload::UploadHeader& header, const std::vector<upload::RecordView>& records,
                                    bool compress) override;

 private:
  boost::asio::awaitable<Sent> post(std::string path, const std::string& body, std::uint64_t last_seq);

  std::unique_ptr<Poster> poster_;
  std::string api_key_;
  boost::asio::thread_pool& pool_;
  TimeSource& time_;
  bool registered_ = false;
};

}  // namespace mmm::agent
