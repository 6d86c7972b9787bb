#include "core/store/index/schema.h"
#include "ingest/project.h"
#include "ingest/project/index_build.h"
#include "tests/unit/project/project_fixture.h"

#include <fstream>
#include <thread>

namespace mmm::test {
namespace {

class ProjectorTest : public ProjectTest {
 protected:
  Result<std::unique_ptr<ingest::Projector>> start(const ingest::ProjectionOptions& projection = {},
                                                   std::chrono::microseconds delay = {}) {
    return ingest::Projector::start(
        log_.log(), default_keys(), feed_, registry_,
        {.index_path = index_path_, .projection = projection, .delay = delay, .on_failure = {}});
  }
  // Bounded wait for another thread.
  static bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 3000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  void expect_whole_index() {
    const auto got = dump_database(index_path_);
    project(log_.log(), dir_ / "wanted.db");
    EXPECT_EQ(got, dump_database(dir_ / "wanted.db"));
  }

  store::AppliedFeed feed_;
  metrics::Registry registry_;
};

TEST_F(ProjectorTest, FollowsTheLogAndNamesWhatItApplied) {
  hear("a", 0, made_text(1000, 1, "before"));
  auto projector = start();
  ASSERT_TRUE(projector) << projector.error().message;
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  feed_.watch(true);
  hear("a", 10, made_text(1000, 2, "first"));
  hear("b", 11, made_text(1000, 2, "first"));
  (*projector)->notify(log_.log().last_durable());
  std::vector<store::LogId> named;
  std::size_t further = 0;
  while (named.size() + further < 2) {
    const auto batch = feed_.wait(std::chrono::seconds(30));
    ASSERT_TRUE(batch);
    named.insert(named.end(), batch->packets.begin(), batch->packets.end());
    further += batch->receptions.size();
    EXPECT_EQ(batch->nodes, std::vector<std::uint32_t>{1000});
  }
  EXPECT_EQ(named, std::vector<store::LogId>{static_cast<store::LogId>(at(10.5))});
  EXPECT_EQ(further, 1U);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().lag_records == 0; }));
  EXPECT_EQ((*projector)->state().last_id, log_.log().last_durable());
  EXPECT_EQ((*projector)->state().lag_seconds, 0);
  (*projector)->stop();
  expect_whole_index();
  EXPECT_NE(registry_.text().find("mmm_server_projection_records_total 3"), std::string::npos);
}

TEST_F(ProjectorTest, GoesOnFromItsCursorAfterARestart) {
  fill(log_, {.seed = 9, .uploads = 60});
  auto projector = start();
  ASSERT_TRUE(projector);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  projector->reset();
  fill(log_, {.seed = 10, .uploads = 1, .upload_every_us = 36'000'000'000});
  projector = start();
  ASSERT_TRUE(projector);
  EXPECT_FALSE((*projector)->state().rebuilding);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  projector->reset();
  expect_whole_index();
}

TEST_F(ProjectorTest, AnIndexOfOtherPrivacyIsGoneBeforeAnyoneCanReadIt) {
  hear("a", 0, made_text(1000, 1, "hers"));
  hear("a", 1, made_text(2000, 2, "his"));
  auto projector = start();
  ASSERT_TRUE(projector);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  projector->reset();
  projector = start({.privacy = {.hidden_nodes = {2000}}});
  ASSERT_TRUE(projector) << projector.error().message;
  // At no moment is there anything of the hidden node.
  const auto reader = index::IndexReader::open(index_path_);
  ASSERT_TRUE(reader);
  EXPECT_FALSE((*reader)->node(2000).value());
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  EXPECT_TRUE((*reader)->node(1000).value());
  EXPECT_FALSE((*reader)->node(2000).value());
  EXPECT_EQ((*reader)->find_packets({}, {.limit = 10}).value().rows.size(), 1U);
}

TEST_F(ProjectorTest, WithADelayTheYoungWaits) {
  hear("a", 0, made_text(1000, 1, "old"));
  const std::int64_t now_us = to_micros(wall_now());
  log_.append("a", static_cast<store::LogId>(now_us), {packet_record(made_text(1000, 2, "young"), now_us)});
  auto projector = start({}, std::chrono::hours{1});
  ASSERT_TRUE(projector);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  EXPECT_EQ((*projector)->state().last_id, static_cast<store::LogId>(at(0.5)));
  // It is not behind: nothing is due.
  EXPECT_EQ((*projector)->state().lag_records, 0U);
  EXPECT_EQ((*projector)->state().lag_seconds, 0);
  // Nor does an index made anew have it.
  ASSERT_TRUE((*projector)->rebuild(false));
  ASSERT_TRUE(eventually([&] { return (*projector)->rebuild_state().finished == 1; }));
  ASSERT_TRUE(eventually([&] { return (*projector)->state().last_id == static_cast<store::LogId>(at(0.5)); }));
  projector->reset();
  projector = start({}, std::chrono::milliseconds{1});
  ASSERT_TRUE(projector);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().last_id == log_.log().last_durable(); }));
}

