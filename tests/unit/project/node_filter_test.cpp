#include "core/store/index/node_filter.h"

#include "core/base/ascii.h"
#include "core/mesh/node_id.h"
#include "tests/unit/project/project_fixture.h"

#include <set>

namespace mmm::index {
namespace {

constexpr std::size_t kAll = 1'000'000;

// An index of a made-up region, which has everything that nodes can be.
class NodeFilterTest : public test::ProjectTest {
 protected:
  void SetUp() override {
    fill(log_, {.seed = 7, .uploads = 100});
    index_ = &reader();
    auto nodes = index_->nodes({.limit = kAll});
    ASSERT_TRUE(nodes) << nodes.error().message;
    nodes_ = std::move(*nodes);
    ASSERT_GT(nodes_.size(), 20U);
  }

  std::vector<std::uint32_t> found(NodeTerm term, NodeOrder order = NodeOrder::kNumber) {
    auto rows = index_->nodes({.limit = kAll, .order = order, .filter = {{std::move(term)}, online_since_us_}});
    if (!rows) ADD_FAILURE() << rows.error().message;
    std::vector<std::uint32_t> nums;
    if (rows) {
      for (const NodeRow& node : *rows) nums.push_back(node.num);
    }
    return nums;
  }

  // The term and its negation find those for which `holds` and the others. Returns whether both are some.
  template <class Holds>
  bool tells_apart(NodeTerm term, const Holds& holds) {
    std::vector<std::uint32_t> in;
    std::vector<std::uint32_t> out;
    for (const NodeRow& node : nodes_) (holds(node) ? in : out).push_back(node.num);
    EXPECT_EQ(found(term), in);
    EXPECT_EQ(found(term, NodeOrder::kHeard).size(), in.size());
    term.negated = true;
    EXPECT_EQ(found(term), out);
    return !in.empty() && !out.empty();
  }

  // By the middle one of the values that nodes have, in the units of the filter.
  template <class Value>
  void tell_apart_by(NodeField field, const Value& value) {
    SCOPED_TRACE(static_cast<int>(field));
    std::vector<std::int64_t> values;
    for (const NodeRow& node : nodes_) {
      if (const std::optional<std::int64_t> known = value(node)) values.push_back(*known);
    }
    ASSERT_FALSE(values.empty());
    std::ranges::sort(values);
    const std::int64_t middle = values[values.size() / 2];
    for (const ValueRange range :
         {ValueRange{.min = middle}, ValueRange{.max = middle - 1}, ValueRange{middle, middle}}) {
      tells_apart({.field = field, .ranges = {range}}, [&](const NodeRow& node) {
        const std::optional<std::int64_t> known = value(node);
        return known && range.holds(*known);
      });
    }
  }

