#include "core/store/index/packet_filter.h"

#include "core/base/encoding.h"
#include "tests/unit/project/project_fixture.h"

#include <random>

namespace mmm::index {
namespace {

constexpr std::size_t kAll = 1'000'000;

// An index of a made-up region, which has everything that packets can be.
class PacketFilterTest : public test::ProjectTest {
 protected:
  void SetUp() override {
    fill(log_, {.seed = 7, .uploads = 100});
    index_ = &reader();
    auto page = index_->find_packets({}, {.limit = kAll, .rows_max = kAll});
    ASSERT_TRUE(page) << page.error().message;
    packets_ = std::move(page->rows);
    ASSERT_GT(packets_.size(), 300U);
    for (const PacketRow& packet : packets_) {
      std::vector<std::int64_t> agents;
      for (const ReceptionRow& reception : index_->receptions(packet.id).value()) agents.push_back(reception.agent);
      agents_.push_back(std::move(agents));
    }
  }

  std::vector<LogId> found(const PacketFilter& filter, const PacketScan& scan = {.limit = kAll, .rows_max = kAll}) {
    auto page = index_->find_packets(filter, scan);
    if (!page) ADD_FAILURE() << page.error().message;
    std::vector<LogId> ids;
    if (page) {
      for (const PacketRow& packet : page->rows) ids.push_back(packet.id);
    }
    return ids;
  }
  std::vector<LogId> expected(const PacketFilter& filter) const {
    std::vector<LogId> ids;
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      if (matches(filter, packets_[i], agents_[i])) ids.push_back(packets_[i].id);
    }
    return ids;
  }

