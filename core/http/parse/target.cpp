#include "core/http/parse/target.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/http/parse/tokens.h"

namespace mmm::http {

namespace {

enum class Part : std::uint8_t { kPath, kQuery };

Parsed<> decode_percent(std::string_view text, Part part, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return refuse(400, "The request target has a % that is not followed by two hexadecimal digits.");
      c = static_cast<char>(high * 16 + low);
      if (part == Part::kPath && c == '/') return refuse(400, "The path contains an escaped slash.");
      i += 2;
    } else if (c == '+' && part == Part::kQuery) {
      c = ' ';
    }
    if (is_control(c)) return refuse(400, "The request target contains a control character.");
    out.push_back(c);
  }
  if (!is_valid_utf8(out)) return refuse(400, "The request target is not UTF-8.");
  return {};
}

bool has_dot_segment(std::string_view path) {
  std::size_t begin = 1;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

Parsed<> parse_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (query.size() == limits::kHttpQueryPairsMax) return refuse(400, "The query has too many parameters.");
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto& [name, value] = query.emplace_back();
    if (auto decoded = decode_percent(pair.substr(0, equals), Part::kQuery, name); !decoded) return decoded;
    const std::string_view rest = pair.substr(std::min(equals + 1, pair.size()));
    if (auto decoded = decode_percent(rest, Part::kQuery, value); !decoded) return decoded;
  }
  return {};
}

// The absolute form, which servers must accept: only its path and query matter here.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    return target;
  }
  return target;
}

}  // namespace

Parsed<> parse_target(std::string_view target, std::string& path,
                      std::vector<std::pair<std::string, std::string>>& query) {
  query.clear();
  if (target == "*") {
    path = target;
    return {};
  }
  const bool absolute = !target.starts_with('/');
  const std::string_view origin = absolute ? without_authority(target) : target;
  if (absolute && origin.size() == target.size()) return refuse(400, "The request target does not begin with a slash.");
  const std::size_t mark = std::min(origin.find('?'), origin.size());
  const std::string_view raw_path = mark == 0 ? std::string_view("/") : origin.substr(0, mark);
  if (auto decoded = decode_percent(raw_path, Part::kPath, path); !decoded) return decoded;
  if (has_dot_segment(path)) return refuse(400, "The path contains a . or .. segment.");
  return parse_query(origin.substr(std::min(mark + 1, origin.size())), query);
}

}  // namespace mmm::http
