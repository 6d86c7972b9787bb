#include "dashboard/live/event_history.h"

#include "dashboard/live/live_client.h"

#include <gtest/gtest.h>

namespace mmm::dashboard {
namespace {

constexpr std::size_t kBytesMax = 10'000;

BuiltEvent packet_event(store::LogId id, std::uint32_t from, const char* type = "packet") {
  auto packet = std::make_shared<EventPacket>();
  packet->row.id = id;
  packet->row.from = from;
  packet->agents = {7};
  packet->text = fmt::format("packet {};", id);
  return {.id = id, .type = type, .text = fmt::format("{} {};", type, id), .packet = std::move(packet)};
}

index::PacketFilter from(std::uint32_t node) {
  return {{{.field = index::PacketField::kFrom, .ranges = {{node, node}}}}};
}

std::string missed(const EventHistory& history, store::LogId seen, const index::PacketFilter* filter) {
  LiveText text;
  if (!history.missed_since(seen, filter, kBytesMax, text)) return "none";
  return *text.bytes;
}

TEST(EventHistory, TellsAStreamWithAFilterOnlyWhatMatchesAndThenTheWholePacket) {
  EventHistory history(10);
  history.reset(1);
  history.add(packet_event(2, 100));
  history.add(packet_event(3, 200));
  history.add(packet_event(4, 100, "reception"));
  history.add({.id = 4, .type = "node", .repeatable = true, .text = "node;"});
  history.add({.id = 5, .type = kSkippedEvent, .text = "skipped;"});
  const auto filter = from(100);
  EXPECT_EQ(missed(history, 1, nullptr), "packet 2;packet 3;reception 4;node;skipped;");
  EXPECT_EQ(missed(history, 1, &filter), "packet 2;packet 4;skipped;");
  EXPECT_EQ(missed(history, 2, &filter), "packet 4;skipped;");
  EXPECT_EQ(missed(history, 4, &filter), "skipped;");
}

TEST(EventHistory, AsksAFilterForTheAgentsToo) {
  EventHistory history(10);
  history.reset(1);
  history.add(packet_event(2, 100));
  const index::PacketFilter seven{{{.field = index::PacketField::kAgent, .ranges = {{7, 7}}}}};
  const index::PacketFilter eight{{{.field = index::PacketField::kAgent, .ranges = {{8, 8}}}}};
  EXPECT_EQ(missed(history, 1, &seven), "packet 2;");
  EXPECT_EQ(missed(history, 1, &eight), "");
}

TEST(EventHistory, DoesNotReachBackBeyondWhatItForgot) {
  EventHistory history(2);
  history.reset(1);
  for (const store::LogId id : {2U, 3U, 4U}) history.add(packet_event(id, 100));
  EXPECT_EQ(missed(history, 1, nullptr), "none");
  EXPECT_EQ(missed(history, 2, nullptr), "packet 3;packet 4;");
}

}  // namespace
}  // namespace mmm::dashboard
