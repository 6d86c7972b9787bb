#include "tests/unit/mesh/capture.h"

#include "core/mesh/decode.h"
#include "core/mesh/frame_codec.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace mmm::test {

std::string read_capture(std::string_view name) {
  const std::string path = std::string(MMM_FIXTURES) + "/captures/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> capture_frames(std::string_view name) {
  const std::string bytes = read_capture(name);
  mesh::FrameDecoder decoder;
  std::vector<std::string> frames;
  EXPECT_EQ(decoder.push(bytes), bytes.size());
  while (const auto frame = decoder.next()) frames.emplace_back(*frame);
  return frames;
}

std::vector<mesh::FromRadio> capture_messages(std::string_view name) {
  std::vector<mesh::FromRadio> messages;
  for (const std::string& frame : capture_frames(name)) {
    auto message = mesh::decode_from_radio(frame);
    EXPECT_TRUE(message);
    if (message) messages.push_back(*std::move(message));
  }
  return messages;
}

}  // namespace mmm::test