  template <class Value>
  const Value& any_of(const std::vector<Value>& values) {
    return values[random_() % values.size()];
  }
  // A value that some packet has, so that most filters find something.
  std::int64_t value_of(PacketField field) {
    const PacketRow& packet = any_of(packets_);
    switch (field) {
      case PacketField::kId:
        return static_cast<std::int64_t>(packet.id);
      case PacketField::kFrom:
        return packet.from;
      case PacketField::kTo:
        return packet.to;
      case PacketField::kNode:
        return random_() % 2 == 0 ? packet.from : packet.to;
      case PacketField::kPort:
        return packet.port ? std::int64_t{*packet.port} : kPortNotDecoded;
      case PacketField::kAgent:
        return static_cast<std::int64_t>(1 + random_() % 5);
      case PacketField::kHops:
        return packet.hops.value_or(2);
      case PacketField::kSnr:
        return static_cast<std::int64_t>(packet.best_snr.value_or(1) * 100);
      case PacketField::kRssi:
        return packet.best_rssi.value_or(-100);
      case PacketField::kReceptions:
        return packet.receptions;
      case PacketField::kChannel:
        return packet.channel;
      case PacketField::kSize:
        return packet.size;
      case PacketField::kAirtime:
        return packet.airtime_us.value_or(100'000);
      case PacketField::kPacketId:
        return packet.packet_id;
      case PacketField::kTrait:
      case PacketField::kText:
        break;
    }
    return 0;
  }
  std::string text() {
    const std::string& summary = any_of(packets_).summary;
    if (summary.size() < 3) return "e";
    std::string part = summary.substr(random_() % (summary.size() - 2), 3);
    // A filter's text is UTF-8; half a character is none.
    if (!is_valid_utf8(part)) return "°";
    if (random_() % 2 == 0) part[0] = static_cast<char>(part[0] ^ ((part[0] >= 'a' && part[0] <= 'z') ? 0x20 : 0));
    return part;
  }
  PacketTerm term() {
    const auto field = static_cast<PacketField>(random_() % (static_cast<unsigned>(PacketField::kText) + 1));
    PacketTerm term{.field = field, .negated = random_() % 4 == 0};
    const std::size_t count = 1 + random_() % 3;
    for (std::size_t i = 0; i < count; ++i) {
      if (field == PacketField::kTrait) {
        term.traits.push_back(static_cast<PacketTrait>(random_() % (static_cast<unsigned>(PacketTrait::kHeard) + 1)));
      } else if (field == PacketField::kText) {
        term.texts.push_back(text());
      } else {
        term.ranges.push_back(range(field));
      }
    }
    return term;
  }
  ValueRange range(PacketField field) {
    const std::int64_t value = value_of(field);
    const bool named = field == PacketField::kFrom || field == PacketField::kTo || field == PacketField::kNode ||
                       field == PacketField::kPort || field == PacketField::kAgent;
    if (named || random_() % 3 == 0) return {value, value};
    const std::int64_t other = value_of(field);
    if (random_() % 2 == 0) return {std::min(value, other), std::max(value, other)};
    return random_() % 2 == 0 ? ValueRange{.min = value} : ValueRange{.max = value};
  }

  IndexReader* index_ = nullptr;
  std::vector<PacketRow> packets_;
  std::vector<std::vector<std::int64_t>> agents_;
  std::mt19937 random_{20261127};
};

TEST_F(PacketFilterTest, FindsInTheIndexWhatItHoldsForInMemory) {
  std::size_t some = 0;
  for (int round = 0; round < 2000; ++round) {
    PacketFilter filter;
    const std::size_t count = 1 + random_() % 3;
    for (std::size_t i = 0; i < count; ++i) filter.terms.push_back(term());
    const auto ids = found(filter);
    std::vector<SqlValue> values;
    ASSERT_EQ(ids, expected(filter)) << "round " << round << ": " << sql_condition(filter, values);
    some += ids.empty() || ids.size() == packets_.size() ? 0 : 1;
  }
  EXPECT_GT(some, 600U) << "filters that tell packets apart";
}

TEST_F(PacketFilterTest, GivesTheSamePagesInBothDirections) {
  const PacketFilter filters[] = {
      {},
      {{{.field = PacketField::kPort, .ranges = {{1, 1}, {3, 3}}}}},
      {{{.field = PacketField::kAgent, .ranges = {{2, 2}}}}},
      {{{.field = PacketField::kNode, .ranges = {{packets_[5].from, packets_[5].from}}}}},
      {{{.field = PacketField::kHops, .ranges = {{.min = 1}}}}},
  };
  for (const PacketFilter& filter : filters) {
    auto all = found(filter);
    for (const bool ascending : {false, true}) {
      std::vector<LogId> paged;
      PacketScan scan{.limit = 7, .ascending = ascending};
      do {
        auto page = index_->find_packets(filter, scan);
        ASSERT_TRUE(page) << page.error().message;
        for (const PacketRow& packet : page->rows) paged.push_back(packet.id);
        EXPECT_LE(page->rows.size(), 7U);
        scan.after = page->searched_to;
      } while (scan.after);
      EXPECT_EQ(paged, all);
      std::ranges::reverse(all);
    }
  }
}

TEST_F(PacketFilterTest, LooksAtNoMoreRowsThanItMayAndGoesOnFromThere) {
  const PacketFilter rare{
      {{.field = PacketField::kId,
        .ranges = {{static_cast<std::int64_t>(packets_.back().id), static_cast<std::int64_t>(packets_.back().id)},
                   {INT64_MAX - 1, INT64_MAX}}}}};
  PacketScan scan{.limit = 10, .rows_max = 100};
  std::vector<LogId> ids;
  std::size_t pages = 0;
  do {
    auto page = index_->find_packets(rare, scan);
    ASSERT_TRUE(page) << page.error().message;
    for (const PacketRow& packet : page->rows) ids.push_back(packet.id);
    scan.after = page->searched_to;
    ++pages;
  } while (scan.after);
  EXPECT_EQ(ids, std::vector<LogId>{packets_.back().id});
  EXPECT_EQ(pages, (packets_.size() + 99) / 100);
}

TEST_F(PacketFilterTest, KeepsToTheIdsOfTheFilter) {
  const auto low = static_cast<std::int64_t>(packets_[50].id);
  const auto high = static_cast<std::int64_t>(packets_[20].id);
  const PacketFilter filter{
      {{.field = PacketField::kId, .ranges = {{.min = low}}}, {.field = PacketField::kId, .ranges = {{.max = high}}}}};
  EXPECT_EQ(filter.ids(), (ValueRange{low, high}));
  // Nothing outside is looked at.
  const auto page = index_->find_packets(filter, {.limit = kAll, .rows_max = 31});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->rows.size(), 31U);
  EXPECT_FALSE(page->searched_to);
}

}  // namespace
}  // namespace mmm::index
