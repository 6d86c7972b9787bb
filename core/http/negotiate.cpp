#include "core/http/negotiate.h"

#include "core/http/parse/tokens.h"

#include <charconv>

namespace mmm::http {
namespace {

// Calls `visit` with each trimmed, non-empty item of a comma-separated header value.
template <class Visit>
void for_each_item(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto item = trim(list.substr(0, comma));
    if (!item.empty()) visit(item);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
}

// Of "gzip;q=0.5". A weight that is none refuses.
float weight_of(std::string_view item) {
  const auto semicolon = item.find(';');
  if (semicolon == std::string_view::npos) return 1;
  const auto parameter = trim(item.substr(semicolon + 1));
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return 1;
  float weight = 0;
  const auto text = parameter.substr(2);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), weight);
  return parsed.ec == std::errc() ? weight : 0;
}

std::string_view opaque_tag(std::string_view etag) {
  return etag.starts_with("W/") ? etag.substr(2) : etag;
}

}  // namespace

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  bool taken = false;
  bool named = false;
  for_each_item(accept_encoding, [&](std::string_view item) {
    const auto name = trim(item.substr(0, item.find(';')));
    const bool exact = equals_ignoring_case(name, coding);
    if (!exact && (name != "*" || named)) return;
    taken = weight_of(item) > 0;
    named = named || exact;
  });
  return taken;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  bool found = false;
  for_each_item(if_none_match,
                [&](std::string_view item) { found = found || item == "*" || opaque_tag(item) == opaque_tag(etag); });
  return found;
}

}  // namespace mmm::http
