# What the sanitizer presets build: cmake --build --preset asan --target unit_tests.
add_custom_target(unit_tests)
add_custom_target(thread_tests)

# mmm_test(NAME SOURCES … DEPS … [LABELS label] [TIMEOUT s]): a GoogleTest program and its tests in ctest, each with its own
# ctest entry. Label unit (the default) is what an edit-and-test loop runs; integration starts real processes. THREADS:
# several threads are at work, so the tests run under the thread sanitizer as well.
function(mmm_test name)
  cmake_parse_arguments(arg "THREADS" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  if("unit" IN_LIST arg_LABELS)
    add_dependencies(unit_tests ${name})
  endif()
  if(arg_THREADS)
    # One word, because gtest_discover_tests splits a list; ctest -L takes a regular expression, so both names find it.
    set(arg_LABELS "${arg_LABELS}-threads")
    add_dependencies(thread_tests ${name})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE mmm_build mmm_warnings ${arg_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE MMM_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures")
  mmm_use_precompiled_header(${name})
  gtest_discover_tests(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} DISCOVERY_TIMEOUT 60)
endfunction()

# mmm_fuzzer(NAME SOURCES … DEPS …): a libFuzzer program; its corpus is tests/fuzz/corpus/NAME.
function(mmm_fuzzer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE mmm_build mmm_warnings ${arg_DEPS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  mmm_use_precompiled_header(${name})
endfunction()
