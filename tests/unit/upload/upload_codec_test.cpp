#include "core/upload/upload_codec.h"

#include "core/base/limits.h"
#include "tests/support/sample_upload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace mmm::upload {
namespace {

using test::sample_header;
using test::sample_records;
using ::testing::HasSubstr;

std::string body_of(const UploadRequest& request) {
  return request.SerializeAsString();
}

UploadRequest sample_request(std::size_t records) {
  UploadRequest request;
  *request.mutable_header() = sample_header();
  for (std::size_t i = 0; i < records; ++i) {
    Record& record = *request.add_records();
    record.set_seq(i + 1);
    record.set_arrival_us(1'700'000'000'000'000 + static_cast<std::int64_t>(i));
    record.set_kind(RECORD_KIND_MESH_PACKET);
    record.set_payload("payload " + std::to_string(i));
  }
  return request;
}

ErrorKind failure_of(const UploadRequest& request, std::string_view expected) {
  const std::string body = body_of(request);
  auto view = scan_upload(body);
  EXPECT_FALSE(view);
  if (view) return ErrorKind::kCancelled;
  EXPECT_THAT(view.error().message, HasSubstr(expected));
  return view.error().kind;
}

TEST(UploadScan, ReadsWhatProtobufWrote) {
  const UploadRequest request = sample_request(700);
  const std::string body = body_of(request);
  auto view = scan_upload(body);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->header.SerializeAsString(), request.header().SerializeAsString());
  ASSERT_EQ(view->records.size(), 700U);
  for (std::size_t i = 0; i < 700; ++i) {
    const Record& expected = request.records(static_cast<int>(i));
    EXPECT_EQ(view->records[i].seq, expected.seq());
    EXPECT_EQ(view->records[i].arrival_us, expected.arrival_us());
    EXPECT_EQ(view->records[i].kind, expected.kind());
    EXPECT_EQ(view->records[i].payload, expected.payload());
  }
  EXPECT_EQ(view->last_seq, 700U);
  EXPECT_TRUE(view->refused.empty());
}

TEST(UploadEncode, WritesWhatProtobufReads) {
  auto records = sample_records(3);
  records[1].arrival_us = -5;                                  // before 1970: ten bytes on the wire
  records[2].kind = static_cast<RecordKind>(123'456);          // a kind of a later version
  records[2].seq = std::numeric_limits<std::uint64_t>::max();  // ten bytes too
  const std::string body = encode_upload(sample_header(), records);
  UploadRequest request;
  ASSERT_TRUE(request.ParseFromString(body));
  EXPECT_EQ(request.header().SerializeAsString(), sample_header().SerializeAsString());
  ASSERT_EQ(request.records_size(), 3);
  EXPECT_EQ(request.records(1).arrival_us(), -5);
  EXPECT_EQ(static_cast<int>(request.records(2).kind()), 123'456);
  EXPECT_EQ(request.records(2).seq(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(request.records(0).payload(), records[0].payload);
}

TEST(UploadScan, TakesAnUploadWithoutRecords) {
  const std::string body = encode_upload(sample_header(), {});
  auto view = scan_upload(body);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_TRUE(view->records.empty());
  EXPECT_EQ(view->last_seq, 0U);
}

TEST(UploadScan, KeepsKindsOfLaterVersionsAndSkipsUnknownFields) {
  UploadRequest request = sample_request(2);
  request.mutable_records(0)->set_kind(static_cast<RecordKind>(77));
  std::string body = body_of(request);
  body += std::string("\xA2\x06\x03xyz", 6);           // field 100, bytes
  body += std::string("\xA8\x06\x05", 3);              // field 101, varint
  body += std::string("\xB5\x06\x01\x02\x03\x04", 6);  // field 102, fixed32
  auto view = scan_upload(body);
  ASSERT_TRUE(view) << view.error().message;
  ASSERT_EQ(view->records.size(), 2U);
  EXPECT_EQ(static_cast<int>(view->records[0].kind), 77);
}

TEST(UploadScan, SetsSingleRecordsAsideWithAReason) {
  UploadRequest request = sample_request(4);
  request.mutable_records(0)->clear_kind();
  request.mutable_records(1)->clear_payload();
  request.mutable_records(3)->set_payload(std::string(limits::kRecordPayloadBytesMax + 1, 'x'));
  const std::string body = body_of(request);
  auto view = scan_upload(body);
  ASSERT_TRUE(view) << view.error().message;
  ASSERT_EQ(view->records.size(), 1U);
  EXPECT_EQ(view->records[0].seq, 3U);
  ASSERT_EQ(view->refused.size(), 3U);
  EXPECT_EQ(view->refused[0].seq, 1U);
  EXPECT_THAT(view->refused[0].reason, HasSubstr("no kind"));
  EXPECT_THAT(view->refused[1].reason, HasSubstr("empty"));
  EXPECT_EQ(view->refused[2].seq, 4U);
  EXPECT_THAT(view->refused[2].reason, HasSubstr("at most 4194304"));
  EXPECT_EQ(view->last_seq, 4U);
}

TEST(UploadScan, RefusesSeqsThatDoNotRise) {
  UploadRequest zero = sample_request(1);
  zero.mutable_records(0)->clear_seq();
  EXPECT_EQ(failure_of(zero, "record 0 has seq 0"), ErrorKind::kInvalidArgument);
  UploadRequest same = sample_request(3);
  same.mutable_records(2)->set_seq(2);
  EXPECT_EQ(failure_of(same, "record 2 has seq 2 after seq 2"), ErrorKind::kInvalidArgument);
  // A refused record counts for the order too.
  UploadRequest refused = sample_request(2);
  refused.mutable_records(0)->clear_kind();
  refused.mutable_records(0)->set_seq(9);
  EXPECT_EQ(failure_of(refused, "record 1 has seq 2 after seq 9"), ErrorKind::kInvalidArgument);
}

TEST(UploadScan, RefusesBadHeaders) {
  auto with = [](auto change) {
    UploadRequest request = sample_request(1);
    change(*request.mutable_header());
    return request;
  };
  EXPECT_EQ(failure_of(with([](auto& h) { h.clear_agent_id(); }), "agent id"), ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.set_agent_id("a b"); }), "agent id"), ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.set_agent_id(std::string(65, 'a')); }), "agent id"), ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.set_stream_id("short"); }), "stream id has 5 bytes"),
            ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.set_radio("a b"); }), "radio's name"), ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.set_radio(std::string(65, 'a')); }), "radio's name"),
            ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.add_radios(""); }), "radios"), ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) {
                         for (int i = 0; i < 17; ++i) h.add_radios("meshtastic");
                       }),
                       "radios must name at most 16"),
            ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.mutable_location()->set_latitude(91); }), "latitude"),
            ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.mutable_location()->set_longitude(std::nan("")); }), "longitude"),
            ErrorKind::kMalformed);
  EXPECT_EQ(failure_of(with([](auto& h) { h.mutable_location()->set_name(std::string(129, 'x')); }), "name"),
            ErrorKind::kTooLarge);
  EXPECT_EQ(failure_of(with([](auto& h) { h.set_agent_version(std::string(20'000, 'x')); }), "header"),
            ErrorKind::kTooLarge);
  UploadRequest none = sample_request(1);
  none.clear_header();
  EXPECT_EQ(failure_of(none, "no header"), ErrorKind::kMalformed);
  const std::string twice = body_of(sample_request(1)) + body_of(sample_request(0));
  EXPECT_EQ(scan_upload(twice).error().kind, ErrorKind::kMalformed);
}

TEST(UploadScan, BoundsTheNumberOfRecords) {
  EXPECT_TRUE(scan_upload(body_of(sample_request(limits::kUploadRecordsMax))));
  EXPECT_EQ(failure_of(sample_request(limits::kUploadRecordsMax + 1), "more than 5000 records"), ErrorKind::kTooLarge);
}

TEST(UploadScan, EveryCutOffBodyIsAnErrorOrAShorterUpload) {
  const std::string body = body_of(sample_request(5));
  for (std::size_t size = 0; size < body.size(); ++size) {
    const std::string cut = body.substr(0, size);  // its own allocation, so that a sanitizer sees reads beyond it
    auto view = scan_upload(cut);
    if (view) {
      EXPECT_LT(view->records.size(), 5U);
    } else {
      EXPECT_NE(view.error().kind, ErrorKind::kTooLarge);
    }
  }
}

TEST(UploadScan, AgreesWithProtobufOnDamagedBodies) {
  const std::string body = body_of(sample_request(20));
  std::mt19937 random(7);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = body;
    for (unsigned i = 0; i <= random() % 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    auto view = scan_upload(damaged);
    if (!view) continue;
    ++accepted;
    // What we accept protobuf reads the same way.
    UploadRequest request;
    ASSERT_TRUE(request.ParseFromString(damaged));
    ASSERT_EQ(view->records.size() + view->refused.size(), static_cast<std::size_t>(request.records_size()));
    for (const RecordView& record : view->records) {
      const auto same = [&record](const Record& other) {
        return other.seq() == record.seq && other.arrival_us() == record.arrival_us && other.kind() == record.kind &&
               other.payload() == record.payload;
      };
      EXPECT_TRUE(std::ranges::any_of(request.records(), same)) << "round " << round;
    }
  }
  EXPECT_GT(accepted, 1000);  // damage inside payloads
}

TEST(UploadCopy, KeepsTheChosenRecordsByteForByte) {
  UploadRequest request = sample_request(3);
  std::string extended = request.records(2).SerializeAsString() + std::string("\xA2\x06\x03xyz", 6);
  request.mutable_records()->RemoveLast();
  std::string body = body_of(request);
  body += '\x12';
  body += static_cast<char>(extended.size());
  body += extended;
  auto view = scan_upload(body);
  ASSERT_TRUE(view) << view.error().message;
  const std::string copy = copy_upload(view->header_bytes, std::span(view->record_fields).subspan(1));
  auto again = scan_upload(copy);
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again->records.size(), 2U);
  EXPECT_EQ(again->records[0].seq, 2U);
  EXPECT_EQ(again->header_bytes, view->header_bytes);
  EXPECT_TRUE(copy.ends_with(extended));
}

}  // namespace
}  // namespace mmm::upload
