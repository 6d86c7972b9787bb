#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::perf {

// One agent's uploads: always the same payloads, each time with the next sequence numbers, which are put into the
// encoded body in place. Making the next one costs a few microseconds, so that a load generator leaves the machine to
// the server.
class SampleUpload {
 public:
  // `agent` numbers the agent; payloads are of the size and kind of a real mesh's, 60 % of them not compressible.
  SampleUpload(unsigned agent, std::size_t records);

  // The body with the sequence numbers after those of the last call. Valid until the next call.
  std::string_view next();
  [[nodiscard]] std::uint64_t last_seq() const { return next_seq_ - 1; }
  [[nodiscard]] std::size_t records() const { return seq_offsets_.size(); }

 private:
  std::string body_;
  std::vector<std::size_t> seq_offsets_;
  std::uint64_t next_seq_;
};

}  // namespace mmm::perf
