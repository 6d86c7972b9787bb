#include "agent/upload/answer.h"

#include "core/base/encoding.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <ctime>

namespace mmm::agent {
namespace {

using std::chrono::seconds;

constexpr seconds kRetryAfterMax{3600};

bool is_problem(const http::ClientResponse& response) {
  return response.header("content-type").starts_with("application/problem+json");
}

// The title and detail of a problem document, or the start of whatever else came.
std::string reason_of(const http::ClientResponse& response) {
  std::string text;
  if (is_problem(response)) {
    boost::system::error_code error;
    const auto value = boost::json::parse(response.body, error);
    if (!error && value.is_object()) {
      for (const char* key : {"title", "detail"}) {
        const auto* part = value.get_object().if_contains(key);
        if (part == nullptr || !part->is_string()) continue;
        if (!text.empty()) text += ": ";
        text += std::string_view(part->get_string());
      }
    }
  }
  if (text.empty()) text = response.body;
  return fmt::format("HTTP {}: {}", response.status, cut_reason(text));
}

std::optional<seconds> retry_after_of(const http::ClientResponse& response, WallTime now) {
  const std::string text(response.header("retry-after"));
  if (text.empty()) return std::nullopt;
  std::int64_t count = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    std::tm date{};
    if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
    count = ::timegm(&date) - to_micros(now) / 1'000'000;
  }
  return std::clamp(seconds{count}, seconds{0}, kRetryAfterMax);
}

Answer accepted(const http::ClientResponse& response, std::uint64_t first_seq) {
  Answer answer;
  if (!answer.response.ParseFromString(response.body)) {
    answer.reason =
        "HTTP 200, but not the answer of an mmm-server: is the url right, or is there a login page before it?";
  } else if (answer.response.durable_seq() < first_seq) {
    answer.reason = "the server kept nothing of the upload";
  } else {
    answer.outcome = Outcome::kAccepted;
  }
  return answer;
}

Outcome outcome_of(const http::ClientResponse& response) {
  switch (response.status) {
    case 400:
    case 422:
      return is_problem(response) ? Outcome::kRefused : Outcome::kServerError;
    case 413:
      return is_problem(response) ? Outcome::kRefused : Outcome::kTooLarge;
    case 415:
      return Outcome::kUnsupported;
    case 401:
    case 403:
      return Outcome::kUnauthorized;
    case 429:
    case 503:
      return Outcome::kBusy;
    default:
      return Outcome::kServerError;
  }
}

}  // namespace

std::string cut_reason(std::string_view text) {
  constexpr std::size_t kReasonBytesMax = 300;
  return sanitize_utf8(text.substr(0, kReasonBytesMax));
}

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return "accepted";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kTooLarge:
      return "too_large";
    case Outcome::kUnsupported:
      return "unsupported";
    case Outcome::kUnauthorized:
      return "unauthorized";
    case Outcome::kBusy:
      return "busy";
    case Outcome::kServerError:
      return "server_error";
    case Outcome::kUnreachable:
      return "unreachable";
    case Outcome::kTimeout:
      return "timeout";
  }
  return "unknown";
}

Answer interpret(const Result<http::ClientResponse>& result, std::uint64_t first_seq, WallTime now) {
  return result && result->status == 200 ? accepted(*result, first_seq) : interpret_failure(result, now);
}

Answer interpret_failure(const Result<http::ClientResponse>& result, WallTime now) {
  Answer answer;
  if (result) {
    answer.outcome = outcome_of(*result);
    answer.reason = reason_of(*result);
    answer.retry_after = retry_after_of(*result, now);
    return answer;
  }
  answer.reason = result.error().message;
  switch (result.error().kind) {
    case ErrorKind::kTimeout:
      answer.outcome = Outcome::kTimeout;
      break;
    case ErrorKind::kUnavailable:
    case ErrorKind::kClosed:
      answer.outcome = Outcome::kUnreachable;
      break;
    default:
      answer.outcome = Outcome::kServerError;
  }
  return answer;
}

}  // namespace mmm::agent
