#include "core/store/index/index_reader_impl.h"
#include "core/store/index/packet_filter.h"
#include "core/store/index/row_codec.h"

#include <algorithm>
#include <list>

// Lists of packets by a filter: rows are looked at in the order of an index that the filter points to, and no more of
// them than the question's bound, so that a filter that nothing matches is answered as quickly as any other.
namespace mmm::index {
namespace {

// A filter may name several nodes or ports: so many are read side by side, each in the order of its index.
constexpr std::size_t kSourcesMax = 16;

// One ordered run of packets: what stands between SELECT and ORDER BY.
struct Source {
  const char* from = "packets p NOT INDEXED";
  std::string where{};
  bool by_hour = false;
};

struct Sources {
  std::vector<Source> list;
  std::vector<SqlValue> values;

  std::string add(std::int64_t value) {
    values.emplace_back(value);
    return fmt::format("?{}", values.size());
  }
};

// The values of a term that names a few.
std::vector<std::int64_t> points_of(const PacketTerm& term) {
  std::vector<std::int64_t> points;
  for (const ValueRange& range : term.ranges) {
    if (!range.is_point() || points.size() >= kSourcesMax) return {};
    if (std::ranges::find(points, range.min) == points.end()) points.push_back(range.min);
  }
  return points;
}

const PacketTerm* find_term(const PacketFilter& filter, PacketField field, std::size_t points_max) {
  for (const PacketTerm& term : filter.terms) {
    if (term.field != field || term.negated) continue;
    const std::size_t points = points_of(term).size();
    if (points > 0 && points <= points_max) return &term;
  }
  return nullptr;
}

bool names_broadcast(const PacketTerm& term) {
  return std::ranges::any_of(term.ranges, [](const ValueRange& range) { return range.holds(kBroadcastNode); });
}

void add_senders(Sources& sources, const PacketTerm& term) {
  for (const std::int64_t node : points_of(term)) {
    sources.list.push_back(
        {.from = "packets p INDEXED BY packets_from", .where = fmt::format("p.from_node = {}", sources.add(node))});
  }
}

void add_receivers(Sources& sources, const PacketTerm& term) {
  for (const std::int64_t node : points_of(term)) {
    // A partial index is used only when its condition stands in the query.
    sources.list.push_back({.from = "packets p INDEXED BY packets_to",
                            .where = fmt::format("p.to_node = {} AND p.to_node >= 0", sources.add(node))});
  }
}

void add_ports(Sources& sources, const PacketTerm& term) {
  for (const std::int64_t port : points_of(term)) {
    sources.list.push_back(
        {.from = "packets p INDEXED BY packets_port",
         .where = port == kPortNotDecoded ? "p.port IS NULL" : fmt::format("p.port = {}", sources.add(port))});
  }
}

// The hours in which the agent took part say where to look; most packets of such an hour are its.
void add_agent(Sources& sources, const PacketTerm& term, const std::string& low, const std::string& high) {
  sources.list.push_back(
      {.from = "agent_hours h CROSS JOIN packets p NOT INDEXED",
       .where = fmt::format("h.agent = {} AND h.start_us <= {} AND h.start_us > {} - {} AND p.id >= h.start_us AND "
                            "p.id < h.start_us + {}",
                            sources.add(points_of(term).front()), high, low, kHourUs, kHourUs),
       .by_hour = true});
}

// Where the fewest packets have to be looked at, as far as the filter alone says.
Sources choose_sources(const PacketFilter& filter, ValueRange ids) {
  Sources sources;
  const std::string low = sources.add(ids.min);
  const std::string high = sources.add(ids.max);
  const PacketTerm* to = find_term(filter, PacketField::kTo, kSourcesMax);
  const PacketTerm* node = find_term(filter, PacketField::kNode, kSourcesMax / 2);
  if (const PacketTerm* from = find_term(filter, PacketField::kFrom, kSourcesMax)) {
    add_senders(sources, *from);
  } else if (to != nullptr && !names_broadcast(*to)) {
    add_receivers(sources, *to);
  } else if (node != nullptr && !names_broadcast(*node)) {
    add_senders(sources, *node);
    add_receivers(sources, *node);
  } else if (const PacketTerm* port = find_term(filter, PacketField::kPort, kSourcesMax)) {
    add_ports(sources, *port);
  } else if (const PacketTerm* agent = find_term(filter, PacketField::kAgent, 1)) {
    add_agent(sources, *agent, low, high);
  } else {
    sources.list.emplace_back();
  }
  for (Source& source : sources.list) {
    source.where += fmt::format("{}p.id BETWEEN {} AND {}", source.where.empty() ? "" : " AND ", low, high);
  }
  return sources;
}

// One source while it is read: the id at hand, and whether the filter holds for it.
struct Run {
  sqlite::Statement statement;
  std::int64_t id = 0;
  bool hit = false;
  bool done = false;

