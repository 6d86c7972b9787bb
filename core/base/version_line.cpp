#include "core/base/version.h"

#include <fmt/format.h>

namespace mmm {

std::string version_line(std::string_view program) {
  return fmt::format("{} {} ({})", program, version(), commit());
}

}  // namespace mmm
