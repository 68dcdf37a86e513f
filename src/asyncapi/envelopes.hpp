#pragma once

#include <string>
#include <vector>

#include "asyncapi/schema.hpp"

namespace usher::asyncapi {

enum class Sender : unsigned char { usher, client };

/// One kind of message of the dialect `usher.json.v1`.
struct Envelope {
  std::string name;  ///< `hello`
  Sender sender = Sender::usher;
  std::string summary;         ///< one sentence, with code between backticks
  Json schema;                 ///< draft-07
  Json example;                ///< one message
  std::string correlation_id;  ///< JSON pointer to the number that joins question and answer; empty: none
};

/// What differs from channel to channel.
struct EnvelopeShape {
  bool has_history = false;  ///< offsets and epochs are there only with it
  Json data_schema = Json::object();
  Json data_example = "hi";
};

/// hello, publication, gap, ack, error from usher, and publish from the client, as `dialect/json.hpp` writes and reads
/// them.
std::vector<Envelope> envelopes(const EnvelopeShape& shape);

}  // namespace usher::asyncapi
