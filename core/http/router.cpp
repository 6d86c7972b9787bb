#include "core/http/router.h"

#include "core/base/check.h"

#include <array>

namespace mmm::http {

namespace {

// In the order of precedence.
enum class SegmentKind : std::uint8_t { kLiteral, kParameter, kRest };

SegmentKind kind_of(std::string_view segment) {
  if (!segment.starts_with('{')) return SegmentKind::kLiteral;
  return segment.ends_with("...}") ? SegmentKind::kRest : SegmentKind::kParameter;
}

std::string_view name_of(std::string_view segment) {
  return segment.substr(1, segment.size() - (kind_of(segment) == SegmentKind::kRest ? 5 : 2));
}

// Takes the next segment off the front of `rest`, which begins with its slash.
std::string_view take_segment(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('/', 1), rest.size());
  const std::string_view segment = rest.substr(1, end - 1);
  rest.remove_prefix(end);
  return segment;
}

bool matches(const std::vector<std::string>& segments, std::string_view path) {
  for (const std::string& segment : segments) {
    const SegmentKind kind = kind_of(segment);
    if (kind == SegmentKind::kRest) return !path.empty();
    if (path.empty()) return false;
    const std::string_view given = take_segment(path);
    if (kind == SegmentKind::kLiteral ? given != segment : given.empty()) return false;
  }
  return path.empty();
}

// Both match the same path: true when `a` says more about it.
bool wins(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (kind_of(a[i]) != kind_of(b[i])) return kind_of(a[i]) < kind_of(b[i]);
  }
  return false;
}

bool same_kinds(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.size() == b.size() && !wins(a, b) && !wins(b, a);
}

std::string_view name_of(Method method) {
  constexpr std::array<std::string_view, 7> kNames{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "OTHER"};
  return kNames.at(static_cast<std::size_t>(method));
}

void add_method(std::string& allow, Method method) {
  if (!allow.empty()) allow += ", ";
  allow += name_of(method);
  if (method == Method::kGet) allow += ", HEAD";
}

std::vector<std::pair<std::string, std::string>> params_of(const Router::Route& route, std::string_view path) {
  std::vector<std::pair<std::string, std::string>> params;
  for (const std::string& segment : route.segments) {
    const SegmentKind kind = kind_of(segment);
    if (kind == SegmentKind::kRest) {
      params.emplace_back(name_of(segment), path.substr(1));
      break;
    }
    const std::string_view given = take_segment(path);
    if (kind == SegmentKind::kParameter) params.emplace_back(name_of(segment), given);
  }
  return params;
}

}  // namespace

void Router::add(Method method, std::string_view pattern, Handler handler, std::size_t body_limit, HeadCheck check) {
  MMM_CHECK(pattern.starts_with('/') && handler != nullptr && method != Method::kOther);
  Route route{method, std::string(pattern), {}, std::move(handler), body_limit, std::move(check)};
  for (std::string_view rest = pattern; !rest.empty();) {
    const std::string_view segment = take_segment(rest);
    const SegmentKind kind = kind_of(segment);
    MMM_CHECK(kind == SegmentKind::kLiteral || (segment.ends_with('}') && !name_of(segment).empty()));
    MMM_CHECK(kind != SegmentKind::kRest || rest.empty());
    route.segments.emplace_back(segment);
  }
  for (const Route& other : routes_) MMM_CHECK(other.method != method || other.pattern != pattern);
  routes_.push_back(std::move(route));
}

Router::Match Router::match(Method method, std::string_view path) const {
  const std::vector<std::string>* best = nullptr;
  const Route* exact = nullptr;
  const Route* get = nullptr;
  Match match;
  if (!path.starts_with('/')) return match;
  for (const Route& route : routes_) {
    if (!matches(route.segments, path)) continue;
    if (best != nullptr && !same_kinds(route.segments, *best)) {
      if (!wins(route.segments, *best)) continue;
      exact = nullptr;
      get = nullptr;
      match.allow.clear();
    }
    best = &route.segments;
    if (route.method == method) exact = &route;
    if (route.method == Method::kGet) get = &route;
    add_method(match.allow, route.method);
  }
  if (exact == nullptr && method == Method::kHead) exact = get;
  if (exact == nullptr) return match;
  match.route = exact;
  match.allow.clear();
  match.params = params_of(*exact, path);
  return match;
}

}  // namespace mmm::http
