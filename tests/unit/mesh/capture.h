#pragma once

#include "core/mesh/from_radio.pb.h"

#include <string>
#include <string_view>
#include <vector>

namespace mmm::test {

// The bytes of tests/fixtures/captures/NAME; the test fails when they cannot be read.
std::string read_capture(std::string_view name);

// The payloads of all its frames.
std::vector<std::string> capture_frames(std::string_view name);

// The same as messages of a radio.
std::vector<mesh::FromRadio> capture_messages(std::string_view name);

}  // namespace mmm::test
