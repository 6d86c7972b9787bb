#include "agent/report/report.h"
#include "core/config/units.h"
#include "core/log/escape.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace mmm::agent {
namespace {

namespace json = boost::json;

// "3 s", "12 min", "5 h", "9 d": how long ago, or how long.
std::string span(std::int64_t micros) {
  const std::int64_t seconds = std::max<std::int64_t>(micros, 0) / 1'000'000;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} d", seconds / 86'400);
}

std::string text(const json::value& value) {
  return value.is_string() ? log::escape_control(std::string_view(value.get_string())) : std::string();
}

class Writer {
 public:
  explicit Writer(const json::object& report)
      : report_(report), now_us_(report.at("now_us").to_number<std::int64_t>()) {}

  std::string write() {
    line("agent", fmt::format("{} · {} · up {}", text(report_.at("agent")), text(report_.at("version")),
                              span(now_us_ - report_.at("started_us").to_number<std::int64_t>())));
    const auto& radios = report_.at("radios").as_array();
    for (const auto& radio : radios) {
      if (radios.size() > 1) out_ += fmt::format("\n[{}]\n", text(radio.as_object().at("name")));
      write_radio(radio.as_object());
    }
    return std::move(out_);
  }

 private:
  void line(std::string_view name, const std::string& what) { out_ += fmt::format("{:<10}{}\n", name, what); }

  std::string ago(const json::value& time_us) const {
    return time_us.is_null() ? "never" : span(now_us_ - time_us.to_number<std::int64_t>()) + " ago";
  }

  void write_radio(const json::object& report) {
    write_link(report);
    const auto& buffer = report.at("buffer").as_object();
    line("buffer", fmt::format("{}, {} records not on disk yet",
                               config::describe_byte_size(buffer.at("bytes").to_number<std::uint64_t>()),
                               buffer.at("uncommitted").to_number<std::uint64_t>()));
    if (const std::string failure = text(buffer.at("failure")); !failure.empty())
      line("", "takes no records: " + failure);
    for (const auto& destination : report.at("destinations").as_array()) write_destination(destination.as_object());
  }

  void write_link(const json::object& report) {
    const auto& link = report.at("link").as_object();
    std::string state = fmt::format("{} · {}", text(link.at("description")), text(link.at("state")));
    if (const std::string reason = text(link.at("reason")); !reason.empty()) state += ": " + reason;
    line("link", state);
    line("", fmt::format("last packet {}", ago(link.at("last_packet_us"))));
    const auto& radio = report.at("radio").as_object();
    std::string what = radio.at("id").is_null() ? "not known yet" : text(radio.at("id"));
    for (const char* key : {"hardware", "firmware", "role", "region", "modem_preset"}) {
      if (const std::string value = text(radio.at(key)); !value.empty()) what += " · " + value;
    }
    line("radio", what);
    std::string channels;
    for (const auto& channel : radio.at("channels").as_array()) {
      channels += (channels.empty() ? "" : ", ") + text(channel);
    }
    if (!channels.empty()) line("", "channels " + channels);
  }

  void write_destination(const json::object& destination) {
    const auto& ledger = destination.at("ledger").as_object();
    const auto count = [&ledger](const char* name) { return ledger.at(name).to_number<std::uint64_t>(); };
    line("", "");
    line("to", text(destination.at("name")));
    line("", fmt::format("captured {} = delivered {} + set aside {} + filtered {} + dropped {} + waiting {}",
                         count("captured"), count("delivered"), count("set_aside"), count("filtered"), count("dropped"),
                         count("waiting")));
    if (count("duplicate") > 0)
      line("", fmt::format("of those delivered the server had {} already", count("duplicate")));
    if (count("waiting") > 0 && !destination.at("oldest_waiting_us").is_null()) {
      line("", fmt::format("the oldest that waits is from {}", ago(destination.at("oldest_waiting_us"))));
    }
    for (const auto& server : destination.at("servers").as_array()) write_server(server.as_object());
    for (const auto& record : destination.at("set_aside").as_array()) {
      const auto& refused = record.as_object();
      line("", fmt::format("set aside: record {}, {}: {}", refused.at("seq").to_number<std::uint64_t>(),
                           ago(refused.at("refused_us")), text(refused.at("reason"))));
    }
  }

  void write_server(const json::object& server) {
    std::string what = fmt::format("server {}: {}{}, took records {}", text(server.at("name")),
                                   server.at("healthy").as_bool() ? "healthy" : "not healthy",
                                   server.at("serving").as_bool() ? ", in use" : "", ago(server.at("accepted_us")));
    if (!server.at("failed_us").is_null()) {
      what += fmt::format("; last failure {}: {}", ago(server.at("failed_us")), text(server.at("failure")));
    }
    line("", what);
  }

  const json::object& report_;
  const std::int64_t now_us_;
  std::string out_;
};

}  // namespace

Result<std::string> to_text(std::string_view bytes) {
  try {
    const json::value report = json::parse(bytes);
    return Writer(report.as_object()).write();
  } catch (const std::exception& failure) {
    return fail(ErrorKind::kMalformed, "the agent's answer cannot be read: {}", failure.what());
  }
}

}  // namespace mmm::agent
