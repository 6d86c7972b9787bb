#include "tests/unit/agent/uploader_fixture.h"

#include <random>

namespace mmm::agent {
namespace {

TEST_F(UploaderTest, BringsRecordsWithinSecondsInOneUpload) {
  start();
  put(10);
  pass(3s);
  expect_stored_once(10);
  EXPECT_EQ(fake[0].requests, 1);
  EXPECT_EQ(ledger().delivered, 10U);
  EXPECT_EQ(ledger().waiting(), 0U);
  EXPECT_EQ(fake[0].last_header.agent_id(), "agent-1");
  EXPECT_EQ(fake[0].last_header.stream_id().size(), 16U);
  EXPECT_EQ(fake[0].last_header.ledger().captured(), 10U);
  EXPECT_EQ(fake[0].last_header.ledger().waiting(), 10U);
  EXPECT_GT(fake[0].last_header.sent_us(), 0);
  EXPECT_TRUE(std::ranges::any_of(fake[0].last_headers, [](const auto& header) {
    return header.name == "authorization" && header.value == "Bearer KEY";
  }));
}

TEST_F(UploaderTest, ABacklogGoesAtFullSpeed) {
  start();
  fake[0].next_fault = [&] { return FakeServer::Fault::kUnreachable; };
  put(5000);
  pass(10min);
  EXPECT_TRUE(fake[0].stored.empty());
  fake[0].next_fault = nullptr;
  pass(61s);
  expect_stored_once(5000);
  pass(1s);
  EXPECT_EQ(ledger().delivered, 5000U);
}

TEST_F(UploaderTest, ALostAnswerGivesNoSecondCopyAndIsCounted) {
  start();
  int first = 2;
  fake[0].next_fault = [&] { return first-- > 0 ? FakeServer::Fault::kAnswerLost : FakeServer::Fault::kNone; };
  put(20);
  pass(1min);
  expect_stored_once(20);
  EXPECT_EQ(ledger().delivered, 20U);
  EXPECT_EQ(ledger().duplicate, 20U);
}

TEST_F(UploaderTest, OneBadRecordIsSetAsideAndTheOthersArrive) {
  start();
  fake[0].is_bad = [](std::string_view payload) { return payload == "payload 137"; };
  put(300);
  pass(1min);
  expect_stored_once(299);
  EXPECT_EQ(ledger().set_aside, 1U);
  EXPECT_EQ(ledger().delivered, 299U);
  put(1);
  pass(5s);
  expect_stored_once(300);
}

TEST_F(UploaderTest, WhatTheServerRefusesWithinABatchIsSetAside) {
  start();
  fake[0].is_refused = [](std::string_view payload) { return payload.ends_with("7"); };
  put(100);
  pass(10s);
  expect_stored_once(90);
  EXPECT_EQ(ledger().set_aside, 10U);
  EXPECT_EQ(ledger().delivered, 90U);
}

TEST_F(UploaderTest, AWrongKeyLosesNothingAndIsNotHammered) {
  start();
  fake[0].next_fault = [&] { return FakeServer::Fault::kUnauthorized; };
  put(10);
  pass(30min);
  EXPECT_LE(fake[0].requests, 30);
  EXPECT_EQ(ledger().waiting(), 10U);
  fake[0].next_fault = nullptr;
  pass(11min);
  expect_stored_once(10);
}

TEST_F(UploaderTest, ADeadServerDelaysNobodyElse) {
  start({}, 2);
  fake[0].next_fault = [&] { return FakeServer::Fault::kTimeout; };
  for (int i = 0; i < 10; ++i) {
    put(10);
    pass(3s);
    EXPECT_EQ(ledger(1).waiting(), 0U);
  }
  expect_stored_once(100, 1);
  EXPECT_TRUE(fake[0].stored.empty());
  fake[0].next_fault = nullptr;
  pass(2min);
  expect_stored_once(100, 0);
}

TEST_F(UploaderTest, FilteredRecordsAreCountedAndNotSent) {
  RecordFilter filter;
  filter.types.insert(PacketType::kPosition);
  start(filter);
  put(50);  // not even messages: nothing that a filter may let pass
  buffer->put({.kind = upload::RECORD_KIND_AGENT_STATUS, .arrival_us = 1, .payload = "status"});
  put(3);
  pass(10s);
  EXPECT_EQ(fake[0].stored.size(), 1U);
  EXPECT_EQ(ledger().filtered, 53U);
  EXPECT_EQ(ledger().delivered, 1U);
  put(5);
  pass(10s);
  EXPECT_EQ(ledger().filtered, 58U);
  EXPECT_EQ(fake[0].requests, 1);
}

TEST_F(UploaderTest, AServerWithoutZstdGetsPlainBodies) {
  start();
  fake[0].understands_zstd = false;
  put(100);
  pass(10s);
  expect_stored_once(100);
}

TEST_F(UploaderTest, DrainSendsWhatWaitsWithoutLingering) {
  start();
  pass(1s);
  put(5);
  pass(200ms);
  EXPECT_TRUE(fake[0].stored.empty());
  group->cancel();
  time.run(context, group->join());
  time.run(context, uploaders[0]->drain(time.steady() + 5s));
  expect_stored_once(5);
  fake[0].next_fault = [&] { return FakeServer::Fault::kUnreachable; };
  put(5);
  ASSERT_TRUE(time.run(context, buffer->flush()));
  const auto before = time.steady();
  time.run(context, uploaders[0]->drain(before + 5s));
  EXPECT_LT(time.steady() - before, 1s);
}

TEST_F(UploaderTest, AnAnswerThatRepeatsARefusalSetsTheRecordAsideOnce) {
  start();
  fake[0].is_refused = [](std::string_view payload) { return payload.ends_with("7"); };
  fake[0].refusals_of_each = 50;
  put(10);
  pass(1min);
  expect_stored_once(9);
  EXPECT_EQ(ledger().set_aside, 1U);
  EXPECT_EQ(ledger().waiting(), 0U);
}

// Whatever the network does, each record arrives once or is set aside, and the ledger adds up all the time.
TEST_F(UploaderTest, RandomFaultsNeitherLoseNorDoubleARecord) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::mt19937 random(seed);
    fake.clear();
    next = 0;
    std::filesystem::remove(directory / "records.db");
    start({}, 2);
    for (auto& server : fake) {
      server.next_fault = [&random] {
        return random() % 2 == 0 ? FakeServer::Fault::kNone : static_cast<FakeServer::Fault>(random() % 9);
      };
      server.is_bad = [](std::string_view payload) { return payload.ends_with("13"); };
      server.is_refused = [](std::string_view payload) { return payload.ends_with("77"); };
    }
    for (int step = 0; step < 40; ++step) {
      put(static_cast<int>(random() % 40));
      pass(std::chrono::milliseconds(random() % 20'000));
      for (std::size_t server = 0; server < 2; ++server) {
        const auto now = ledger(server);
        ASSERT_LE(now.delivered + now.set_aside + now.filtered + now.dropped, now.captured);
      }
    }
    for (auto& server : fake) server.next_fault = nullptr;
    pass(30min);
    int bad = 0;
    for (int i = 0; i < next; ++i) {
      const auto payload = "payload " + std::to_string(i);
      const bool is_bad = fake[0].is_bad(payload) || fake[0].is_refused(payload);
      bad += is_bad ? 1 : 0;
      for (auto& server : fake) ASSERT_EQ(server.stored.contains(payload), !is_bad) << payload;
    }
    for (std::size_t server = 0; server < 2; ++server) {
      expect_stored_once(next - bad, server);
      EXPECT_EQ(ledger(server).set_aside, static_cast<std::uint64_t>(bad));
      EXPECT_EQ(ledger(server).waiting(), 0U);
    }
    stop();
  }
}

}  // namespace
}  // namespace mmm::agent
