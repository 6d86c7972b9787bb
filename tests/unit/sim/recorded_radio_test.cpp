#include "perf/sim/radio/recorded_radio.h"

#include "core/mesh/frame_codec.h"
#include "core/mesh/from_radio.pb.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace mmm::sim {
namespace {

std::string recording(const std::string& name) {
  std::ifstream file(std::string(MMM_FIXTURES) + "/captures/" + name, std::ios::binary);
  EXPECT_TRUE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

void ask(RecordedRadio& radio, std::uint32_t nonce) {
  mesh::ToRadio message;
  message.set_want_config_id(nonce);
  radio.receive(message.SerializeAsString(), SteadyTime{});
}

std::vector<std::string> drain(RecordedRadio& radio) {
  std::vector<std::string> out;
  while (auto message = radio.next_message()) out.push_back(std::move(message->bytes));
  return out;
}

TEST(RecordedRadio, GivesTheRecordingWithTheNonceOfTheClient) {
  const std::string stream = recording("hs_full_A.d2c.bin");
  auto radio = RecordedRadio::parse(stream);
  ASSERT_TRUE(radio.has_value());
  EXPECT_EQ(radio->next_message(), std::nullopt);
  for (const std::uint32_t nonce : {1U, 4'000'000'000U}) {
    radio = RecordedRadio::parse(stream);
    ask(*radio, nonce);
    std::string again;
    std::size_t completes = 0;
    for (const std::string& bytes : drain(*radio)) {
      mesh::FromRadio message;
      ASSERT_TRUE(message.ParseFromString(bytes));
      if (message.has_config_complete_id()) {
        ++completes;
        EXPECT_EQ(message.config_complete_id(), nonce);
        continue;
      }
      ASSERT_TRUE(mesh::append_frame(again, bytes).has_value());
    }
    EXPECT_EQ(completes, 1U);
    // All but the frame with the nonce, byte for byte.
    EXPECT_EQ(again.size(), stream.size() - 4 - 1 - 5);
    EXPECT_TRUE(stream.starts_with(again.substr(0, 1000)));
  }
  EXPECT_EQ(radio->own_num(), 0x6881850EU);
}

TEST(RecordedRadio, InStepsItWaitsAfterTheConfiguration) {
  auto radio = RecordedRadio::parse(recording("mesh2_A.d2c.bin"));
  ASSERT_TRUE(radio.has_value());
  radio->set_step(true);
  ask(*radio, 5);
  const auto config = drain(*radio);
  EXPECT_TRUE(radio->session_ready());
  EXPECT_FALSE(radio->drained());
  radio->release();
  EXPECT_EQ(drain(*radio).size(), 1U);
  ask(*radio, 6);
  EXPECT_EQ(drain(*radio).size(), config.size());
}

TEST(RecordedRadio, PlaysWhatFollowsTheConfigurationOnceAndAnswersHeartbeats) {
  auto radio = RecordedRadio::parse(recording("mesh2_A.d2c.bin"));
  ASSERT_TRUE(radio.has_value());
  ask(*radio, 5);
  const std::size_t whole = drain(*radio).size();
  ask(*radio, 6);
  EXPECT_LT(drain(*radio).size(), whole);
  mesh::ToRadio heartbeat;
  heartbeat.mutable_heartbeat();
  radio->receive(heartbeat.SerializeAsString(), SteadyTime{});
  const auto answers = drain(*radio);
  ASSERT_EQ(answers.size(), 1U);
  mesh::FromRadio answer;
  ASSERT_TRUE(answer.ParseFromString(answers[0]));
  EXPECT_TRUE(answer.has_queue_status());
}

TEST(RecordedRadio, RefusesARecordingWithoutAHandshake) {
  const auto radio = RecordedRadio::parse("no frames here");
  ASSERT_FALSE(radio.has_value());
  EXPECT_EQ(radio.error().kind, ErrorKind::kMalformed);
}

}  // namespace
}  // namespace mmm::sim
