#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http/message_event.hpp"
#include "http/request_parser.hpp"
#include "http/response_parser.hpp"

namespace usher::http {

using Pieces = std::vector<std::string_view>;

/// What came of some input: one line per event, and what was not consumed.
struct Outcome {
  std::string events;
  std::string rest;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline Pieces byte_by_byte(std::string_view input) {
  Pieces pieces;
  for (std::size_t i = 0; i < input.size(); ++i) pieces.push_back(input.substr(i, 1));
  return pieces;
}

inline std::string describe_head(const RequestParser& parser) {
  const RequestHead& head = parser.head();
  std::string line = "head ";
  line.append(head.method_name()).append(" ").append(head.path());
  if (!head.query().empty()) line.append(" ?").append(head.query());
  line.append(" @").append(head.host());
  return line + (parser.is_upgrade() ? " upgrade\n" : parser.keep_alive() ? "\n" : " close\n");
}

inline std::string describe_head(const ResponseParser& parser) {
  return "head " + std::to_string(parser.status()) + "\n";
}

/// Whether what follows belongs to another protocol.
inline bool leaves_http(const RequestParser& parser) { return parser.is_upgrade(); }
inline bool leaves_http(const ResponseParser& parser) { return parser.status() == 101; }

inline void prepare_body(RequestParser& parser, std::uint64_t limit) { parser.set_body_limit(limit); }
inline void prepare_body(ResponseParser&, std::uint64_t) {}

inline bool next_message(RequestParser& parser) {
  parser.reset();
  return true;
}
inline bool next_message(ResponseParser&) { return false; }

/// Drives a parser as its user would. Neighbouring pieces of a body are put together, as their borders mean nothing.
template <typename Parser>
class Feeder {
 public:
  Feeder(Parser& parser, std::uint64_t body_limit) : parser_(parser), body_limit_(body_limit) {}

  void feed(std::string_view piece) {
    outcome_.rest += piece;
    while (!stopped_) {
      const std::string given = outcome_.rest;
      const std::size_t consumed = parser_.receive(given);
      outcome_.rest.erase(0, consumed);
      if (!take_event()) return;
    }
  }

  /// The outcome so far.
  Outcome outcome() const { return {outcome_.events + (body_.empty() ? "" : "body " + body_ + "\n"), outcome_.rest}; }

 private:
  /// False when more bytes are needed.
  bool take_event() {
    switch (parser_.event()) {
      case MessageEvent::none:
        return false;
      case MessageEvent::head:
        add(describe_head(parser_));
        prepare_body(parser_, body_limit_);
        stopped_ = leaves_http(parser_);
        return true;
      case MessageEvent::body:
        body_ += parser_.body();
        return true;
      case MessageEvent::end:
        add("end\n");
        stopped_ = !next_message(parser_);
        return true;
      case MessageEvent::failed:
        add("failed " + std::string(info(parser_.error()).name) + "\n");
        outcome_.rest.clear();
        stopped_ = true;
        return true;
    }
    return false;
  }

  void add(const std::string& line) {
    if (!body_.empty()) outcome_.events += "body " + body_ + "\n";
    body_.clear();
    outcome_.events += line;
  }

  Parser& parser_;
  std::uint64_t body_limit_;
  Outcome outcome_;
  std::string body_;
  bool stopped_ = false;
};

template <typename Parser>
Outcome feed(Parser parser, const Pieces& pieces, std::uint64_t body_limit) {
  Feeder<Parser> feeder(parser, body_limit);
  for (const std::string_view piece : pieces) {
    feeder.feed(piece);
  }
  Outcome outcome = feeder.outcome();
  if (outcome.events.find("failed ") != std::string::npos) outcome.rest.clear();
  return outcome;
}

/// Calls `check(outcome, how)` with the outcome of the input whole, byte by byte and cut in two at every place, until
/// it says false. `make` gives a fresh parser.
template <typename Make, typename Check>
void feed_in_all_ways(std::string_view input, std::uint64_t body_limit, Make&& make, Check&& check) {
  if (!check(feed(make(), {input}, body_limit), std::string("whole"))) return;
  if (!check(feed(make(), byte_by_byte(input), body_limit), std::string("byte by byte"))) return;
  for (std::size_t cut = 1; cut < input.size(); ++cut) {
    const Pieces pieces{input.substr(0, cut), input.substr(cut)};
    if (!check(feed(make(), pieces, body_limit), "cut at " + std::to_string(cut))) return;
  }
}

}  // namespace usher::http
