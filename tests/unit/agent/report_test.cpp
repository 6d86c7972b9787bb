#include "agent/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr WallTime kNow = from_micros(1'767'225'600'000'000);

Report made_report() {
  Report report;
  report.agent_id = "hill-1";
  report.version = "1.2.3";
  report.now = kNow;
  report.started = kNow - 3h;
  RadioReport radio;
  radio.name = "meshtastic";
  radio.link = "serial /dev/ttyUSB0";
  radio.link_status.state = upload::AgentStatus::LINK_STATE_DOWN;
  radio.link_status.reason = "no such device\x1b[2J";
  radio.buffer_bytes = 1'048'576;
  radio.uncommitted = 3;
  radio.buffer_failure = "disk I/O error";
  DestinationReport destination;
  destination.name = "group:site";
  destination.ledger = {.captured = 100, .delivered = 60, .duplicate = 2, .set_aside = 1, .filtered = 5, .dropped = 4};
  destination.oldest_waiting = kNow - 5min;
  destination.servers = {
      {.name = "near",
       .healthy = false,
       .serving = false,
       .accepted = {},
       .failed = kNow - 4s,
       .failure = "Connection refused"},
      {.name = "far", .healthy = true, .serving = true, .accepted = kNow - 1s, .failed = {}, .failure = ""}};
  destination.set_aside = {{.seq = 42, .refused = kNow - 2h, .reason = "no such kind\n\xff"}};
  radio.destinations.push_back(std::move(destination));
  report.radios.push_back(std::move(radio));
  return report;
}

TEST(AgentReport, IsReadByAPersonLineByLine) {
  const auto text = to_text(to_json(made_report()));
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_THAT(*text, HasSubstr("agent     hill-1 · 1.2.3 · up 3 h\n"));
  EXPECT_THAT(*text, HasSubstr("serial /dev/ttyUSB0 · down: no such device\\x1b[2J\n"));
  EXPECT_THAT(*text, HasSubstr("last packet never\n"));
  EXPECT_THAT(*text, HasSubstr("radio     not known yet\n"));
  EXPECT_THAT(*text,
              HasSubstr("buffer    1 MiB, 3 records not on disk yet\n          takes no records: disk I/O error\n"));
  EXPECT_THAT(*text, HasSubstr("to        group:site\n"));
  EXPECT_THAT(*text, HasSubstr("captured 100 = delivered 60 + set aside 1 + filtered 5 + dropped 4 + waiting 30\n"));
  EXPECT_THAT(*text, HasSubstr("of those delivered the server had 2 already\n"));
  EXPECT_THAT(*text, HasSubstr("the oldest that waits is from 5 min ago\n"));
  EXPECT_THAT(*text,
              HasSubstr("server near: not healthy, took records never; last failure 4 s ago: Connection refused\n"));
  EXPECT_THAT(*text, HasSubstr("server far: healthy, in use, took records 1 s ago\n"));
  EXPECT_THAT(*text, HasSubstr("set aside: record 42, 2 h ago: no such kind\\x0a\xef\xbf\xbd\n"));
  EXPECT_THAT(*text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(*text, Not(HasSubstr("[meshtastic]")));
}

TEST(AgentReport, TellsSeveralRadiosApart) {
  Report report = made_report();
  report.radios.push_back(report.radios.front());
  report.radios.back().name = "meshtastic_2";
  report.radios.back().link = "tcp 192.0.2.1:4403";
  const auto text = to_text(to_json(report));
  ASSERT_TRUE(text) << text.error().message;
  const auto second = text->find("\n[meshtastic_2]\nlink      tcp 192.0.2.1:4403 · down");
  ASSERT_NE(second, std::string::npos) << *text;
  EXPECT_LT(text->find("\n[meshtastic]\nlink      serial /dev/ttyUSB0"), second);
}

TEST(AgentReport, WhatIsNoReportIsRefusedInWords) {
  for (const char* wrong : {"", "[]", "{}", "{\"agent\": 1}", "not json", "{\"now_us\": \"x\"}"}) {
    const auto text = to_text(wrong);
    ASSERT_FALSE(text) << wrong;
    EXPECT_EQ(text.error().kind, ErrorKind::kMalformed);
  }
}

}  // namespace
}  // namespace mmm::agent
