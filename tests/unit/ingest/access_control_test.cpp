#include "ingest/access/access_control.h"

#include "core/async/task_group.h"
#include "ingest/access/key_store.h"
#include "ingest/reload.h"
#include "tests/support/certificates.h"
#include "tests/support/temp_dir.h"
#include "tests/support/virtual_time.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <fstream>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;

class AccessControlTest : public ::testing::Test {
 protected:
  void start() {
    config.data_dir = directory.path();
    access = std::make_unique<AccessControl>(config, time, registry);
    const auto opened = access->open();
    ASSERT_TRUE(opened) << opened.error().message;
  }
  // The status that an upload with this key would get, 0 for none.
  int status_of(const std::string& key) {
    http::Request request;
    request.headers.push_back({"x-api-key", key});
    const auto answer = access->uploads().check(request);
    return answer ? answer->status : 0;
  }
  template <class Change>
  auto change_store(Change change) {
    auto store = KeyStore::read(directory / "keys");
    EXPECT_TRUE(store);
    auto result = change(*store);
    EXPECT_TRUE(store->write(directory / "keys"));
    return result;
  }
  std::string add_key(const std::string& name) {
    return *change_store([&](KeyStore& store) { return store.add(name, time.wall()); });
  }

  test::TempDir directory;
  boost::asio::io_context context;
  test::VirtualTime time;
  metrics::Registry registry;
  ServerConfig config;
  std::unique_ptr<AccessControl> access;
};

TEST_F(AccessControlTest, AKeyIsMadeWhenThereIsNoneAnywhere) {
  start();
  EXPECT_TRUE(access->key_made());
  std::string made;
  std::getline(std::ifstream(directory / "api_key"), made);
  EXPECT_EQ(status_of(made), 0);
  EXPECT_EQ(status_of("wrong"), 401);

  // The first key made by command does not lock out who uses the made one.
  const std::string key = add_key("hill");
  start();
  EXPECT_FALSE(access->key_made());
  EXPECT_EQ(status_of(key), 0);
  EXPECT_EQ(status_of(made), 0);
  std::filesystem::remove(directory / "api_key");
  start();
  EXPECT_EQ(status_of(key), 0);
  EXPECT_EQ(status_of(made), 401);
}

TEST_F(AccessControlTest, NoKeyIsMadeBesideOthers) {
  config.api_keys = {{"shared", "configured"}};
  start();
  EXPECT_FALSE(access->key_made());
  EXPECT_EQ(status_of("configured"), 0);
  EXPECT_FALSE(std::filesystem::exists(directory / "api_key"));
}

TEST_F(AccessControlTest, ChangedKeysAreTakenUpWithinSeconds) {
  const std::string first = add_key("hill");
  start();
  TaskGroup tasks(context.get_executor());
  tasks.spawn("keys", access->watch_keys(time));
  time.run_for(context, 10s);
  EXPECT_EQ(status_of(first), 0);

  const auto second = change_store([&](KeyStore& store) { return store.rotate("hill", time.wall(), 60s); });
  EXPECT_EQ(status_of(*second), 401);
  time.run_for(context, 2s);
  EXPECT_EQ(status_of(first), 0);
  EXPECT_EQ(status_of(*second), 0);
  time.run_for(context, 60s);
  EXPECT_EQ(status_of(first), 401) << "its grace is over";
  EXPECT_EQ(status_of(*second), 0);

  std::ofstream(directory / "keys") << "damaged";
  time.run_for(context, 10s);
  EXPECT_EQ(status_of(*second), 0) << "what cannot be read changes nothing";
  tasks.cancel();
  time.run_ready(context);
}

TEST_F(AccessControlTest, AReloadTakesUpEverythingOrNothing) {
  const test::CertificateAuthority authority;
  authority.issue("one", 10, directory / "c.pem", directory / "k.pem");
  config.tls = {.certificate = directory / "c.pem", .key = directory / "k.pem"};
  config.api_keys = {{"shared", "before"}};
  start();
  const auto expiry_metric = [this] {
    const std::string text = registry.text();
    return text.substr(text.find("\nmmm_server_certificate_expiry_seconds ") + 39, 12);
  };
  const std::string first_expiry = expiry_metric();

  ServerConfig next = config;
  next.api_keys = {{"shared", "after"}};
  std::ofstream(directory / "c.pem") << "no certificate";
  const auto refused = access->apply(next);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("c.pem"), std::string::npos) << refused.error().message;
  EXPECT_EQ(status_of("before"), 0);
  EXPECT_EQ(status_of("after"), 401);

  authority.issue("two", 20, directory / "c.pem", directory / "k.pem");
  next.limits.uploads_per_second = 1;
  next.limits.burst = 1s;
  const auto applied = access->apply(next);
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(status_of("before"), 401);
  EXPECT_EQ(status_of("after"), 0);
  EXPECT_EQ(status_of("after"), 429);
  EXPECT_NE(expiry_metric(), first_expiry);
}

TEST_F(AccessControlTest, AConfigurationWithMistakesIsRefusedWhole) {
  config.api_keys = {{"shared", "before"}};
  start();
  LoadedConfig next{.config = config, .mistakes = {"s.ini:1: something is wrong"}};
  next.config.api_keys = {{"shared", "after"}};
  Reloader reloader(config, [&next]() -> Result<LoadedConfig> { return next; }, *access, registry);
  EXPECT_FALSE(reloader.reload());
  EXPECT_EQ(status_of("before"), 0);
  next.mistakes.clear();
  EXPECT_TRUE(reloader.reload());
  EXPECT_EQ(status_of("after"), 0);
  EXPECT_NE(registry.text().find("mmm_server_reloads_total{outcome=\"refused\"} 1"), std::string::npos);
  EXPECT_NE(registry.text().find("mmm_server_reloads_total{outcome=\"applied\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace mmm::ingest
