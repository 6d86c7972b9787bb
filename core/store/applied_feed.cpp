#include "core/store/applied_feed.h"

#include "core/base/limits.h"

namespace mmm::store {

void AppliedFeed::watch(bool on) {
  std::lock_guard lock(mutex_);
  watched_.store(on, std::memory_order_relaxed);
  if (!on) batches_.clear();
}

void AppliedFeed::publish(AppliedBatch batch) {
  std::lock_guard lock(mutex_);
  if (!watched_.load(std::memory_order_relaxed)) return;
  if (batches_.size() >= limits::kAppliedFeedBatchesMax) {
    const AppliedBatch& oldest = batches_.front();
    skipped_ += oldest.packets.size() + oldest.receptions.size() + oldest.skipped;
    batches_.pop_front();
  }
  batches_.push_back(std::move(batch));
  changed_.notify_one();
}

std::optional<AppliedBatch> AppliedFeed::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [this] { return interrupted_ || !batches_.empty(); });
  if (interrupted_ || batches_.empty()) return std::nullopt;
  AppliedBatch batch = std::move(batches_.front());
  batches_.pop_front();
  batch.skipped += std::exchange(skipped_, 0);
  return batch;
}

void AppliedFeed::interrupt() {
  std::lock_guard lock(mutex_);
  interrupted_ = true;
  changed_.notify_all();
}

}  // namespace mmm::store
