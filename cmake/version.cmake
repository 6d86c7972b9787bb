# mmm::version: core/base/version.h. The commit is looked up by each build, not only when CMake runs, and the generated
# file is touched only when it changed. An image is built without the repository and told the commit.
set(MMM_COMMIT "" CACHE STRING "The commit of these sources; empty: git is asked")
set(MMM_VERSION_CPP ${PROJECT_BINARY_DIR}/generated/core/base/version.cpp)
add_custom_target(mmm_version_file
  COMMAND ${CMAKE_COMMAND} -DVERSION=${PROJECT_VERSION} -DSOURCE=${PROJECT_SOURCE_DIR} -DCOMMIT=${MMM_COMMIT} -DOUT=${MMM_VERSION_CPP}
    -P ${CMAKE_CURRENT_LIST_DIR}/write_version.cmake
  BYPRODUCTS ${MMM_VERSION_CPP}
  COMMENT "Looking up the commit"
  VERBATIM)
