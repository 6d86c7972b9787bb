#pragma once

#include <string>
#include <string_view>

// Which build this is. In a library of its own (mmm::version), linked by the programs only: a commit changes one file
// and links the programs again, and nothing else.
namespace mmm {

std::string_view version();  // "0.1.0"
std::string_view commit();   // first 12 digits of the commit, or "unknown" when built outside a checkout

// What --version prints: "mmm-server 0.1.0 (4057282d20e2)".
std::string version_line(std::string_view program);

}  // namespace mmm
