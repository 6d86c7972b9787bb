#pragma once

#include <span>
#include <string_view>

// The built web application, part of the program's own image. The table is generated from the files that
// dashboard/web's build leaves (see cmake/embed.cmake); nothing is copied at run time.
namespace mmm::dashboard {

// One file in up to three encodings. Every view points into the program's read-only data and lives as long as it.
struct StaticFile {
  std::string_view path;  // from the site's root, without leading slash: "assets/index-B1c2.js"
  std::string_view content_type;
  std::string_view etag;  // with its quotes; of the identity bytes
  std::string_view body;
  std::string_view gzip;    // empty: not kept in this encoding
  std::string_view brotli;  // empty: not kept in this encoding
  bool immutable = false;   // the name changes with the content, so it may be cached for ever
};

// Every file, rising by path. Empty when the program was built without the web application.
std::span<const StaticFile> static_files();

// The file of that path in a table that rises by path; null when there is none.
const StaticFile* find_static_file(std::span<const StaticFile> files, std::string_view path);

}  // namespace mmm::dashboard