  IndexReader* index_ = nullptr;
  std::vector<NodeRow> nodes_;
  std::int64_t online_since_us_ = 0;
};

template <class Number>
std::optional<std::int64_t> scaled(const std::optional<Number>& value, double scale = 1) {
  if (!value) return std::nullopt;
  return std::llround(static_cast<double>(*value) * scale);
}

TEST_F(NodeFilterTest, FindsByNumbers) {
  tell_apart_by(NodeField::kNumber, [](const NodeRow& node) { return std::optional<std::int64_t>(node.num); });
  tell_apart_by(NodeField::kRole, [](const NodeRow& node) { return scaled(node.role); });
  tell_apart_by(NodeField::kHardware, [](const NodeRow& node) { return scaled(node.hw_model); });
  tell_apart_by(NodeField::kHops, [](const NodeRow& node) { return scaled(node.hops_away); });
  tell_apart_by(NodeField::kSnr, [](const NodeRow& node) { return scaled(node.snr, 100); });
  tell_apart_by(NodeField::kRssi, [](const NodeRow& node) { return scaled(node.rssi); });
  tell_apart_by(NodeField::kBattery, [](const NodeRow& node) { return scaled(node.metrics.battery_level); });
  tell_apart_by(NodeField::kVoltage, [](const NodeRow& node) { return scaled(node.metrics.voltage, 1000); });
  tell_apart_by(NodeField::kChannelUse,
                [](const NodeRow& node) { return scaled(node.metrics.channel_utilization, 100); });
  tell_apart_by(NodeField::kAirUse, [](const NodeRow& node) { return scaled(node.metrics.air_util_tx, 100); });
  tell_apart_by(NodeField::kUptime, [](const NodeRow& node) { return scaled(node.metrics.uptime_seconds); });
  tell_apart_by(NodeField::kAltitude,
                [](const NodeRow& node) { return node.position ? scaled(node.position->altitude) : std::nullopt; });
  tell_apart_by(NodeField::kPackets, [](const NodeRow& node) {
    return std::optional<std::int64_t>(static_cast<std::int64_t>(node.packets));
  });
  tell_apart_by(NodeField::kLastHeard, [](const NodeRow& node) { return scaled(node.last_heard_us); });
  tell_apart_by(NodeField::kFirstHeard, [](const NodeRow& node) { return scaled(node.first_heard_us); });
}

TEST_F(NodeFilterTest, FindsByTraits) {
  std::vector<std::int64_t> heard;
  for (const NodeRow& node : nodes_) heard.push_back(node.last_heard_us.value_or(0));
  std::ranges::sort(heard);
  online_since_us_ = heard[heard.size() / 2];
  const auto trait = [](NodeTrait name) { return NodeTerm{.field = NodeField::kTrait, .traits = {name}}; };
  EXPECT_TRUE(tells_apart(trait(NodeTrait::kOnline), [&](const NodeRow& node) {
    return node.last_heard_us && *node.last_heard_us >= online_since_us_;
  }));
  tells_apart(trait(NodeTrait::kHeard), [](const NodeRow& node) { return node.last_heard_us.has_value(); });
  EXPECT_TRUE(tells_apart(trait(NodeTrait::kPlaced), [](const NodeRow& node) { return node.position.has_value(); }));
  EXPECT_TRUE(tells_apart(trait(NodeTrait::kNamed),
                          [](const NodeRow& node) { return !node.long_name.empty() || !node.short_name.empty(); }));
  tells_apart(trait(NodeTrait::kKeyed), [](const NodeRow& node) { return !node.public_key.empty(); });
  tells_apart(trait(NodeTrait::kLicensed), [](const NodeRow& node) { return node.is_licensed; });
  EXPECT_TRUE(tells_apart(trait(NodeTrait::kDirect), [](const NodeRow& node) { return node.hops_away == 0; }));
  tells_apart(trait(NodeTrait::kPowered), [](const NodeRow& node) { return node.metrics.battery_level > 100; });
  tells_apart(trait(NodeTrait::kViaMqtt), [](const NodeRow& node) { return node.via_mqtt; });
}

TEST_F(NodeFilterTest, FindsWhatAnAgentHeard) {
  std::size_t some = 0;
  for (const AgentRow& agent : index_->agents(kAll).value()) {
    std::set<std::uint32_t> heard;
    for (const NodeRow& node : nodes_) {
      for (const HeardByRow& row : index_->heard_by(node.num).value()) {
        if (row.agent == agent.num) heard.insert(node.num);
      }
    }
    some += tells_apart({.field = NodeField::kAgent, .ranges = {{agent.num, agent.num}}},
                        [&](const NodeRow& node) { return heard.contains(node.num); })
                ? 1
                : 0;
  }
  EXPECT_GT(some, 0U);
}

TEST_F(NodeFilterTest, FindsPartsOfNamesAndIdsInAnyCase) {
  const auto named = std::ranges::find_if(nodes_, [](const NodeRow& node) { return node.long_name.size() > 3; });
  ASSERT_NE(named, nodes_.end());
  std::string part = ascii_lower(named->long_name.substr(1, 3));
  part[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(part[0])));
  const std::string id = mesh::format_node_id(named->num).substr(3, 4);
  for (const std::string& text : {part, id, std::string("%"), std::string("'")}) {
    tells_apart({.field = NodeField::kText, .texts = {text}}, [&](const NodeRow& node) {
      return ascii_lower(node.long_name).contains(ascii_lower(text)) ||
             ascii_lower(node.short_name).contains(ascii_lower(text)) || mesh::format_node_id(node.num).contains(text);
    });
  }
}

TEST_F(NodeFilterTest, HoldsWhenAllTermsDo) {
  const NodeTerm placed{.field = NodeField::kTrait, .traits = {NodeTrait::kPlaced}};
  const NodeTerm near{.field = NodeField::kHops, .ranges = {{0, 1}}};
  auto both = index_->nodes({.limit = kAll, .filter = {{placed, near}}});
  ASSERT_TRUE(both);
  const auto count = std::ranges::count_if(
      nodes_, [](const NodeRow& node) { return node.position && node.hops_away && *node.hops_away <= 1; });
  EXPECT_EQ(both->size(), static_cast<std::size_t>(count));
  EXPECT_LT(both->size(), found(placed).size());
}

TEST_F(NodeFilterTest, GivesTheSamePages) {
  for (const NodeOrder order : {NodeOrder::kNumber, NodeOrder::kHeard}) {
    NodeQuery query{.limit = 7, .order = order};
    query.filter.terms.push_back({.field = NodeField::kTrait, .traits = {NodeTrait::kPlaced}});
    std::vector<std::uint32_t> paged;
    for (;;) {
      const auto page = index_->nodes(query).value();
      for (const NodeRow& node : page) paged.push_back(node.num);
      if (page.size() < query.limit) break;
      query.after_num = page.back().num;
      query.after_heard_us = page.back().last_heard_us.value_or(0);
    }
    EXPECT_EQ(paged, found(query.filter.terms[0], order));
  }
}

}  // namespace
}  // namespace mmm::index
