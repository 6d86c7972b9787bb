#include "tests/protobufs_crosscheck/their_side.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace mmm::test {

std::vector<boost::json::object> ask_their_side(const std::string& arguments,
                                                const std::vector<boost::json::object>& input) {
  const TempDir dir;
  const std::string in = (dir / "in").string();
  const std::string out = (dir / "out").string();
  {
    std::ofstream file(in);
    for (const auto& value : input) file << value << '\n';
  }
  const std::string command = fmt::format("cd '{}' && timeout 100 '{}' crosscheck.mjs {} < '{}' > '{}'",
                                          MMM_CROSSCHECK_SITE, MMM_NODE, arguments, in, out);
  const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe): the test has one thread
  EXPECT_EQ(status, 0) << command;
  std::vector<boost::json::object> values;
  std::ifstream file(out);
  for (std::string line; status == 0 && std::getline(file, line);) {
    values.push_back(boost::json::parse(line).as_object());
  }
  return values;
}

}  // namespace mmm::test
