#include "ingest/carried_metrics.h"

#include "tests/support/virtual_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CarriedMetricsTest : public ::testing::Test {
 protected:
  void tell(const std::string& agent, const std::string& radio, std::uint64_t buffer_bytes) {
    upload::UploadHeader header;
    header.set_agent_id(agent);
    header.set_radio(radio);
    header.mutable_figures()->set_resident_bytes(16'000'000);
    header.mutable_figures()->set_cpu_us(2'500'000);
    header.mutable_figures()->set_buffer_bytes(buffer_bytes);
    metrics_.take(header);
  }
  std::string text() { return prometheus::TextSerializer().Serialize(metrics_.Collect()); }

  boost::asio::io_context context_{1};
  test::VirtualTime time_;
  CarriedMetrics metrics_{time_, 3};
};

TEST_F(CarriedMetricsTest, ServesWhatAnAgentToldLast) {
  EXPECT_THAT(metrics_.Collect(), IsEmpty());
  tell("hill", "meshtastic", 100);
  tell("hill", "meshtastic_2", 200);
  tell("hill", "meshtastic", 300);
  const std::string page = text();
  EXPECT_THAT(page, HasSubstr("mmm_server_agent_buffer_bytes{agent=\"hill\",radio=\"meshtastic\"} 300\n"));
  EXPECT_THAT(page, HasSubstr("mmm_server_agent_buffer_bytes{agent=\"hill\",radio=\"meshtastic_2\"} 200\n"));
  EXPECT_THAT(page, HasSubstr("mmm_server_agent_cpu_seconds_total{agent=\"hill\"} 2.5\n"));
  const auto first = page.find("mmm_server_agent_resident_memory_bytes{agent=\"hill\"} 16000000\n");
  ASSERT_NE(first, std::string::npos) << page;
  EXPECT_EQ(page.find("mmm_server_agent_resident_memory_bytes{", first + 1), std::string::npos) << "once an agent";
}

TEST_F(CarriedMetricsTest, AnUploadWithoutFiguresChangesNothing) {
  upload::UploadHeader header;
  header.set_agent_id("hill");
  metrics_.take(header);
  EXPECT_THAT(text(), Not(HasSubstr("hill")));
}

TEST_F(CarriedMetricsTest, TheSilentAreForgottenAndMakeRoom) {
  for (const char* agent : {"a", "b", "c", "d"}) tell(agent, "meshtastic", 1);
  EXPECT_THAT(text(), HasSubstr("agent=\"c\""));
  EXPECT_THAT(text(), Not(HasSubstr("agent=\"d\"")));
  time_.run_for(context_, 9min);
  tell("a", "meshtastic", 1);
  time_.run_for(context_, 2min);
  tell("d", "meshtastic", 1);
  EXPECT_THAT(text(), HasSubstr("agent=\"a\""));
  EXPECT_THAT(text(), Not(HasSubstr("agent=\"b\"")));
  EXPECT_THAT(text(), HasSubstr("agent=\"d\""));
}

}  // namespace
}  // namespace mmm::ingest
