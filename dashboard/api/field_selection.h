#pragma once

#include "core/base/result.h"
#include "core/http/message.h"
#include "dashboard/api/json_writer.h"

#include <string>
#include <string_view>
#include <vector>

namespace mmm::dashboard {

// The parameter `fields` of lists: which members of each row are sent. Without it, all.
class FieldSelection {
 public:
  // `example`: a row of the list as JSON, whose members are what can be asked for. Fails with kInvalidArgument.
  static Result<FieldSelection> read(const http::Request& request, std::string_view example);

  // Writes a row, which is given as a JSON object, as the next value.
  void write(JsonWriter& json, std::string_view object) const;

 private:
  std::vector<std::string> names_;
};

// A row as `write_row(JsonWriter&, const Row&)` writes it.
template <class Row, class WriteRow>
std::string row_json(const Row& row, const WriteRow& write_row) {
  JsonWriter json;
  write_row(json, row);
  return json.take();
}

}  // namespace mmm::dashboard
