#include "dashboard/live/live_text.h"

#include "core/base/limits.h"

namespace mmm::dashboard {

std::vector<LiveText> in_pieces(const std::vector<BuiltEvent>& events, const index::PacketFilter* filter) {
  std::vector<LiveText> pieces;
  std::string text;
  std::size_t count = 0;
  const auto end_piece = [&] {
    if (count == 0) return;
    pieces.push_back({.bytes = std::make_shared<const std::string>(std::move(text)), .events = count});
    text.clear();
    count = 0;
  };
  for (const BuiltEvent& event : events) {
    const std::string* sent = text_for(event, filter);
    if (sent == nullptr) continue;
    if (text.size() + sent->size() > limits::kLivePieceBytes) end_piece();
    text += *sent;
    ++count;
  }
  end_piece();
  return pieces;
}

LiveText single(std::string text) {
  return {.bytes = std::make_shared<const std::string>(std::move(text)), .events = 1};
}

LiveText place_text(store::LogId id) {
  return {.bytes = std::make_shared<const std::string>(fmt::format("id: {}\n\n", id)), .events = 0};
}

}  // namespace mmm::dashboard
