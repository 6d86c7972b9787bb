#pragma once

#include "core/http/message.h"

#include <string>
#include <string_view>
#include <vector>

namespace mmm::http {

// The table of routes. Filled before the server starts, then only read, from every I/O thread.
class Router {
 public:
  // `pattern` is a path whose segments may be `{name}` (matches one segment, not an empty one, see Request::param) or,
  // last, `{name...}` (the rest, which may be empty). A literal segment wins over a parameter, and that over a rest;
  // the pattern that wins decides which methods the path has. `body_limit` bounds the request's body in bytes, before
  // it is read; 0 allows none. A pattern of another form, or one given twice for a method, is a bug and aborts.
  void add(Method method, std::string_view pattern, Handler handler, std::size_t body_limit = 0);

  struct Route {
    Method method;
    std::string pattern;  // as given: the metrics' label, so that it stays bounded
    std::vector<std::string> segments;
    Handler handler;
    std::size_t body_limit;
  };

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not this method
    std::vector<std::pair<std::string, std::string>> params;
    std::string allow;  // when the path exists with other methods only: the value of the Allow header
  };

  // HEAD is answered by the route of GET, unless it has one of its own.
  [[nodiscard]] Match match(Method method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace mmm::http
