# Language, warnings and sanitizers for our own code.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} silently miscompiles coroutines (temporaries of a co_await expression are "
    "destroyed twice). Use clang 19: install the package clang-19 and configure with a preset, "
    "for example: cmake --preset dev")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(MMM_WARNINGS_AS_ERRORS "Treat warnings in our own code as errors" OFF)
set(MMM_SANITIZE "" CACHE STRING "Value for -fsanitize=, for example address,undefined")
option(MMM_COVERAGE "Instrument for source based coverage" OFF)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

# What every object file needs, third party code that we compile included.
add_library(mmm_build INTERFACE)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # ccache can reuse a precompiled header only when it holds no time stamps.
  target_compile_options(mmm_build INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Xclang -fno-pch-timestamp>)
  target_link_options(mmm_build INTERFACE -fuse-ld=lld)
endif()
if(MMM_SANITIZE)
  target_compile_options(mmm_build INTERFACE -fsanitize=${MMM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mmm_build INTERFACE -fsanitize=${MMM_SANITIZE})
endif()
if(MMM_COVERAGE)
  target_compile_options(mmm_build INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(mmm_build INTERFACE -fprofile-instr-generate)
endif()

# Warnings: own code only; generated and third party code links mmm_build alone.
add_library(mmm_warnings INTERFACE)
target_compile_options(mmm_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wunused -Werror=unused-result -Werror=return-type
  $<$<BOOL:${MMM_WARNINGS_AS_ERRORS}>:-Werror>)
