#include "core/store/stream_census.h"

#include "core/store/append_plan.h"
#include "core/store/stream_marks.h"
#include "tests/unit/store/store_fixture.h"

namespace mmm::store {
namespace {

TEST(StreamCensus, BoundsAgentsAndTheirStreams) {
  StreamCensus census({.agents = 2, .streams_per_agent = 2, .streams = 3});
  EXPECT_TRUE(census.admit("a", "1"));
  EXPECT_TRUE(census.admit("a", "2"));
  EXPECT_FALSE(census.admit("a", "3"));
  EXPECT_TRUE(census.admit("b", "1"));
  EXPECT_FALSE(census.admit("b", "2")) << "three streams are all";
  const auto refused = census.admit("c", "1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kTooMany);
  // Those that are in stay in.
  EXPECT_TRUE(census.admit("a", "1"));
  EXPECT_TRUE(census.admit("b", "1"));
}

TEST(StreamCensus, KnowsThoseOfTheLog) {
  const test::TempDir dir;
  const auto log = open_log(dir / "log");
  StreamMarks marks(*log, 10);
  AppendPlan plan(marks);
  const auto upload = sample_upload(3, 1);
  const auto sign_of_life = sample_upload(0, 1, "agent-2");
  ASSERT_TRUE(plan.add(*upload, 1000));
  ASSERT_TRUE(plan.add(*sign_of_life, 1000));
  ASSERT_TRUE(log->write(plan.chunks()));
  ASSERT_TRUE(log->sync());
  // Nothing new may come; what is there is no news.
  StreamCensus census({});
  const upload::UploadHeader& header = upload->view.header;
  EXPECT_FALSE(census.admit(header.agent_id(), header.stream_id()));
  ASSERT_TRUE(census.learn(*log));
  EXPECT_TRUE(census.admit(header.agent_id(), header.stream_id()));
  EXPECT_TRUE(census.admit("agent-2", header.stream_id()));
  EXPECT_FALSE(census.admit(header.agent_id(), "another stream"));
}

}  // namespace
}  // namespace mmm::store