TEST_F(ProjectorTest, KeepsTheDamagedIndexOfALogThatWasTrimmed) {
  fill(log_, {.seed = 11, .uploads = 60});
  ASSERT_TRUE(log_.log().trim(log_.log().last_durable() - 1'000'000));
  std::ofstream(index_path_) << std::string(20'000, 'x');
  auto projector = start();
  ASSERT_TRUE(projector) << projector.error().message;
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  EXPECT_EQ(std::filesystem::file_size(index_path_.string() + ".kept"), 20'000U);
  projector->reset();
  std::ofstream(index_path_) << std::string(10'000, 'x');
  projector = start();
  ASSERT_TRUE(projector) << projector.error().message;
  EXPECT_EQ(std::filesystem::file_size(index_path_.string() + ".kept"), 20'000U);
}

TEST_F(ProjectorTest, BuildsADamagedIndexAgain) {
  fill(log_, {.seed = 11, .uploads = 60});
  std::ofstream(index_path_) << std::string(20'000, 'x');
  auto projector = start();
  ASSERT_TRUE(projector) << projector.error().message;
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  projector->reset();
  expect_whole_index();
}

TEST_F(ProjectorTest, BuildsAnIndexAgainThatIsAheadOfTheLog) {
  hear("a", 0, made_text(1000, 1, "x"));
  project(log_.log(), index_path_);
  {
    auto database = sqlite::Database::open(index_path_, {.create = false});
    ASSERT_TRUE(database->execute("UPDATE meta SET value = value + 1000000"));
  }
  auto projector = start();
  ASSERT_TRUE(projector) << projector.error().message;
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  projector->reset();
  expect_whole_index();
}

TEST_F(ProjectorTest, BuildsAnIndexAgainThatBecomesDamagedWhileItRuns) {
  hear("a", 0, made_text(1000, 1, "x"));
  auto projector = start();
  ASSERT_TRUE(projector);
  ASSERT_TRUE(eventually([&] { return (*projector)->state().caught_up; }));
  {
    // As if a row had been lost: the packet's row goes, its place in the window stays.
    auto database = sqlite::Database::open(index_path_, {.create = false});
    ASSERT_TRUE(database->execute("DELETE FROM packets"));
  }
  mesh::MeshPacket unreadable = made_text(2000, 5, "y");
  unreadable.set_channel(99);
  unreadable.set_encrypted("noise");
  hear("a", 1, unreadable);
  (*projector)->notify(log_.log().last_durable());
  ASSERT_TRUE(eventually([&] { return (*projector)->state().last_id == log_.log().last_durable(); }));
  {
    auto database = sqlite::Database::open(index_path_, {.create = false});
    ASSERT_TRUE(database->execute("DELETE FROM packets"));
  }
  // Needs the row that is gone.
  hear("b", 2, made_text(2000, 5, "y"));
  (*projector)->notify(log_.log().last_durable());
  ASSERT_TRUE(eventually([&] { return (*projector)->state().last_id == log_.log().last_durable(); }));
  projector->reset();
  expect_whole_index();
}

TEST_F(ProjectorTest, MakesTheIndexAnewBesideTheOldOneWhenAKeyIsNew) {
  fill(log_, {.seed = 12, .uploads = 60});
  project(log_.log(), index_path_);
  auto reader = index::IndexReader::open(index_path_);
  ASSERT_TRUE(reader);
  const store::LogId cursor = (*reader)->cursor().value();
  auto keys = default_keys();
  keys->add("Care", mesh::ChannelKey::from_psk("\x04").value());
  auto projector = ingest::Projector::start(log_.log(), std::move(keys), feed_, registry_,
                                            {.index_path = index_path_, .projection = {}, .on_failure = {}});
  ASSERT_TRUE(projector) << projector.error().message;
  EXPECT_FALSE((*projector)->state().rebuilding);
  ASSERT_TRUE(eventually([&] { return (*projector)->rebuild_state().finished == 1; }));
  EXPECT_EQ((*reader)->cursor().value(), cursor) << "who had the old index open goes on with it";
  EXPECT_TRUE((*reader)->refresh().value());
  EXPECT_EQ((*reader)->cursor().value(), cursor);
  fill(log_, {.seed = 13, .uploads = 1, .upload_every_us = 36'000'000'000});
  (*projector)->notify(log_.log().last_durable());
  ASSERT_TRUE(eventually([&] { return (*projector)->state().last_id == log_.log().last_durable(); }));
  EXPECT_EQ((*reader)->cursor().value(), log_.log().last_durable());
  projector->reset();
  EXPECT_FALSE(std::filesystem::exists(index_path_.string() + ".new"));
}

TEST_F(ProjectorTest, GoesOnWithARebuildThatAStopInterrupted) {
  fill(log_, {.seed = 14, .uploads = 60});
  project(log_.log(), index_path_);
  {
    auto keys = default_keys();
    auto build = ingest::IndexBuild::open(log_.log(), *keys, {}, index_path_.string() + ".new",
                                          log_.log().first_id().value() + 600'000'000);
    ASSERT_TRUE(build) << build.error().message;
    ASSERT_TRUE((*build)->advance());
    ASSERT_GT((*build)->cursor(), 0U);
    ASSERT_LT((*build)->cursor(), log_.log().last_durable());
  }
  auto projector = start();
  ASSERT_TRUE(projector);
  ASSERT_TRUE(eventually([&] { return (*projector)->rebuild_state().finished == 1; }));
  EXPECT_FALSE((*projector)->rebuild_state().running);
  projector->reset();
  expect_whole_index();
}

TEST_F(ProjectorTest, RefusesAnIndexOfALaterVersion) {
  {
    auto database = sqlite::Database::open(index_path_, {});
    ASSERT_TRUE(database->execute("CREATE TABLE t(x); PRAGMA user_version = 999"));
  }
  const auto projector = start();
  ASSERT_FALSE(projector);
  EXPECT_EQ(projector.error().kind, ErrorKind::kNewerVersion);
  EXPECT_NE(projector.error().message.find("999"), std::string::npos);
}

}  // namespace
}  // namespace mmm::test
