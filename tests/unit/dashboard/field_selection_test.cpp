#include "dashboard/api/field_selection.h"

#include <gtest/gtest.h>

namespace mmm::dashboard {
namespace {

constexpr std::string_view kRow = R"({"id":1,"name":"a\",}{","list":[{"id":2},"]"],"place":{"id":3},"last":null})";

http::Request request_for(std::string_view fields) {
  http::Request request;
  request.query.emplace_back("fields", fields);
  return request;
}

std::string selected(std::string_view fields) {
  auto selection = FieldSelection::read(request_for(fields), kRow);
  if (!selection) return "refused: " + selection.error().message;
  JsonWriter json;
  selection->write(json, kRow);
  return json.take();
}

TEST(FieldSelection, KeepsTheNamedMembersWhateverTheirValues) {
  EXPECT_EQ(selected("id,last"), R"({"id":1,"last":null})");
  EXPECT_EQ(selected("name"), R"({"name":"a\",}{"})");
  EXPECT_EQ(selected("list"), R"({"list":[{"id":2},"]"]})");
  EXPECT_EQ(selected("place,id"), R"({"id":1,"place":{"id":3}})");
}

TEST(FieldSelection, SendsWholeRowsWithoutTheParameter) {
  JsonWriter json;
  FieldSelection::read(http::Request{}, kRow)->write(json, kRow);
  EXPECT_EQ(json.text(), kRow);
}

TEST(FieldSelection, RefusesWhatNoRowHas) {
  for (const auto* fields : {"", "ID", "id,,name", "id,nothing"}) {
    EXPECT_TRUE(selected(fields).starts_with("refused: ")) << fields;
  }
  EXPECT_NE(selected("nothing").find("id, name, list, place, last"), std::string::npos);
}

}  // namespace
}  // namespace mmm::dashboard
