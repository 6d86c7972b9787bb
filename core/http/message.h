#pragma once

#include "core/base/result.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Requests and responses as the rest of the program sees them. Beast stops in core/http's .cpp files.
namespace mmm::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kOptions, kOther };

struct Header {
  std::string name;
  std::string value;
};

// Who sends a request, as far as its key tells.
struct Identity {
  std::vector<std::string> names;  // under which the key is known, in lower case
  bool own_only = false;           // the key is good for what has one of these names, and for nothing else
  bool guessable = true;           // the key is so short that somebody may hit it by trying
};

// A request whose head and body have been read whole and are within the limits.
struct Request {
  Method method = Method::kGet;
  std::string path;                                         // percent-decoded, starts with '/'
  std::vector<std::pair<std::string, std::string>> query;   // percent-decoded, in order
  std::vector<std::pair<std::string, std::string>> params;  // what the route's {name} segments matched
  std::vector<Header> headers;                              // names in lower case
  std::string body;
  // Without port. Of the connection, or the one that a trusted proxy names.
  std::string remote_address;
  bool via_proxy = false;  // it came from a trusted proxy
  // What the route's check has found out, for its handler; null: nothing.
  std::shared_ptr<const Identity> identity;

  // The first header of that lower-case name; empty view when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  // The first query parameter of that name.
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
  // The segment that the route's {name} matched; empty when the route has no such segment.
  [[nodiscard]] std::string_view param(std::string_view name) const;
};

// What a streaming response writes to. Lives as long as the stream function runs.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // Sends the bytes as one chunk; suspends until the socket took them. Fails with kClosed when the client is gone and
  // kTimeout when it does not read, or too slowly. One write at a time.
  virtual boost::asio::awaitable<Result<>> write(std::string_view bytes) = 0;
  // What is sent is not the whole: the connection is closed without the end of the response, so that the client can
  // tell.
  virtual void set_broken() = 0;
};

// Runs on the connection's thread until it returns; the connection is closed after it. Cancelled (its next suspended
// operation ends with operation_aborted) when the client goes away and when the server stops.
using StreamFunction = std::function<boost::asio::awaitable<void>(StreamWriter&)>;

struct Response {
  int status = 200;
  // Content-Length, Transfer-Encoding, Connection and Date are the server's: here they are ignored.
  std::vector<Header> headers;
  std::string body;
  // Static bytes (an embedded file) instead of body: not copied. Must live as long as the server.
  std::string_view static_body;
  // When set, body is ignored and the response is sent chunked by this function.
  StreamFunction stream;
};

// A response with Content-Type application/json.
Response json_response(std::string body, int status = 200);

// An RFC 9457 problem document: `title` names the kind of problem, `detail` says what happened and what to do.
Response problem(int status, std::string_view title, std::string_view detail);

// The same with a Retry-After header, for 429 and 503.
Response problem_retry_after(int status, std::string_view title, std::string_view detail, int retry_after_seconds);

// Called on the connection's thread; must not block (offload what does). The request lives until it has returned.
using Handler = std::function<boost::asio::awaitable<Response>(Request&)>;

}  // namespace mmm::http
