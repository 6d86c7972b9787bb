# Run by each build: writes OUT, the definitions of core/base/version.h, when the version or the commit changed.
set(commit "unknown")
if(COMMIT)
  set(commit ${COMMIT})
else()
  find_program(GIT git)
endif()
if(GIT)
  # A build in a copy of the sources inside somebody else's checkout must not name that one's commit.
  execute_process(COMMAND ${GIT} rev-parse --show-prefix --short=12 HEAD
    WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND answer MATCHES "^\n?([0-9a-f]+)$")
    set(commit ${CMAKE_MATCH_1})
  endif()
endif()

set(text "#include \"core/base/version.h\"

namespace mmm {

std::string_view version() { return \"${VERSION}\"; }
std::string_view commit() { return \"${commit}\"; }

}  // namespace mmm
")
set(before "")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${OUT} "${text}")
endif()
