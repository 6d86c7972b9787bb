#include "agent/report/health.h"

#include "core/log/escape.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <vector>

namespace mmm::agent {
namespace {

namespace json = boost::json;

std::string text(const json::value& value) {
  return log::escape_control(std::string_view(value.as_string()));
}

Health judge(const json::object& report) {
  Health health;
  std::vector<std::string> sick;
  std::vector<std::string> away;
  for (const json::value& radio : report.at("radios").as_array()) {
    const std::string name = text(radio.at("name"));
    if (const std::string failure = text(radio.at("buffer").at("failure")); !failure.empty()) {
      sick.push_back(fmt::format("the buffer of [{}] takes no records: {}", name, failure));
    }
    const json::value& link = radio.at("link");
    if (const std::string state = text(link.at("state")); state != "ready") {
      const std::string reason = text(link.at("reason"));
      away.push_back(fmt::format("[{}] {} is {}{}{}", name, text(link.at("description")), state,
                                 reason.empty() ? "" : ": ", reason));
    }
  }
  health.alive = sick.empty();
  health.ready = health.alive && away.empty();
  if (!sick.empty()) {
    health.words = fmt::format("sick: {}", fmt::join(sick, "; "));
  } else if (!away.empty()) {
    health.words = fmt::format("alive, not ready: {}", fmt::join(away, "; "));
  } else {
    health.words = "healthy";
  }
  return health;
}

}  // namespace

Result<Health> health_of(std::string_view report) {
  try {
    return judge(json::parse(report).as_object());
  } catch (const std::exception& failure) {
    return fail(ErrorKind::kMalformed, "the agent's answer cannot be read: {}", failure.what());
  }
}

}  // namespace mmm::agent
