#pragma once

#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::test {

// The keys that tables of docs/configuration.md name between two headings (and in the log's, which is for both
// programs) and that `sample` has neither as a line nor as a comment.
inline std::vector<std::string> documented_keys_missing_in(std::string_view sample, std::string_view from,
                                                           std::string_view to) {
  std::ifstream file(std::string(MMM_FIXTURES) + "/../../docs/configuration.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto part = [&text](std::string_view begin, std::string_view end) {
    const auto first = text.find(begin);
    return first == std::string::npos ? std::string() : text.substr(first, text.find(end, first + 1) - first);
  };
  const std::string tables = part("## The log", "## mmm-agent") + part(from, to);
  const std::string lines(sample);
  std::vector<std::string> missing;
  const std::regex row(R"(\n\| ([a-z0-9_, ]+) \|)");
  for (std::sregex_iterator match(tables.begin(), tables.end(), row), end; match != end; ++match) {
    const std::string keys = (*match)[1];
    const std::regex name("[a-z0-9_]+");
    for (std::sregex_iterator key(keys.begin(), keys.end(), name); key != std::sregex_iterator(); ++key) {
      const std::string wanted = key->str();
      if (wanted == "key" || wanted == "path") continue;  // the tables' heads; the Python version's database
      if (!std::regex_search(lines, std::regex("(^|\n)(# )?" + wanted + " = "))) missing.push_back(wanted);
    }
  }
  if (tables.size() < 1000) missing.emplace_back("the tables themselves");
  return missing;
}

}  // namespace mmm::test
