#pragma once

#include <string>
#include <string_view>

namespace mmm::dashboard {

// The text as content or attribute of XML 1.0; what no XML may hold (control characters) becomes U+FFFD.
std::string xml_text(std::string_view text);

}  // namespace mmm::dashboard
