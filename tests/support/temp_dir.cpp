#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cerrno>
#include <iostream>
#include <string>
#include <system_error>

namespace mmm::test {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mmm-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "make the temporary directory " + pattern);
  }
  path_ = pattern;
}

TempDir::~TempDir() {
  if (::testing::Test::HasFailure()) {
    std::cerr << "files of the failed test are kept in " << path_.string() << '\n';
    return;
  }
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  if (error) std::cerr << "cannot remove " << path_.string() << ": " << error.message() << '\n';
}

}  // namespace mmm::test
