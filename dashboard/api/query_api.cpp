#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/api/parameters.h"
#include "dashboard/query/fields.h"

// What the filter language knows, for completion.
namespace mmm::dashboard {
namespace {

std::string fields_json() {
  JsonWriter json;
  json.begin_object().key("fields").begin_array();
  for (const query::Field& field : query::fields()) {
    json.begin_object().field("name", field.name).field("kind", query::to_string(field.kind));
    json.text_field("unit", field.unit).field("meaning", field.meaning).field("example", field.example).end_object();
  }
  json.end_array().key("ports").begin_array();
  for (const query::PortName& port : query::port_names()) {
    json.begin_object().field("name", port.name).field("port", port.port).field("full_name", port.full_name);
    json.end_object();
  }
  json.end_array().key("traits").begin_array();
  for (const query::TraitName& trait : query::trait_names()) {
    json.begin_object().field("name", trait.name).field("meaning", trait.meaning).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace

// Has nothing to wait for.
boost::asio::awaitable<http::Response> get_query_fields(Api&, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  co_return json_answer(fields_json(), "", AnswerOptions(request));
}

}  // namespace mmm::dashboard
