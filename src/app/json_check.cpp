#include "app/json_check.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace usher::app {
namespace {

/// Listens to the parser and keeps nothing but where it stopped: no tree is made.
class FaultFinder : public nlohmann::json::json_sax_t {
 public:
  bool null() override { return scalar(); }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return scalar(); }
  bool number_unsigned(number_unsigned_t) override { return scalar(); }
  bool number_float(number_float_t, const string_t&) override { return scalar(); }
  bool string(string_t&) override { return scalar(); }
  bool binary(binary_t&) override { return scalar(); }
  bool start_object(std::size_t) override {
    ++depth_;
    return true;
  }
  bool key(string_t&) override { return true; }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    scalar();
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    // A number that no double can hold is well-formed all the same.
    if (error.id == number_out_of_range) return true;
    position_ = position;
    return false;
  }

  std::size_t position() const { return position_; }
  bool is_schema() const { return !other_at_top_; }

 private:
  static constexpr int number_out_of_range = 406;

  bool scalar() {
    if (depth_ == 0) other_at_top_ = true;
    return true;
  }

  int depth_ = 0;
  bool other_at_top_ = false;
  std::size_t position_ = 0;
};

JsonFault fault_at(std::string_view text, std::size_t position) {
  // The parser counts the bytes that it has read, the one at fault included.
  const std::string_view before = text.substr(0, position == 0 ? 0 : position - 1);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;
  return {static_cast<std::uint32_t>(lines + 1), static_cast<std::uint32_t>(before.size() - line_start + 1),
          position > text.size() ? "not JSON: it ends too early" : "not JSON"};
}

}  // namespace

std::optional<JsonFault> find_json_fault(std::string_view text, JsonKind kind) {
  FaultFinder finder;
  if (!nlohmann::json::sax_parse(text, &finder)) return fault_at(text, finder.position());
  if (kind == JsonKind::schema && !finder.is_schema()) {
    return JsonFault{1, 1, "a JSON Schema is an object, or true or false"};
  }
  return std::nullopt;
}

}  // namespace usher::app
