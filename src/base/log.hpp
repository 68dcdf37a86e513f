#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace usher::base {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { text, json };

/// A named value in a log line. Text is escaped and cut when the line is written; views need only live until `log`
/// returns. Secrets never become fields: tickets, keys, passwords, cookies and queries have no way in here.
struct LogField {
  LogField(std::string_view field_name, std::string_view field_text) : name(field_name), text(field_text) {}
  template <std::integral Number>
  LogField(std::string_view field_name, Number field_number)
      : name(field_name), number(static_cast<std::int64_t>(field_number)), is_number(true) {}

  std::string_view name;
  std::string_view text;
  std::int64_t number = 0;
  bool is_number = false;
};

/// Chooses form and threshold. Called once, before any worker starts. Without it: text, from info on.
void start_log(LogFormat format, LogLevel level);

/// Writes one line to standard error: time, level, event, fields. Any thread. An event that comes more than
/// `log_lines_per_second_max` times a second is written that often and then counted; the next line of it says how many
/// were left out.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// Whether a line of this level would be written: asks before work is done for it.
bool log_enabled(LogLevel level);

/// Writes out what is still queued. At exit.
void flush_log();

/// The text with each ticket and API key in it cut behind the beginning by which they are known, wherever it stands:
/// `ust_...`. Every field of a log line goes through this.
std::string redacted(std::string_view text);

constexpr int log_lines_per_second_max = 100;
constexpr std::size_t log_field_bytes_max = 256;

/// A line as it would be written, without its time. For tests.
std::string format_log_line(LogFormat format, LogLevel level, std::string_view event,
                            std::initializer_list<LogField> fields);

}  // namespace usher::base
