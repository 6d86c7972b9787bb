#include "ingest/project/channel_names.h"

#include "core/base/check.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace mmm::ingest {
namespace {

namespace json = boost::json;

// Lists remembered; a radio's changes seldom, and they are read again at no more than their cost.
constexpr std::size_t kListsMax = 1024;
constexpr std::string_view kUnknown = "unknown";

}  // namespace

ChannelNames::List ChannelNames::parse(std::string_view text) {
  List list;
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  MMM_CHECK(!error && parsed.is_array());  // the projection wrote it
  for (const json::value& channel : parsed.get_array()) {
    const json::object& fields = channel.as_object();
    const std::string name(fields.at("name").as_string());
    list.emplace(Channel{false, fields.at("index").to_number<std::uint32_t>()}, name);
    list.emplace(Channel{true, fields.at("hash").to_number<std::uint32_t>()}, name);
  }
  return list;
}

std::string_view ChannelNames::name(const index::RadioFacts& radio, std::uint32_t channel, bool encrypted) {
  auto list = lists_.find(std::string_view(radio.channels));
  if (list == lists_.end()) {
    if (lists_.size() >= kListsMax) lists_.clear();
    list = lists_.emplace(radio.channels, parse(radio.channels)).first;
  }
  const auto found = list->second.find({encrypted, channel});
  return found == list->second.end() ? kUnknown : std::string_view(found->second);
}

}  // namespace mmm::ingest
