#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace mmm::test {

// Runs crosscheck.mjs with these arguments and one line of JSON for each value on its standard input; gives the values
// it prints. The test fails, and nothing comes back, when it does not end well.
std::vector<boost::json::object> ask_their_side(const std::string& arguments,
                                                const std::vector<boost::json::object>& input = {});

}  // namespace mmm::test
