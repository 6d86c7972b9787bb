#include "dashboard/query/filter_text.h"

#include "core/base/limits.h"
#include "core/base/time.h"
#include "dashboard/query/moment.h"
#include "dashboard/query/node_vocabulary.h"
#include "dashboard/query/packet_vocabulary.h"

#include <gtest/gtest.h>

namespace mmm::dashboard::query {
namespace {

using index::NodeField;
using index::NodeTerm;
using index::PacketField;
using index::PacketTerm;
using index::PacketTrait;

const std::int64_t kNowUs = to_micros(*parse_iso8601("2026-11-27T12:00:00Z"));
constexpr std::int64_t kHourUs = 3'600'000'000;

std::expected<ParsedFilter, Mistake> parse_filter(std::string_view text) {
  return query::parse_filter(packet_vocabulary(), text, kNowUs);
}

template <class Term>
std::vector<Term> terms_of(const Vocabulary& vocabulary, std::string_view text) {
  auto parsed = query::parse_filter(vocabulary, text, kNowUs);
  if (!parsed) {
    ADD_FAILURE() << text << ": " << parsed.error().message;
    return {};
  }
  return typed_terms<Term>(parsed->terms);
}

std::vector<PacketTerm> terms(std::string_view text) {
  return terms_of<PacketTerm>(packet_vocabulary(), text);
}

PacketTerm one(std::string_view text) {
  const auto all = terms(text);
  EXPECT_EQ(all.size(), 1U) << text;
  return all.empty() ? PacketTerm{} : all.front();
}

TEST(FilterText, ReadsEveryTermOfALine) {
  const auto all = terms("from:!abcd1234 -port:telemetry  \"words in the text\" is:direct");
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0], (PacketTerm{.field = PacketField::kFrom, .ranges = {{0xabcd1234, 0xabcd1234}}}));
  EXPECT_EQ(all[1], (PacketTerm{.field = PacketField::kPort, .negated = true, .ranges = {{67, 67}}}));
  EXPECT_EQ(all[2], (PacketTerm{.field = PacketField::kText, .texts = {"words in the text"}}));
  EXPECT_EQ(all[3], (PacketTerm{.field = PacketField::kTrait, .traits = {PacketTrait::kDirect}}));
}

TEST(FilterText, OfNothingHoldsForEveryPacket) {
  EXPECT_TRUE(terms("").empty());
  EXPECT_TRUE(terms(" \t ").empty());
}

TEST(FilterText, TakesAnyOfValuesWithCommas) {
  EXPECT_EQ(
      one("port:text,POSITION_APP,none,257").ranges,
      (std::vector<index::ValueRange>{{1, 1}, {3, 3}, {index::kPortNotDecoded, index::kPortNotDecoded}, {257, 257}}));
}

TEST(FilterText, ComparesInTheUnitThatIsStored) {
  constexpr auto kMin = INT64_MIN;
  constexpr auto kMax = INT64_MAX;
  const std::pair<std::string_view, index::ValueRange> cases[] = {
      {"hops:<3", {kMin, 2}},
      {"hops:<=3", {kMin, 3}},
      {"hops:>3", {4, kMax}},
      {"hops:>=3", {3, kMax}},
      {"hops:3", {3, 3}},
      {"hops:1..3", {1, 3}},
      {"hops:..3", {kMin, 3}},
      {"hops:1..", {1, kMax}},
      {"snr:>-5", {-499, kMax}},
      {"snr:-5.2", {-520, -520}},
      {"snr:<=-5.255", {kMin, -526}},
      {"rssi:-110..-90", {-110, -90}},
      {"airtime:>1.5", {1501, kMax}},
      {"packet_id:0x1234abcd", {0x1234abcd, 0x1234abcd}},
  };
  for (const auto& [text, range] : cases) {
    EXPECT_EQ(one(text).ranges, std::vector<index::ValueRange>{range}) << text;
  }
}

