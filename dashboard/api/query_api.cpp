#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/api/parameters.h"
#include "dashboard/query/node_vocabulary.h"
#include "dashboard/query/packet_vocabulary.h"

// What the filter language knows, for completion.
namespace mmm::dashboard {
namespace {

void write_vocabulary(JsonWriter& json, std::string_view name, const query::Vocabulary& vocabulary) {
  json.key(name).begin_object().key("fields").begin_array();
  for (const query::Field& field : vocabulary.fields) {
    json.begin_object().field("name", field.name).field("kind", query::to_string(field.kind));
    json.text_field("unit", field.unit).field("meaning", field.meaning).field("example", field.example);
    if (field.names != nullptr) {
      json.key("values").begin_array();
      for (const query::NamedValue& value : field.names().values) {
        json.begin_object().field("name", value.name).field("number", value.number);
        json.field("full_name", value.full_name).end_object();
      }
      json.end_array();
    }
    json.end_object();
  }
  json.end_array().key("traits").begin_array();
  for (const query::TraitName& trait : vocabulary.traits) {
    json.begin_object().field("name", trait.name).field("meaning", trait.meaning).end_object();
  }
  json.end_array().end_object();
}

std::string fields_json() {
  JsonWriter json;
  json.begin_object();
  write_vocabulary(json, "packets", query::packet_vocabulary());
  write_vocabulary(json, "nodes", query::node_vocabulary());
  json.end_object();
  return json.take();
}

}  // namespace

// Has nothing to wait for.
boost::asio::awaitable<http::Response> get_query_fields(Api&, http::Request& request) {
  if (auto known = check_parameters(request, {}); !known) co_return bad_request(known.error());
  co_return json_answer(fields_json(), "", AnswerOptions(request));
}

}  // namespace mmm::dashboard
