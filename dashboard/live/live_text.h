#pragma once

#include "dashboard/live/event_builder.h"
#include "dashboard/live/event_history.h"

#include <string>
#include <vector>

namespace mmm::dashboard {

// The events' texts, joined to pieces that are handed to every client of that filter; null: everything.
std::vector<LiveText> in_pieces(const std::vector<BuiltEvent>& events, const index::PacketFilter* filter);

// One event.
LiveText single(std::string text);

// Moves a client's place and tells it nothing.
LiveText place_text(store::LogId id);

}  // namespace mmm::dashboard
