# mmm_embed_web(TARGET FOLDER): builds the web application in FOLDER with npm and compiles its files into TARGET, as
# dashboard/static_files.h describes them.
#
# The built files stand in FOLDER/dist, shared by all presets: a preset builds them again only when their inputs changed
# (embed/build_web.sh keeps a fingerprint). With MMM_BUILD_WEB off, npm is not needed: files already built elsewhere are
# taken from MMM_WEB_DIST, and without it the program has no pages.
set(MMM_WEB_DIST "" CACHE PATH "Folder of an already built web application to embed when MMM_BUILD_WEB is off")
set(MMM_EMBED_DIR ${CMAKE_CURRENT_LIST_DIR}/embed)

function(mmm_embed_web target folder)
  set(generated ${PROJECT_BINARY_DIR}/generated/dashboard/static_files_data.cpp)
  set(dist ${MMM_WEB_DIST})
  set(inputs ${MMM_EMBED_DIR}/generate_static_files.cmake)
  set(build_command ${CMAKE_COMMAND} -E true)
  if(MMM_BUILD_WEB)
    find_program(NPM npm)
    if(NOT NPM)
      message(FATAL_ERROR "npm was not found: install the Debian packages nodejs and npm, or configure with "
        "-DMMM_BUILD_WEB=OFF for a server without pages")
    endif()
    file(GLOB_RECURSE web_inputs CONFIGURE_DEPENDS ${folder}/src/* ${folder}/build/* ${folder}/public/*)
    list(APPEND inputs ${web_inputs} ${folder}/index.html ${folder}/api-docs.html ${folder}/package.json ${folder}/package-lock.json
      ${folder}/tsconfig.json ${folder}/vite.config.ts ${MMM_EMBED_DIR}/build_web.sh)
    set(dist ${folder}/dist)
    set(build_command sh ${MMM_EMBED_DIR}/build_web.sh ${folder} ${NPM})
  endif()
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${build_command}
    COMMAND ${CMAKE_COMMAND} -DDIST=${dist} -DOUT=${generated} -P ${MMM_EMBED_DIR}/generate_static_files.cmake
    DEPENDS ${inputs}
    COMMENT "Building and embedding the web application"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated})
  set_source_files_properties(${generated} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