  Result<> next() {
    auto row = statement.step();
    if (!row) return fail(row.error());
    done = !*row;
    if (done) return {};
    id = statement.integer(0);
    hit = statement.integer(1) != 0;
    return {};
  }
};

// Several sources as one, in order of their ids, each id once.
class Merge {
 public:
  explicit Merge(bool ascending) : ascending_(ascending) {}

  Result<> add(sqlite::Statement statement) {
    runs_.push_back({.statement = std::move(statement)});
    return runs_.back().next();
  }
  // The run whose turn it is; null: all are done.
  Run* front() {
    Run* first = nullptr;
    for (Run& run : runs_) {
      if (run.done) continue;
      if (first == nullptr || (ascending_ ? run.id < first->id : run.id > first->id)) first = &run;
    }
    return first;
  }
  Result<> skip(std::int64_t id) {
    for (Run& run : runs_) {
      while (!run.done && run.id == id) {
        if (auto moved = run.next(); !moved) return moved;
      }
    }
    return {};
  }

 private:
  bool ascending_;
  std::vector<Run> runs_;
};

ValueRange bounds(const PacketFilter& filter, const PacketScan& scan) {
  ValueRange ids = filter.ids();
  if (!scan.after) return ids;
  const auto last = static_cast<std::int64_t>(*scan.after);
  if (scan.ascending) {
    ids.min = std::max(ids.min, last + 1);
  } else {
    ids.max = std::min(ids.max, last - 1);
  }
  return ids;
}

}  // namespace

void bind_values(sqlite::Statement& statement, const std::vector<SqlValue>& values) {
  int place = 0;
  for (const SqlValue& value : values) {
    ++place;
    if (const auto* text = std::get_if<std::string>(&value)) {
      statement.bind_value(place, std::string_view(*text));
    } else {
      statement.bind_value(place, std::get<std::int64_t>(value));
    }
  }
}

Result<PacketPage> IndexReader::find_packets(const PacketFilter& filter, const PacketScan& scan) {
  return impl_->in_snapshot([&]() -> Result<PacketPage> {
    const Sources sources = choose_sources(filter, bounds(filter, scan));
    std::vector<SqlValue> values = sources.values;
    const std::string condition = sql_condition(filter, values);
    const char* direction = scan.ascending ? "ASC" : "DESC";
    Merge merge(scan.ascending);
    for (const Source& source : sources.list) {
      // Not kept prepared: there are as many texts as filters.
      auto statement = impl_->database.prepare(
          fmt::format("SELECT p.id, {} FROM {} WHERE {} ORDER BY {}p.id {}", condition, source.from, source.where,
                      source.by_hour ? fmt::format("h.start_us {}, ", direction) : std::string(), direction));
      if (!statement) return fail(statement.error());
      // A term that chose a source stands in the condition too, behind the sources: each statement names the last
      // value.
      bind_values(*statement, values);
      if (auto added = merge.add(std::move(*statement)); !added) return fail(added.error());
    }

    PacketPage page;
    std::vector<std::int64_t> hits;
    std::int64_t last = 0;
    for (std::size_t looked_at = 0;; ++looked_at) {
      const Run* run = merge.front();
      if (run == nullptr) break;
      // One hit more than asked for says that there is more.
      if (looked_at >= scan.rows_max || (run->hit && hits.size() >= scan.limit)) {
        page.searched_to = static_cast<LogId>(last);
        break;
      }
      last = run->id;
      if (run->hit) hits.push_back(last);
      if (auto skipped = merge.skip(last); !skipped) return fail(skipped.error());
    }
    for (const std::int64_t id : hits) {
      auto row = packet(static_cast<LogId>(id));
      if (!row) return fail(row.error());
      if (*row) page.rows.push_back(std::move(**row));
    }
    return page;
  });
}

}  // namespace mmm::index
