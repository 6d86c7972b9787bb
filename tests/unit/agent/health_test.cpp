#include "agent/report/health.h"

#include "agent/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using ::testing::HasSubstr;

Report two_radios() {
  Report report;
  report.agent_id = "hill-1";
  for (const char* name : {"meshtastic", "meshtastic_2"}) {
    RadioReport radio;
    radio.name = name;
    radio.link = "serial /dev/ttyUSB0";
    radio.link_status.state = upload::AgentStatus::LINK_STATE_READY;
    report.radios.push_back(std::move(radio));
  }
  return report;
}

TEST(AgentHealth, IsHealthyWithEveryRadioConnected) {
  const auto health = health_of(to_json(two_radios()));
  ASSERT_TRUE(health) << health.error().message;
  EXPECT_TRUE(health->alive);
  EXPECT_TRUE(health->ready);
  EXPECT_EQ(health->words, "healthy");
}

TEST(AgentHealth, ARadioThatIsAwayIsNoReasonToStartAgain) {
  Report report = two_radios();
  report.radios[1].link_status.state = upload::AgentStatus::LINK_STATE_DOWN;
  report.radios[1].link_status.reason = "no such device\x1b[2J";
  const auto health = health_of(to_json(report));
  ASSERT_TRUE(health) << health.error().message;
  EXPECT_TRUE(health->alive);
  EXPECT_FALSE(health->ready);
  EXPECT_EQ(health->words, "alive, not ready: [meshtastic_2] serial /dev/ttyUSB0 is down: no such device\\x1b[2J");
}

TEST(AgentHealth, ABufferThatTakesNothingIsSickWhateverTheRadiosDo) {
  Report report = two_radios();
  report.radios[0].link_status.state = upload::AgentStatus::LINK_STATE_CONNECTING;
  report.radios[1].buffer_failure = "disk I/O error";
  const auto health = health_of(to_json(report));
  ASSERT_TRUE(health) << health.error().message;
  EXPECT_FALSE(health->alive);
  EXPECT_FALSE(health->ready);
  EXPECT_EQ(health->words, "sick: the buffer of [meshtastic_2] takes no records: disk I/O error");
}

TEST(AgentHealth, WhatIsNoReportIsRefusedInWords) {
  for (const char* wrong : {"", "[]", "{}", "{\"radios\": 1}", "{\"radios\": [1]}", "{\"radios\": [{\"name\": 1}]}"}) {
    const auto health = health_of(wrong);
    ASSERT_FALSE(health) << wrong;
    EXPECT_THAT(health.error().message, HasSubstr("cannot be read"));
  }
}

}  // namespace
}  // namespace mmm::agent