TEST(FilterText, BoundsTheLogIdsByTimes) {
  const auto parsed = parse_filter("since:2h until:2026-11-27T11:00");
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->relative);
  EXPECT_EQ(index::PacketFilter{typed_terms<PacketTerm>(parsed->terms)}.ids(),
            (index::ValueRange{kNowUs - 2 * kHourUs, kNowUs - kHourUs - 1}));
}

TEST(FilterText, LeavesNamesToBeLookedUp) {
  const auto parsed = parse_filter("node:\"Übung 2\",BASE agent:site-7");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->names.size(), 3U);
  EXPECT_EQ(parsed->names[0].name, "Übung 2");
  EXPECT_EQ(parsed->names[0].position, 5U);
  EXPECT_EQ(parsed->names[0].length, 9U) << "in characters, with the quotation marks";
  EXPECT_EQ(parsed->names[1].name, "BASE");
  EXPECT_EQ(parsed->names[1].position, 15U);
  EXPECT_EQ(parsed->names[2].kind, FieldKind::kAgent);
  EXPECT_EQ(parsed->names[2].term, 1U);
}

TEST(FilterText, TakesAQuotedNumberForAName) {
  EXPECT_TRUE(parse_filter("from:1234")->names.empty());
  EXPECT_EQ(parse_filter("from:\"1234\"")->names.size(), 1U);
}

TEST(FilterText, SaysWhereTheMistakeIs) {
  struct Case {
    std::string_view text;
    std::size_t position;
    std::size_t length;
    std::string_view hint;  // a part of it
  };
  const Case cases[] = {
      {"port:text form:!1", 10, 4, "from"},
      {"port:txt", 5, 3, "text"},
      {"hops:<", 5, 1, "hops:<3"},
      {"hops:..", 5, 2, "1..3"},
      {"is:encripted", 3, 9, "encrypted"},
      {"since:tomorrow", 6, 8, "2h"},
      {"from:!xyz", 5, 4, "!a1b2c3d4"},
      {"ab \"cd", 3, 3, "\\\""},
      {"snr:", 0, 4, "snr:>-5"},
      {"port:text,", 0, 10, "port:text"},
  };
  for (const Case& wrong : cases) {
    const auto parsed = parse_filter(wrong.text);
    ASSERT_FALSE(parsed) << wrong.text;
    EXPECT_EQ(parsed.error().position, wrong.position) << wrong.text;
    EXPECT_EQ(parsed.error().length, wrong.length) << wrong.text;
    EXPECT_NE(parsed.error().hint.find(wrong.hint), std::string::npos) << parsed.error().hint;
  }
}

TEST(FilterText, IsBounded) {
  EXPECT_FALSE(parse_filter(std::string(limits::kFilterBytesMax + 1, 'a')));
  std::string many;
  for (std::size_t i = 0; i <= limits::kFilterTermsMax; ++i) many += "a ";
  EXPECT_FALSE(parse_filter(many));
  std::string values = "size:1";
  for (std::size_t i = 0; i < limits::kFilterValuesMax; ++i) values += ",1";
  EXPECT_FALSE(parse_filter(values));
  EXPECT_FALSE(parse_filter("\xff"));
}

TEST(FilterText, AddsAParameterAsATerm) {
  ParsedFilter filter;
  ASSERT_TRUE(add_term(filter, packet_vocabulary(), *packet_vocabulary().find_field("agent"), "roof top", kNowUs));
  ASSERT_EQ(filter.names.size(), 1U);
  EXPECT_EQ(filter.names[0].name, "roof top");
  EXPECT_EQ(filter.names[0].parameter, "agent");
  const auto wrong =
      add_term(filter, packet_vocabulary(), *packet_vocabulary().find_field("port"), "text,nothing", kNowUs);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().parameter, "port");
  EXPECT_EQ(wrong.error().position, 5U);
}

