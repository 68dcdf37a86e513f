#include "asyncapi/schema.hpp"

#include <gtest/gtest.h>

#include "asyncapi/schema_rows.hpp"

namespace usher::asyncapi {
namespace {

struct EmbeddingCase {
  const char* name;
  const char* schema;
  const char* expected;
};

constexpr EmbeddingCase embedding_cases[] = {
    {"a boolean stays", "false", "false"},
    {"the root", R"({"items":{"$ref":"#"}})", R"({"items":{"$ref":"#/p"}})"},
    {"a definition", R"({"definitions":{"a":{}},"not":{"$ref":"#/definitions/a"}})",
     R"({"definitions":{"a":{}},"not":{"$ref":"#/p/definitions/a"}})"},
    {"a percent-encoded pointer", R"({"definitions":{"a b":{}},"not":{"$ref":"#/definitions/a%20b"}})",
     R"({"definitions":{"a b":{}},"not":{"$ref":"#/p/definitions/a%20b"}})"},
    {"nothing there", R"({"$ref":"#/definitions/a"})",
     R"({"description":"As #/definitions/a describes it, which is not part of this document."})"},
    {"another file", R"({"$ref":"b.json"})",
     R"({"description":"As b.json describes it, which is not part of this document."})"},
    {"no pointer", R"({"$ref":"#a~3"})",
     R"({"description":"As #a~3 describes it, which is not part of this document."})"},
    {"cut percent", R"({"$ref":"#/%2"})",
     R"({"description":"As #/%2 describes it, which is not part of this document."})"},
    {"names of its own", R"({"$id":"http://a/","$schema":"http://b/","type":"null"})", R"({"type":"null"})"},
    {"a property of that name", R"({"properties":{"$id":{"type":"null"},"$ref":{"type":"null"}}})",
     R"({"properties":{"$id":{"type":"null"},"$ref":{"type":"null"}}})"},
    {"data is left alone", R"({"const":{"$id":1},"enum":[{"$ref":2}]})", R"({"const":{"$id":1},"enum":[{"$ref":2}]})"},
};

TEST(Schema, IsEmbedded) {
  for (const EmbeddingCase& one : embedding_cases) {
    SCOPED_TRACE(one.name);
    EXPECT_EQ(embed_schema(parse_json(one.schema).value(), "#/p").dump(), one.expected);
  }
}

TEST(Schema, IsNothingWhenItIsNotJson) {
  EXPECT_FALSE(parse_json(""));
  EXPECT_FALSE(parse_json("{"));
  EXPECT_TRUE(parse_json("null"));
}

struct RowsCase {
  const char* name;
  const char* schema;
  const char* expected;  ///< `name|form|presence|note;` for each row
};

constexpr RowsCase rows_cases[] = {
    {"anything", "{}", "|any value|required|;"},
    {"nothing", "false", "|nothing|required|;"},
    {"a scalar", R"({"type":"string","maxLength":5})", "|string|required|At most 5 characters.;"},
    {"properties", R"({"properties":{"a":{"const":1},"b":{"enum":[1,"x"],"description":"B."}},"required":["a"]})",
     "a|always `1`|required|;b|one of `1`, `\"x\"`|optional|B.;"},
    {"nested", R"({"properties":{"a":{"type":"object","properties":{"b":{"type":["string","null"]}}}}})",
     "a|object|optional|;a.b|string or null|optional|;"},
    {"array", R"({"properties":{"a":{"type":"array","minItems":1,"items":{"properties":{"b":{"minimum":1}}}}}})",
     "a|array of object|optional|At least 1 item.;a[].b|any value|optional|At least 1.;"},
    {"reference", R"({"properties":{"a":{"$ref":"#/definitions/x"}},"definitions":{"x":{"type":"integer"}}})",
     "a|integer|optional|;"},
    {"choice", R"({"oneOf":[{},{}]})", "|one of 2 forms, see the schema|required|;"},
    {"odd values", R"({"properties":{"a":7,"b":{"type":3,"enum":5}},"required":1})",
     "a|see the schema|optional|;b|one of `5`|optional|;"},
    {"strange reference", R"({"$ref":"x"})", "|as `x`|required|;"},
};

TEST(SchemaRows, SayWhatASchemaSays) {
  for (const RowsCase& one : rows_cases) {
    SCOPED_TRACE(one.name);
    std::string rows;
    for (const SchemaRow& row : schema_rows(parse_json(one.schema).value())) {
      rows += row.name + "|" + row.form + "|";
      rows += row.presence == Presence::required ? "required|" : "optional|";
      rows += row.note + ";";
    }
    EXPECT_EQ(rows, one.expected);
  }
}

TEST(SchemaRows, EndWhereASchemaContainsItself) {
  const Json schema = parse_json(R"({"properties":{"a":{"$ref":"#"}}})").value();
  EXPECT_LE(schema_rows(schema).size(), 8U);
  EXPECT_EQ(schema_rows(parse_json(R"({"$ref":"#"})").value()).size(), 1U);
}

}  // namespace
}  // namespace usher::asyncapi
