# cmake -DDIST=folder -DOUT=file.cpp -P generate_static_files.cmake
#
# Writes the table of dashboard/static_files.h for the files below DIST. Their bytes are taken in by the assembler
# (.incbin), one behind the other, so that compiling takes no time however large they are. FILE.gz and FILE.br beside
# FILE are its encodings. DIST empty: an empty table.

function(content_type path out)
  set(types
    html "text/html; charset=utf-8" js "text/javascript; charset=utf-8" css "text/css; charset=utf-8"
    json "application/json" svg "image/svg+xml" png "image/png" webmanifest "application/manifest+json"
    pbf "application/x-protobuf" txt "text/plain; charset=utf-8")
  string(REGEX MATCH "[^.]*$" extension "${path}")
  list(FIND types "${extension}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "no content type for ${path}: add its extension to generate_static_files.cmake")
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  set(${out} "${type}" PARENT_SCOPE)
endfunction()

set(assembly "")
set(entries "")
set(offset 0)

# Appends FILE's bytes and sets `piece` to the C++ expression that views them; empty braces when there is no such file.
macro(take_in file)
  set(piece "{}")
  if(EXISTS "${file}")
    file(SIZE "${file}" size)
    string(APPEND assembly "\"  .incbin \\\"${file}\\\"\\n\"\n")
    set(piece "at(${offset}, ${size})")
    math(EXPR offset "${offset} + ${size}")
  endif()
endmacro()

if(DIST)
  # file(GLOB) sorts by path byte for byte, which is the order that the look-up needs.
  file(GLOB_RECURSE files RELATIVE ${DIST} ${DIST}/*)
  list(FILTER files EXCLUDE REGEX "\\.(gz|br)$|(^|/)\\.[^/]*$")
  list(SORT files COMPARE STRING CASE SENSITIVE)
  foreach(path ${files})
    content_type(${path} type)
    file(SHA256 ${DIST}/${path} hash)
    string(SUBSTRING ${hash} 0 32 hash)
    set(immutable false)
    if(path MATCHES "^assets/")
      set(immutable true)
    endif()
    take_in(${DIST}/${path})
    set(body "${piece}")
    take_in(${DIST}/${path}.gz)
    set(gzip "${piece}")
    take_in(${DIST}/${path}.br)
    string(APPEND entries
      "    {\"${path}\", \"${type}\", \"\\\"${hash}\\\"\", ${body}, ${gzip}, ${piece}, ${immutable}},\n")
  endforeach()
endif()

set(head "// Generated from the built web application.\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n#include \"dashboard/static_files.h\"\n\n")
if(entries STREQUAL "")
  file(WRITE ${OUT} "${head}namespace mmm::dashboard {\nstd::span<const StaticFile> static_files() { return {}; }\n}\n")
  return()
endif()
file(WRITE ${OUT} "${head}asm(\n\"  .pushsection .rodata.mmm_web_files,\\\"a\\\",%progbits\\n\"\n\"  .globl mmm_web_files\\n\"\n"
  "\"  .hidden mmm_web_files\\n\"\n\"mmm_web_files:\\n\"\n${assembly}\"  .popsection\\n\");\n\n"
  "extern \"C\" const char mmm_web_files[];\n\nnamespace mmm::dashboard {\nnamespace {\n"
  "std::string_view at(unsigned long offset, unsigned long size) { return {mmm_web_files + offset, size}; }\n}\n\n"
  "std::span<const StaticFile> static_files() {\n  static const StaticFile kFiles[] = {\n${entries}  };\n  return kFiles;\n}\n}\n")
