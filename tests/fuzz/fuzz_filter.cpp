// The filter language on any bytes: a filter within its bounds, or a mistake whose place lies in the text; and what is
// read can be asked of a packet.

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "dashboard/query/filter_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace query = mmm::dashboard::query;

namespace {

constexpr std::int64_t kNowUs = 1'764'230'400'000'000;

void check_place(std::size_t position, std::size_t length, std::string_view text) {
  MMM_CHECK(position <= text.size() && length <= text.size() - position);
}

void check_filter(const query::ParsedFilter& parsed, std::string_view text) {
  MMM_CHECK(parsed.filter.terms.size() <= mmm::limits::kFilterTermsMax);
  for (const query::UnresolvedName& name : parsed.names) {
    MMM_CHECK(name.term < parsed.filter.terms.size());
    check_place(name.position, name.length, text);
  }
  mmm::index::PacketRow packet;
  packet.summary = "one line of text";
  static_cast<void>(mmm::index::matches(parsed.filter, packet, {}));
  std::vector<mmm::index::SqlValue> values;
  const std::string sql = mmm::index::sql_condition(parsed.filter, values);
  // What was typed stands among the values alone.
  MMM_CHECK(sql.find_first_of("'\";") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = query::parse_filter(text, kNowUs);
  if (parsed) {
    check_filter(*parsed, text);
  } else {
    MMM_CHECK(!parsed.error().message.empty());
    MMM_CHECK(mmm::is_valid_utf8(parsed.error().message) && mmm::is_valid_utf8(parsed.error().hint));
    check_place(parsed.error().position, parsed.error().length, text);
  }
  for (const query::Field& field : query::fields()) {
    query::ParsedFilter one;
    const auto added = query::add_term(one, field, text, kNowUs);
    if (added) check_filter(one, text);
  }
  return 0;
}
