# mmm_embed_text(<file> <namespace> <constant> <out variable>): makes a text file a constant of the program; <out variable>
# is the source to compile. For short texts: longer ones than a string literal may be need the assembler.
set(MMM_EMBED_TEXT_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/write_text_source.cmake)
function(mmm_embed_text file namespace constant out)
  get_filename_component(name ${file} NAME_WE)
  string(REPLACE "::" "_" folder ${namespace})
  set(source ${PROJECT_BINARY_DIR}/generated/text/${folder}_${name}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_CURRENT_SOURCE_DIR}/${file} -DNAMESPACE=${namespace} -DCONSTANT=${constant} -DOUT=${source}
            -P ${MMM_EMBED_TEXT_SCRIPT}
    DEPENDS ${file} ${MMM_EMBED_TEXT_SCRIPT}
    VERBATIM)
  set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  set(${out} ${source} PARENT_SCOPE)
endfunction()
