#pragma once

#include <string>
#include <string_view>

namespace mmm::dashboard {

// What a person sent, cut and made valid UTF-8, to be shown to them in an answer.
std::string shown(std::string_view text);

}  // namespace mmm::dashboard
