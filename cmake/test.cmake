# mmm_test(NAME SOURCES … DEPS … [LABEL unit|integration] [THREADS] [TIMEOUT s]): a GoogleTest program and its tests in
# ctest, each with its own entry. Label unit (the default) is what an edit-and-test loop runs; integration starts real
# processes. THREADS: it runs code on several threads, and is built and run by ops/test under the thread sanitizer too.
#
# The targets unit_tests, integration_tests, thread_tests and fuzzers build these programs and nothing else.
add_custom_target(unit_tests)
add_custom_target(integration_tests)
add_custom_target(thread_tests)
add_custom_target(fuzzers)

function(mmm_test name)
  cmake_parse_arguments(arg "THREADS" "LABEL;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mmm_test(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE mmm_build mmm_warnings ${arg_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE MMM_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures")
  mmm_use_precompiled_header(${name})
  add_dependencies(${arg_LABEL}_tests ${name})
  if(arg_THREADS)
    # One label that both `ctest -L unit` and `ctest -L threads` match: gtest_discover_tests cannot pass on a list.
    string(APPEND arg_LABEL _threads)
    add_dependencies(thread_tests ${name})
  endif()
  gtest_discover_tests(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} DISCOVERY_TIMEOUT 60)
endfunction()

# mmm_fuzzer(NAME SOURCES … DEPS …): a libFuzzer program; its corpus is tests/fuzz/corpus/NAME.
function(mmm_fuzzer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE mmm_build mmm_warnings ${arg_DEPS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  mmm_use_precompiled_header(${name})
  add_dependencies(fuzzers ${name})
endfunction()
