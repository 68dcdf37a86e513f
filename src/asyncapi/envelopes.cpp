#include "asyncapi/envelopes.hpp"

#include <utility>

namespace usher::asyncapi {
namespace {

constexpr std::uint64_t id_max = (std::uint64_t{1} << 53) - 1;

Json described(Json schema, std::string_view description) {
  schema["description"] = description;
  return schema;
}

Json number_from(std::uint64_t minimum) { return {{"type", "integer"}, {"minimum", minimum}}; }

Json text_or_null() { return {{"type", Json::array({"string", "null"})}}; }

Json id_schema() {
  Json schema = {{"type", "integer"}, {"minimum", 0}, {"maximum", id_max}};
  return described(std::move(schema), "The number that the client gave its message.");
}

Json epoch_schema() {
  Json schema = {{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{1,32}$"}};
  return described(std::move(schema), "Which life of the channel the offset belongs to.");
}

Json base64_schema() {
  Json schema = {{"type", "string"}, {"contentEncoding", "base64"}};
  return described(std::move(schema), "A binary payload, in place of data.");
}

Json user_schema() { return described(text_or_null(), "Who it is by usher's word; null for one without a name."); }

/// An object with these members and no others.
Json closed_object(Json properties, Json required) {
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

/// `{"name": {…}}`.
Json wrapped(const std::string& name, Json inner) {
  Json properties = Json::object();
  properties[name] = std::move(inner);
  return closed_object(std::move(properties), Json::array({name}));
}

/// One of data and base64, never both.
Json one_payload() { return Json::array({{{"required", {"data"}}}, {{"required", {"base64"}}}}); }

void add_position(const EnvelopeShape& shape, std::string_view meaning, Json& properties, Json& required) {
  if (!shape.has_history) return;
  properties["offset"] = described(number_from(0), meaning);
  properties["epoch"] = epoch_schema();
  required.push_back("offset");
  required.push_back("epoch");
}

Envelope hello(const EnvelopeShape& shape) {
  Json properties = {{"session", described({{"type", "string"}}, "The session's name in usher's log.")},
                     {"user", user_schema()}};
  Json required = {"session", "user"};
  add_position(shape, "Where this stream goes on from: the next publication has a higher offset.", properties,
               required);
  Json example = {{"session", "q8Zt4kXw"}, {"user", "alice"}};
  if (shape.has_history) example.update(Json{{"offset", 7}, {"epoch", "xK3f"}});
  return {"hello",
          Sender::usher,
          "The first message on every socket.",
          wrapped("hello", closed_object(std::move(properties), std::move(required))),
          Json{{"hello", std::move(example)}},
          ""};
}

Envelope publication(const EnvelopeShape& shape) {
  Json properties = Json::object();
  Json required = {"time", "user", "info"};
  Json example = Json::object();
  if (shape.has_history) {
    properties["offset"] = described(number_from(1), "Its place in the channel; the next one has one more.");
    required.insert(required.begin(), "offset");
    example["offset"] = 8;
  }
  properties["time"] = described({{"type", "number"}}, "When usher took it, in seconds since 1970.");
  properties["user"] = described(text_or_null(), "Who published it, by usher's word; null for a back end or a guest.");
  properties["info"] = described(Json::object(), "What the credential of its author says to others; null for nothing.");
  properties["tags"] = described({{"type", "object"}, {"additionalProperties", {{"type", "string"}}}},
                                 "Only when a back end gave some.");
  properties["data"] = shape.data_schema;
  properties["base64"] = base64_schema();
  example.update(Json{{"time", 1795357739.123}, {"user", "alice"}, {"info", nullptr}, {"data", shape.data_example}});
  Json schema = closed_object(std::move(properties), std::move(required));
  schema["oneOf"] = one_payload();
  return {"publication",
          Sender::usher,
          "Something was published: `data` is its JSON value, or a string when it is other text; `base64` when it is "
          "binary.",
          std::move(schema),
          std::move(example),
          ""};
}

Envelope gap(const EnvelopeShape& shape) {
  Json properties = {{"missed", described({{"type", Json::array({"integer", "null"})}, {"minimum", 0}},
                                          "How many publications; null when it cannot be known.")}};
  Json required = {"missed"};
  add_position(shape, "The next publication has one more than this.", properties, required);
  Json example = {{"missed", 12}};
  if (shape.has_history) example.update(Json{{"offset", 20}, {"epoch", "xK3f"}});
  return {"gap",
          Sender::usher,
          "Publications were left out here, because this session read too slowly.",
          wrapped("gap", closed_object(std::move(properties), std::move(required))),
          Json{{"gap", std::move(example)}},
          ""};
}

Envelope ack(const EnvelopeShape& shape) {
  Json properties = {{"id", id_schema()}};
  Json required = {"id"};
  Json example = {{"id", 1}};
  if (shape.has_history) {
    properties["offset"] = described(number_from(1), "Where the publication stands in the channel.");
    required.push_back("offset");
    example["offset"] = 8;
  }
  return {"ack",
          Sender::usher,
          "The message with this `id` was published.",
          wrapped("ack", closed_object(std::move(properties), std::move(required))),
          Json{{"ack", std::move(example)}},
          "/ack/id"};
}

Envelope error() {
  Json properties = {{"id", id_schema()},
                     {"code", described({{"type", "string"}}, "For programs, as in problem+json: forbidden, …")},
                     {"message", described({{"type", "string"}}, "For people.")}};
  return {"error",
          Sender::usher,
          "The message was not published; `id` is there when the message had one.",
          wrapped("error", closed_object(std::move(properties), {"code", "message"})),
          Json{{"error", {{"id", 1}, {"code", "forbidden"}, {"message", "This session may not publish here."}}}},
          "/error/id"};
}

Envelope publish(const EnvelopeShape& shape) {
  Json properties = {{"data", shape.data_schema},
                     {"base64", base64_schema()},
                     {"id", described({{"type", "integer"}, {"minimum", 0}, {"maximum", id_max}},
                                      "Give one to get an ack or an error with the same number.")}};
  Json schema = closed_object(std::move(properties), Json::array());
  schema.erase("required");
  schema["oneOf"] = one_payload();
  return {"publish",
          Sender::client,
          "Publish: the JSON text of `data` becomes the payload byte for byte; `base64` publishes binary.",
          std::move(schema),
          Json{{"data", shape.data_example}, {"id", 1}},
          "/id"};
}

}  // namespace

std::vector<Envelope> envelopes(const EnvelopeShape& shape) {
  return {hello(shape), publication(shape), gap(shape), ack(shape), error(), publish(shape)};
}

}  // namespace usher::asyncapi
