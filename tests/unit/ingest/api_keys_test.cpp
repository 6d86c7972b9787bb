#include "ingest/api_keys.h"

#include <gtest/gtest.h>

#include <set>

namespace mmm::ingest {
namespace {

http::Request request_with(const std::string& header, const std::string& value) {
  http::Request request;
  request.headers.push_back({header, value});
  return request;
}

TEST(ApiKeys, AreTakenFromEitherHeader) {
  ApiKeys keys;
  keys.add("one", "secret-1");
  keys.add("two", "secret-2");
  using Names = std::vector<std::string>;
  EXPECT_EQ((*keys.authenticate(request_with("authorization", "Bearer secret-1")))->names, Names{"one"});
  EXPECT_EQ((*keys.authenticate(request_with("authorization", "bearer  secret-2")))->names, Names{"two"});
  EXPECT_EQ((*keys.authenticate(request_with("x-api-key", "secret-2")))->names, Names{"two"});
}

TEST(ApiKeys, UnknownAndMissingKeysAreToldApart) {
  ApiKeys keys;
  keys.add("one", "secret-1");
  for (const std::string key : {"secret-2", "secret-", "secret-11", "SECRET-1"}) {
    auto names = keys.authenticate(request_with("x-api-key", key));
    ASSERT_FALSE(names) << key;
    EXPECT_EQ(names.error().kind, ErrorKind::kUnauthorized);
    EXPECT_NE(names.error().message.find("does not know"), std::string::npos);
    EXPECT_EQ(names.error().message.find(key), std::string::npos) << "a key must not be repeated";
  }
  for (const http::Request& request :
       {http::Request{}, request_with("x-api-key", ""), request_with("authorization", "Bearer "),
        request_with("authorization", "Basic secret-1")}) {
    EXPECT_NE(keys.authenticate(request).error().message.find("no key"), std::string::npos);
  }
  EXPECT_FALSE(keys.authenticate(request_with("x-api-key", std::string(100'000, 'x'))));
}

TEST(ApiKeys, AnAgentWithAKeyOfItsNameMayUseThatOneOnly) {
  ApiKeys keys;
  keys.add("Hill", "secret-1");
  keys.add("agent_001", "secret-2");
  const auto names = [&keys](const std::string& key) { return **keys.authenticate(request_with("x-api-key", key)); };
  EXPECT_TRUE(keys.authorize(names("secret-1"), "Hill"));
  EXPECT_TRUE(keys.authorize(names("secret-1"), "hill"));  // configuration files do not tell case apart
  const auto other = keys.authorize(names("secret-2"), "Hill");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kForbidden);
  EXPECT_NE(other.error().message.find("Hill"), std::string::npos);
  // An agent without a key of its own may use any.
  EXPECT_TRUE(keys.authorize(names("secret-1"), "valley"));
  EXPECT_TRUE(keys.authorize(names("secret-2"), "valley"));
}

TEST(ApiKeys, AKeyWithTwoNamesIsGoodForBoth) {
  ApiKeys keys;
  keys.add("hill", "shared");
  keys.add("valley", "shared");
  const auto names = **keys.authenticate(request_with("x-api-key", "shared"));
  EXPECT_TRUE(keys.authorize(names, "hill"));
  EXPECT_TRUE(keys.authorize(names, "valley"));
}

TEST(ApiKeys, UnboundKeysAreGoodForEveryAgent) {
  ApiKeys keys(false);
  keys.add("hill", "secret-1");
  keys.add("valley", "secret-2");
  EXPECT_TRUE(keys.authorize(**keys.authenticate(request_with("x-api-key", "secret-2")), "hill"));
}

TEST(ApiKeys, AKeyOfItsOwnIsGoodForItsAgentAlone) {
  for (const bool bound : {true, false}) {
    KeyTable table(bound);
    table.add_own("Hill", digest_key(table.salt(), "secret-1"));
    table.add("shared", "secret-2");
    ApiKeys keys(bound);
    keys.replace(table);
    const auto own = *keys.authenticate(request_with("x-api-key", "secret-1"));
    EXPECT_TRUE(keys.authorize(*own, "hill"));
    const auto other = keys.authorize(*own, "valley");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::kForbidden);
    const auto shared = *keys.authenticate(request_with("x-api-key", "secret-2"));
    EXPECT_TRUE(keys.authorize(*shared, "valley"));
    EXPECT_EQ(keys.authorize(*shared, "hill").has_value(), !bound);
  }
}

TEST(ApiKeys, AShortKeyCanBeGuessedAndAMadeOneCannot) {
  KeyTable table;
  const std::string made = make_api_key();
  const std::string own = make_api_key();
  table.add("made", made);
  table.add("short", "secret-1");
  table.add_own("hill", digest_key(table.salt(), own));
  EXPECT_FALSE(table.find(made)->guessable);
  EXPECT_FALSE(table.find(own)->guessable);
  EXPECT_TRUE(table.find("secret-1")->guessable);
}

TEST(ApiKeys, ReplacedKeysAreGoneAtOnce) {
  ApiKeys keys;
  keys.add("hill", "secret-1");
  KeyTable table;
  table.add("hill", "secret-2");
  keys.replace(std::move(table));
  EXPECT_FALSE(keys.authenticate(request_with("x-api-key", "secret-1")));
  EXPECT_TRUE(keys.authenticate(request_with("x-api-key", "secret-2")));
}

TEST(ApiKeys, NewKeysDiffer) {
  std::set<std::string> keys;
  for (int i = 0; i < 100; ++i) keys.insert(make_api_key());
  EXPECT_EQ(keys.size(), 100U);
  EXPECT_EQ(keys.begin()->size(), 32U);
}

}  // namespace
}  // namespace mmm::ingest
