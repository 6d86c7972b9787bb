# mmm_module(NAME SOURCES … DEPS … [PRIVATE_DEPS …] [NO_PCH])
#
# A static library mmm_NAME (alias mmm::NAME) of our own code: warnings on, the project's include root, the shared
# precompiled header. The dependencies written here are the module's arrows; tests/tidy checks the includes against them.
function(mmm_module name)
  cmake_parse_arguments(arg "NO_PCH" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(mmm_${name} STATIC ${arg_SOURCES})
  add_library(mmm::${name} ALIAS mmm_${name})
  target_include_directories(mmm_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(mmm_${name} PUBLIC mmm_build ${arg_DEPS} PRIVATE mmm_warnings ${arg_PRIVATE_DEPS})
  if(NOT arg_NO_PCH)
    mmm_use_precompiled_header(mmm_${name})
  endif()
endfunction()

# mmm_program(NAME SOURCES … DEPS …): an executable in build/<preset>/bin. The target programs builds all of them.
add_custom_target(programs)
function(mmm_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE mmm_build mmm_warnings ${arg_DEPS})
  mmm_use_precompiled_header(${name})
  add_dependencies(programs ${name})
endfunction()

# The standard headers that nearly every file includes, and for what links Asio its own, which take each file that includes
# them one to two seconds of parsing; nothing of ours, so that they are never rebuilt. That no header leans on them is what
# mmm_lone_headers checks. Compiled once and shared by every target, which therefore must not change what clang compares:
# language, sanitizers, optimization. Macros and warnings may differ.
set(mmm_precompiled_headers <algorithm> <array> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <span>
  <string> <string_view> <unordered_map> <utility> <variant> <vector> <fmt/format.h>)
add_library(mmm_precompiled STATIC ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(mmm_precompiled PRIVATE mmm_build fmt::fmt)
target_precompile_headers(mmm_precompiled PRIVATE ${mmm_precompiled_headers})
add_library(mmm_precompiled_asio STATIC ${CMAKE_CURRENT_LIST_DIR}/precompiled.cpp)
target_link_libraries(mmm_precompiled_asio PRIVATE mmm_build mmm_boost fmt::fmt)
target_precompile_headers(mmm_precompiled_asio PRIVATE ${mmm_precompiled_headers}
  <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
  <boost/asio/ip/tcp.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>)

# The target's links are known, and what it links was made before it.
function(mmm_use_precompiled_header target)
  set(uses_asio OFF)
  get_target_property(links ${target} LINK_LIBRARIES)
  foreach(link ${links})
    if(TARGET ${link})
      get_target_property(of_link ${link} MMM_USES_ASIO)
      if(of_link OR link STREQUAL "mmm_separate_compilation")
        set(uses_asio ON)
      endif()
    endif()
  endforeach()
  set_property(TARGET ${target} PROPERTY MMM_USES_ASIO ${uses_asio})
  set(precompiled mmm_precompiled)
  if(uses_asio)
    set(precompiled mmm_precompiled_asio)
  endif()
  target_precompile_headers(${target} REUSE_FROM ${precompiled})
  target_link_libraries(${target} PRIVATE fmt::fmt)
endfunction()