TEST(FilterText, AsksForNodes) {
  const auto all = terms_of<NodeTerm>(
      node_vocabulary(), "role:router,ROUTER_LATE battery:<20 -is:powered,placed voltage:>3.5 camp new:1d");
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[0], (NodeTerm{.field = NodeField::kRole, .ranges = {{2, 2}, {11, 11}}}));
  EXPECT_EQ(all[1], (NodeTerm{.field = NodeField::kBattery, .ranges = {{INT64_MIN, 19}}}));
  EXPECT_EQ(all[2], (NodeTerm{.field = NodeField::kTrait,
                              .negated = true,
                              .traits = {index::NodeTrait::kPowered, index::NodeTrait::kPlaced}}));
  EXPECT_EQ(all[3], (NodeTerm{.field = NodeField::kVoltage, .ranges = {{3501, INT64_MAX}}}));
  EXPECT_EQ(all[4], (NodeTerm{.field = NodeField::kText, .texts = {"camp"}}));
  EXPECT_EQ(all[5], (NodeTerm{.field = NodeField::kFirstHeard, .ranges = {{.min = kNowUs - 24 * kHourUs}}}));
}

TEST(FilterText, KnowsWhatDependsOnTheClock) {
  EXPECT_TRUE(query::parse_filter(node_vocabulary(), "is:online", kNowUs)->relative);
  EXPECT_FALSE(query::parse_filter(node_vocabulary(), "is:placed", kNowUs)->relative);
  EXPECT_TRUE(query::parse_filter(node_vocabulary(), "until:2h", kNowUs)->relative);
}

TEST(FilterText, SaysWhatOneVocabularyDoesNotHave) {
  const auto port = query::parse_filter(node_vocabulary(), "port:text", kNowUs);
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().message, "There is no field 'port' of a node.");
  const auto role = query::parse_filter(node_vocabulary(), "role:ruoter", kNowUs);
  ASSERT_FALSE(role);
  EXPECT_NE(role.error().hint.find("Did you mean router?"), std::string::npos) << role.error().hint;
  const auto trait = query::parse_filter(node_vocabulary(), "is:encrypted", kNowUs);
  ASSERT_FALSE(trait);
  EXPECT_EQ(trait.error().message, "A node is never 'encrypted'.");
}

TEST(Moment, TellsTheUnitsOfNumbersBySize) {
  constexpr std::int64_t kSecond = 1'764'244'800;
  EXPECT_EQ(parse_moment("1764244800", kNowUs)->time_us, kSecond * 1'000'000);
  EXPECT_EQ(parse_moment("1764244800123", kNowUs)->time_us, kSecond * 1'000'000 + 123'000);
  EXPECT_EQ(parse_moment("1764244800123456", kNowUs)->time_us, kSecond * 1'000'000 + 123'456);
}

TEST(Moment, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_moment("90s", kNowUs)->time_us, kNowUs - 90'000'000);
  EXPECT_EQ(parse_moment("3d", kNowUs)->time_us, kNowUs - 72 * kHourUs);
  EXPECT_EQ(parse_moment("2026-11-27", kNowUs)->time_us, kNowUs - 12 * kHourUs);
  EXPECT_EQ(parse_moment("2026-11-27T11:00", kNowUs)->time_us, kNowUs - kHourUs);
  EXPECT_EQ(parse_moment("2026-11-27T11:00+01:00", kNowUs)->time_us, kNowUs - 2 * kHourUs);
  EXPECT_EQ(parse_moment("2026-11-27T11:00:00Z", kNowUs)->time_us, kNowUs - kHourUs);
  for (const auto* wrong : {"", "h", "-2h", "2x", "2026-13-01", "99999999999999999999", "9007199254740993"}) {
    EXPECT_FALSE(parse_moment(wrong, kNowUs)) << wrong;
  }
}

}  // namespace
}  // namespace mmm::dashboard::query
