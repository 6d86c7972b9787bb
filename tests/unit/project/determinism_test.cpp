#include "ingest/project.h"
#include "ingest/project/index_build.h"
#include "tests/unit/project/project_fixture.h"

#include <random>

// The index is a pure function of the log: however the way through it is cut into transactions and restarts.
namespace mmm::test {
namespace {

void expect_same(const std::vector<std::string>& got, const std::vector<std::string>& wanted) {
  const auto [one, other] = std::ranges::mismatch(got, wanted);
  if (one == got.end() && other == wanted.end()) return;
  ADD_FAILURE() << "got    " << (one == got.end() ? "the end" : *one) << "\nwanted "
                << (other == wanted.end() ? "the end" : *other);
}

class Determinism : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Determinism, AnyCutsAndRestartsGiveTheSameRows) {
  TempDir dir;
  MeshLog log(dir / "log");
  fill(log, {.seed = GetParam(), .uploads = 300});
  project(log.log(), dir / "whole.db");
  const auto wanted = dump_database(dir / "whole.db");
  ASSERT_GT(wanted.size(), 1000U);

  std::mt19937_64 random(GetParam());
  for (const std::uint64_t commit_one_in : {1U, 3U, 40U}) {
    const auto path = dir / ("cut-" + std::to_string(commit_one_in) + ".db");
    project(log.log(), path, [&] { return random() % commit_one_in == 0; }, [&] { return random() % 5 == 0; });
    expect_same(dump_database(path), wanted);
  }
}

TEST_P(Determinism, ReindexGivesTheSameRowsAndReplacesTheOldIndex) {
  TempDir dir;
  MeshLog log(dir / "log");
  fill(log, {.seed = GetParam() + 100, .uploads = 100});
  project(log.log(), dir / "index.db", [] { return true; });
  const auto wanted = dump_database(dir / "index.db");
  {
    auto database = sqlite::Database::open(dir / "index.db", {.create = false});
    ASSERT_TRUE(database->execute("DELETE FROM packets; DELETE FROM nodes"));
  }
  auto keys = default_keys();
  double share = 0;
  const auto records =
      ingest::reindex(log.log(), *keys, {}, dir / "index.db", [&share](double done, std::uint64_t) { share = done; });
  ASSERT_TRUE(records) << records.error().message;
  EXPECT_EQ(share, 1);
  expect_same(dump_database(dir / "index.db"), wanted);
  EXPECT_FALSE(std::filesystem::exists(dir / "index.db.new"));
}

TEST_P(Determinism, AnInterruptedReindexGoesOnAndGivesTheSameRows) {
  TempDir dir;
  MeshLog log(dir / "log");
  fill(log, {.seed = GetParam() + 200, .uploads = 100});
  project(log.log(), dir / "index.db");
  const auto wanted = dump_database(dir / "index.db");
  auto keys = default_keys();
  const store::LogId first = log.log().first_id().value();
  const store::LogId middle = first + (log.log().last_durable() - first) / 2;
  {
    auto build = ingest::IndexBuild::open(log.log(), *keys, {}, dir / "index.db.new", middle);
    ASSERT_TRUE(build) << build.error().message;
    EXPECT_EQ((*build)->begun_with(), "");
    ASSERT_TRUE((*build)->advance());
  }
  std::string said;
  auto records = ingest::reindex(log.log(), *keys, {}, dir / "index.db", {}, [&](const std::string& t) { said = t; });
  ASSERT_TRUE(records) << records.error().message;
  EXPECT_NE(said.find("going on with"), std::string::npos) << said;
  EXPECT_LT(*records, 2000U);
  expect_same(dump_database(dir / "index.db"), wanted);

  // Other options: what is there is of no use.
  {
    auto build = ingest::IndexBuild::open(log.log(), *keys, {}, dir / "index.db.new", middle);
    ASSERT_TRUE((*build)->advance());
  }
  records = ingest::reindex(log.log(), *keys, {.flood_packets_per_hour = 1799}, dir / "index.db", {},
                            [&](const std::string& t) { said = t; });
  ASSERT_TRUE(records) << records.error().message;
  EXPECT_NE(said.find("other keys or options"), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(Seeds, Determinism, testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace mmm::test
