#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::ingest {

// Shows on standard error how far something is, with its speed and the time left: one line that is written over on a
// terminal, else a line now and then.
class ProgressLine {
 public:
  // `unit`: what is counted, "records" or "MiB".
  ProgressLine(std::string what, std::string unit);

  // `share`: 0 to 1; `count`: of the unit, since this object was made.
  void show(double share, double count);
  // Ends the line with its last state, so that something else can be printed.
  void end(std::string_view outcome);

 private:
  void print(const std::string& text);

  std::string what_;
  std::string unit_;
  bool terminal_;
  std::int64_t begun_us_;
  std::int64_t shown_us_ = 0;
  double first_share_ = -1;
};

}  // namespace mmm::ingest
