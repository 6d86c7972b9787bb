// The filter language on any bytes: a filter within its bounds, or a mistake whose place lies in the text; and what is
// read can be asked of packets and of nodes.

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "dashboard/query/filter_text.h"
#include "dashboard/query/node_vocabulary.h"
#include "dashboard/query/packet_vocabulary.h"

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

std::string sql_of(const query::Vocabulary& vocabulary, const std::vector<query::Term>& terms) {
  std::vector<mmm::index::SqlValue> values;
  if (&vocabulary == &query::node_vocabulary()) {
    return mmm::index::sql_condition(
        {.terms = query::typed_terms<mmm::index::NodeTerm>(terms), .online_since_us = kNowUs}, values);
  }
  const mmm::index::PacketFilter filter{query::typed_terms<mmm::index::PacketTerm>(terms)};
  mmm::index::PacketRow packet;
  packet.summary = "one line of text";
  static_cast<void>(mmm::index::matches(filter, packet, {}));
  return mmm::index::sql_condition(filter, values);
}

void check_filter(const query::Vocabulary& vocabulary, const query::ParsedFilter& parsed, std::string_view text) {
  MMM_CHECK(parsed.terms.size() <= mmm::limits::kFilterTermsMax);
  for (const query::UnresolvedName& name : parsed.names) {
    MMM_CHECK(name.term < parsed.terms.size());
    check_place(name.position, name.length, text);
  }
  // What was typed stands among the values alone.
  std::string sql = sql_of(vocabulary, parsed.terms);
  for (const std::string_view own : {"''", "'!%08x'", "'\\'"}) {
    for (std::size_t at = sql.find(own); at != std::string::npos; at = sql.find(own)) sql.erase(at, own.size());
  }
  MMM_CHECK(sql.find_first_of("'\";") == std::string::npos);
}

void check_vocabulary(const query::Vocabulary& vocabulary, std::string_view text) {
  const auto parsed = query::parse_filter(vocabulary, text, kNowUs);
  if (parsed) {
    check_filter(vocabulary, *parsed, text);
  } else {
    MMM_CHECK(!parsed.error().message.empty());
    MMM_CHECK(mmm::is_valid_utf8(parsed.error().message) && mmm::is_valid_utf8(parsed.error().hint));
    check_place(parsed.error().position, parsed.error().length, text);
  }
  for (const query::Field& field : vocabulary.fields) {
    query::ParsedFilter one;
    const auto added = query::add_term(one, vocabulary, field, text, kNowUs);
    if (added) check_filter(vocabulary, one, text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_vocabulary(query::packet_vocabulary(), text);
  check_vocabulary(query::node_vocabulary(), text);
  return 0;
}
