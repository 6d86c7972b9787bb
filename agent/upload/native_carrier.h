#pragma once

#include "agent/upload/carrier.h"
#include "agent/upload/poster.h"
#include "core/async/time_source.h"

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <string>

namespace mmm::agent {

// Our own upload (docs/upload.md): every record, untouched. Bodies are built and compressed on the pool.
class NativeCarrier final : public Carrier {
 public:
  // An empty `api_key` is not sent. The references must outlive it.
  NativeCarrier(std::unique_ptr<Poster> poster, std::string api_key, boost::asio::thread_pool& pool, TimeSource& time)
      : poster_(std::move(poster)), api_key_(std::move(api_key)), pool_(pool), time_(time) {}

  [[nodiscard]] bool carries(const Record&) const override { return true; }
  [[nodiscard]] bool goes_with(const Record&, const Record&) const override { return true; }
  boost::asio::awaitable<Sent> send(const upload::UploadHeader& header, const std::vector<upload::RecordView>& records,
                                    bool compress) override;

 private:
  std::unique_ptr<Poster> poster_;
  std::string api_key_;
  boost::asio::thread_pool& pool_;
  TimeSource& time_;
};

}  // namespace mmm::agent
