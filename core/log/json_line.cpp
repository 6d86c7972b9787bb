#include "core/log/json_line.h"

#include "core/base/encoding.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace mmm::log {

std::string to_json(const Line& line) {
  const auto time = std::chrono::floor<std::chrono::milliseconds>(line.time);
  return boost::json::serialize(boost::json::object{{"time", to_iso8601(time)},
                                                    {"level", to_string(line.level)},
                                                    {"component", line.component},
                                                    {"message", sanitize_utf8(line.text)}});
}

}  // namespace mmm::log
