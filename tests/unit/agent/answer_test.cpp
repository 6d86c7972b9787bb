#include "agent/upload/answer.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

const WallTime kNow = from_micros(1'767'225'600'000'000);  // 2026-01-01T00:00:00Z

Answer of(int status, std::vector<http::Header> headers = {}, std::string body = "") {
  return interpret(http::ClientResponse{.status = status, .headers = std::move(headers), .body = std::move(body)}, 10,
                   kNow);
}

const std::vector<http::Header> kProblem{{.name = "content-type", .value = "application/problem+json"}};

TEST(Answer, ReadsWhatTheServerKept) {
  upload::UploadResponse response;
  response.set_durable_seq(12);
  response.set_duplicates(1);
  const auto answer = of(200, {}, response.SerializeAsString());
  EXPECT_EQ(answer.outcome, Outcome::kAccepted);
  EXPECT_EQ(answer.response.durable_seq(), 12U);
}

TEST(Answer, ALoginPageIsNoAcknowledgement) {
  EXPECT_EQ(of(200, {}, "<html>log in</html>").outcome, Outcome::kServerError);
  EXPECT_EQ(of(200).outcome, Outcome::kServerError);
  upload::UploadResponse nothing_kept;
  nothing_kept.set_durable_seq(9);
  EXPECT_EQ(of(200, {}, nothing_kept.SerializeAsString()).outcome, Outcome::kServerError);
}

TEST(Answer, OnlyOurServersRefusalSetsRecordsAside) {
  const std::string body = R"({"title":"bad record","detail":"kind 99 is unknown"})";
  for (const int status : {400, 413, 422}) {
    const auto answer = of(status, kProblem, body);
    EXPECT_EQ(answer.outcome, Outcome::kRefused) << status;
    EXPECT_NE(answer.reason.find("bad record: kind 99 is unknown"), std::string::npos);
  }
  EXPECT_EQ(of(400, {}, "<html>proxy</html>").outcome, Outcome::kServerError);
  EXPECT_EQ(of(422).outcome, Outcome::kServerError);
  EXPECT_EQ(of(413, {}, "<html>nginx</html>").outcome, Outcome::kTooLarge);
}

TEST(Answer, TellsTheOtherAnswersApart) {
  EXPECT_EQ(of(401, kProblem).outcome, Outcome::kUnauthorized);
  EXPECT_EQ(of(403, kProblem).outcome, Outcome::kUnauthorized);
  EXPECT_EQ(of(415, kProblem).outcome, Outcome::kUnsupported);
  for (const int status : {301, 404, 405, 500, 502, 504}) EXPECT_EQ(of(status).outcome, Outcome::kServerError);
}

TEST(Answer, ReadsRetryAfterInSecondsAndAsADate) {
  EXPECT_EQ(of(503, {{.name = "retry-after", .value = "7"}}).retry_after, 7s);
  EXPECT_EQ(of(429, {{.name = "retry-after", .value = "Thu, 01 Jan 2026 00:01:30 GMT"}}).retry_after, 90s);
  EXPECT_EQ(of(503, {{.name = "retry-after", .value = "999999999"}}).retry_after, 3600s);
  EXPECT_EQ(of(503, {{.name = "retry-after", .value = "-5"}}).retry_after, 0s);
  EXPECT_FALSE(of(503, {{.name = "retry-after", .value = "soon"}}).retry_after);
  EXPECT_EQ(of(503).outcome, Outcome::kBusy);
}

TEST(Answer, NamesWhatFailedBeforeAnyAnswer) {
  const auto failed = [](ErrorKind kind) { return interpret(fail(kind, "why"), 1, kNow); };
  EXPECT_EQ(failed(ErrorKind::kTimeout).outcome, Outcome::kTimeout);
  EXPECT_EQ(failed(ErrorKind::kUnavailable).outcome, Outcome::kUnreachable);
  EXPECT_EQ(failed(ErrorKind::kClosed).outcome, Outcome::kUnreachable);
  EXPECT_EQ(failed(ErrorKind::kMalformed).outcome, Outcome::kServerError);
  EXPECT_EQ(failed(ErrorKind::kTimeout).reason, "why");
}

TEST(Answer, AReasonIsShortAndValidText) {
  const auto answer = of(500, {}, std::string(100'000, '\xff'));
  EXPECT_LT(answer.reason.size(), 2000U);
  EXPECT_EQ(answer.reason.find('\xff'), std::string::npos);
}

}  // namespace
}  // namespace mmm::agent
