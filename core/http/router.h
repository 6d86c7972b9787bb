#pragma once

#include "core/http/message.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::http {

// Looks at a request's head alone (its body is empty still); what it returns is the answer, and the body is not read.
// It may note in the request who sends it. Called on the connection's thread; must not block.
using HeadCheck = std::function<std::optional<Response>(Request&)>;

// The table of routes. Filled before the server starts, then only read, from every I/O thread.
class Router {
 public:
  // `pattern` is a path whose segments may be `{name}` (matches one segment, not an empty one, see Request::param) or,
  // last, `{name...}` (the rest, which may be empty). A literal segment wins over a parameter, and that over a rest;
  // the pattern that wins decides which methods the path has. `body_limit` bounds the request's body in bytes, before
  // it is read; 0 allows none. A pattern of another form, or one given twice for a method, is a bug and aborts.
  // `check` looks at the request before its body is read.
  void add(Method method, std::string_view pattern, Handler handler, std::size_t body_limit = 0,
           HeadCheck check = nullptr);

  // Looks at every request before its route's own check, those included that no route matches. Null: none.
  void set_front_check(HeadCheck check) { front_check_ = std::move(check); }
  [[nodiscard]] const HeadCheck& front_check() const { return front_check_; }

  struct Route {
    Method method;
    std::string pattern;  // as given: the metrics' label, so that it stays bounded
    std::vector<std::string> segments;
    Handler handler;
    std::size_t body_limit;
    HeadCheck check;  // null: none
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
  HeadCheck front_check_;
};

}  // namespace mmm::http
