#include "ingest/config.h"

#include "ingest/key_file.h"
#include "ingest/keyring.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace mmm::ingest {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

LoadedConfig read(const std::string& text, std::map<std::string, std::string> variables = {}) {
  return read_server_config(test::config_of(text, std::move(variables), "server_config.ini"));
}

TEST(ServerConfig, RetentionIsATimeOrForever) {
  const RetentionConfig none = read("").config.retention;
  EXPECT_FALSE(none.log);
  EXPECT_EQ(none.index[static_cast<std::size_t>(index::DataClass::kTelemetry)], 90LL * 86'400 * 1'000'000);
  EXPECT_FALSE(none.index[static_cast<std::size_t>(index::DataClass::kPackets)]);

  const LoadedConfig some = read("[retention]\nlog = 400d\npackets = 36h\ntelemetry = forever\n");
  EXPECT_THAT(some.mistakes, IsEmpty());
  EXPECT_EQ(some.config.retention.log, 400LL * 86'400 * 1'000'000);
  EXPECT_EQ(some.config.retention.index[static_cast<std::size_t>(index::DataClass::kPackets)],
            36LL * 3'600 * 1'000'000);
  EXPECT_FALSE(some.config.retention.index[static_cast<std::size_t>(index::DataClass::kTelemetry)]);

  for (const char* bad : {"2h", "0", "-5d", "never", "99999999999d"}) {
    const LoadedConfig wrong = read(fmt::format("[retention]\nmessages = {}\n", bad));
    EXPECT_THAT(wrong.mistakes, Contains(AllOf(HasSubstr("[retention] messages"), HasSubstr("forever")))) << bad;
  }
}

TEST(ServerConfig, AMapOfOtherTilesIsOneOrTheOther) {
  const auto map = [](const std::string& lines) { return read("[map]\n" + lines); };
  const LoadedConfig tiles =
      map("tile_url = https://tiles.example:8443/{z}/{x}/{y}.png?key=1\nattribution = © Someone\n");
  EXPECT_THAT(tiles.mistakes, IsEmpty());
  EXPECT_EQ(tiles.config.map.tile_origin(), "https://tiles.example:8443");
  const LoadedConfig own = map("tile_url = /tiles/{z}/{x}/{y}.pbf\n");
  EXPECT_THAT(own.mistakes, IsEmpty());
  EXPECT_EQ(own.config.map.tile_origin(), "");
  EXPECT_THAT(map("pmtiles = region.pmtiles\n").mistakes, IsEmpty());
  EXPECT_THAT(map("pmtiles = a\ntile_url = /{z}/{x}/{y}\n").mistakes, SizeIs(1));
  for (const char* wrong : {"tiles.example/{z}/{x}/{y}", "https://tiles.example/{z}/{x}", "ftp://a/{z}/{x}/{y}",
                            "//a/{z}/{x}/{y}", "https://a;script-src/{z}/{x}/{y}", "https://*/{z}/{x}/{y}",
                            "https:///{z}/{x}/{y}", "https://a b/{z}/{x}/{y}", "https://{z}.a/{x}/{y}"}) {
    EXPECT_THAT(map(std::string("tile_url = ") + wrong + "\n").mistakes, SizeIs(1)) << wrong;
  }
}

TEST(ServerConfig, PrivacyIsReadIntoWhatIsProjected) {
  const LoadedConfig loaded =
      read("[privacy]\nposition_precision = 14\ndelay = 15m\nhidden_nodes = !0a0b0c0d, !01020304, !0a0b0c0d\n");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  EXPECT_EQ(loaded.config.privacy.delay, std::chrono::minutes{15});
  EXPECT_EQ(loaded.config.projection.privacy,
            (mesh::Privacy{.position_bits = 14, .hidden_nodes = {0x01020304, 0x0A0B0C0D}}));
  EXPECT_FALSE(read("[privacy]\n").config.projection.privacy.is_active());
  for (const char* wrong : {"position_precision = 33", "position_precision = near", "delay = 8d", "delay = -1",
                            "hidden_nodes = nobody", "hidden_nodes = ^all", "hidden_nodes = !00000001"}) {
    EXPECT_THAT(read(std::string("[privacy]\n") + wrong + "\n").mistakes, SizeIs(1)) << wrong;
  }
}

TEST(ServerConfig, AFileOfThePythonVersionLoadsUnchanged) {
  const LoadedConfig loaded = read(
      "[server]\nhost = 0.0.0.0\nport = 8082\nsite_name = Alps Mesh\n\n"
      "[database]\npath = /var/lib/meshy/distributed_meshview.db\n\n"
      "[map]\ncenter_lat = 46.8\ncenter_lon = 8.2\nzoom_level = 8\nforce_center = true\n\n"
      "[api_keys]\nagent_001 = 0123456789abcdef0123456789abcdef\nagent_002: fedcba9876543210fedcba9876543210\n\n"
      "[json_tcp_log_elk]\nhost = localhost\nport = 5000\nauth_token = x\n");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  const ServerConfig& config = loaded.config;
  EXPECT_EQ(config.host, "0.0.0.0");
  EXPECT_EQ(config.site_name, "Alps Mesh");
  EXPECT_EQ(config.data_dir, "/var/lib/meshy");
  EXPECT_DOUBLE_EQ(config.map.center_latitude, 46.8);
  EXPECT_EQ(config.map.zoom_level, 8);
  EXPECT_TRUE(config.map.force_center);
  ASSERT_THAT(config.api_keys, SizeIs(2));
  EXPECT_EQ(config.api_keys[1].name, "agent_002");
  EXPECT_EQ(config.api_keys[1].value, "fedcba9876543210fedcba9876543210");
}

TEST(ServerConfig, AnEmptyFileMeansTheDefaults) {
  const LoadedConfig loaded = read("");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  EXPECT_EQ(loaded.config.host, "localhost");
  EXPECT_EQ(loaded.config.port, 8082);
  EXPECT_EQ(loaded.config.metrics_port, 9090);
  EXPECT_EQ(loaded.config.data_dir, "data");
  EXPECT_GT(loaded.config.free_space_min, 0U);
}

TEST(ServerConfig, TheDatabaseOfThePythonVersionIsNotOurs) {
  const ServerConfig config = read("[database]\npath = meshview.db\n").config;
  EXPECT_EQ(config.data_dir, ".");
  EXPECT_EQ(read("[server]\ndata_dir = /srv/mmm\n[database]\npath = /x/y.db\n").config.data_dir, "/srv/mmm");
  EXPECT_EQ(read("", {{"DB_PATH", "/data/meshview.db"}}).config.data_dir, "/data");
}

TEST(ServerConfig, TheEnvironmentSetsTheLogLevel) {
  EXPECT_EQ(read("[log]\nlevel = warning\n", {{"LOG_LEVEL", "DEBUG"}}).config.log.options.level, log::Level::kDebug);
}

TEST(ServerConfig, MistakesNameFileLineKeyAndWhatIsAllowed) {
  const LoadedConfig loaded = read(
      "[server]\nport = 99999\nthreds = 2\n[map]\ncenter_lat = north\n[api_keys]\na =\n[channels]\nHome = "
      "?\n[sever]\n");
  EXPECT_THAT(loaded.mistakes,
              AllOf(Contains(AllOf(HasSubstr("server_config.ini:2"), HasSubstr("port"), HasSubstr("65535"))),
                    Contains(AllOf(HasSubstr("server_config.ini:3"), HasSubstr("threds"), HasSubstr("threads"))),
                    Contains(AllOf(HasSubstr("server_config.ini:5"), HasSubstr("center_lat"), HasSubstr("90"))),
                    Contains(AllOf(HasSubstr("server_config.ini:7"), HasSubstr("empty"))),
                    Contains(AllOf(HasSubstr("server_config.ini:9"), HasSubstr("Home"))),
                    Contains(AllOf(HasSubstr("server_config.ini:10"), HasSubstr("sever")))));
}

TEST(ServerConfig, ChannelsKeepTheCaseOfTheirNames) {
  const LoadedConfig loaded = read("[channels]\nHikeClub = base64:AQ==\nSecond = none\n");
  EXPECT_THAT(loaded.mistakes, IsEmpty());
  ASSERT_THAT(loaded.config.channels, SizeIs(2));
  EXPECT_EQ(loaded.config.channels[0].name, "HikeClub");
  EXPECT_EQ(loaded.config.channels[0].value, std::string("\x01"));
  auto keys = make_keyring(loaded.config);
  auto defaults = make_keyring(ServerConfig{});
  ASSERT_TRUE(keys && defaults);
  EXPECT_EQ((*keys)->size(), (*defaults)->size() + 2);
}

TEST(KeyFile, IsMadeOnceAndForItsOwnerOnly) {
  const test::TempDir dir;
  auto made = read_or_make_key(dir / "api_key");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(*made, SizeIs(32));
  struct stat status{};
  ASSERT_EQ(::stat((dir / "api_key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(*read_or_make_key(dir / "api_key"), *made);
}

TEST(KeyFile, AnEmptyOneIsSaid) {
  const test::TempDir dir;
  std::ofstream(dir / "api_key") << "\n";
  auto key = read_or_make_key(dir / "api_key");
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, HasSubstr("holds no key"));
  EXPECT_EQ(read_or_make_key(dir / "nothing" / "api_key").error().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace mmm::ingest
