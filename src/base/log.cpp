#include "base/log.hpp"

#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <csignal>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>

#include "base/json.hpp"

namespace usher::base {
namespace {

constexpr std::size_t queue_lines = 8192;

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "";
}

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || c == '"' || c == '=' || c == '\\') return false;
  }
  return true;
}

void append_text_field(std::string& line, const LogField& field) {
  line.push_back(' ');
  line += field.name;
  line.push_back('=');
  if (field.is_number) {
    line += std::to_string(field.number);
  } else if (const std::string text = redacted(field.text.substr(0, log_field_bytes_max)); is_plain(text)) {
    line += text;
  } else {
    append_json_string(line, text);
  }
}

void append_json_field(std::string& line, const LogField& field) {
  line.push_back(',');
  append_json_string(line, field.name);
  line.push_back(':');
  if (field.is_number) {
    line += std::to_string(field.number);
  } else {
    append_json_string(line, redacted(field.text.substr(0, log_field_bytes_max)));
  }
}

/// Signals are the main loop's: on the writer's thread their default action would end the process.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

/// Lines of one event in the current second.
struct Budget {
  std::int64_t second = 0;
  int written = 0;
  std::int64_t left_out = 0;
};

class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() { flush(); }

  void start(LogFormat format, LogLevel level) {
    format_ = format;
    level_.store(level, std::memory_order_relaxed);
    if (logger_) return;
    pool_ = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1, block_signals);
    logger_ = std::make_shared<spdlog::async_logger>("usher", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool_,
                                                     spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format == LogFormat::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %v",
        spdlog::pattern_time_type::utc));
    logger_->set_level(spdlog::level::trace);
    logger_->flush_on(spdlog::level::info);
  }

  bool enabled(LogLevel level) const { return level >= level_.load(std::memory_order_relaxed); }

  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    std::int64_t left_out = 0;
    if (!within_budget(event, left_out)) return;
    if (left_out > 0) logger()->info(format_log_line(format_, level, event, {{"left_out", left_out}}));
    logger()->info(format_log_line(format_, level, event, fields));
  }

  /// The writer's thread ends first, when the queue is empty: what it writes with must outlive it.
  void flush() {
    pool_.reset();
    logger_.reset();
  }

 private:
  const std::shared_ptr<spdlog::async_logger>& logger() {
    if (!logger_) start(format_, level_.load(std::memory_order_relaxed));
    return logger_;
  }

  bool within_budget(std::string_view event, std::int64_t& left_out) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    const std::scoped_lock lock(mutex_);
    const auto found = budgets_.find(event);
    Budget& budget = found != budgets_.end() ? found->second : budgets_[std::string(event)];
    if (budget.second != second) {
      left_out = budget.left_out;
      budget = {second, 0, 0};
    }
    if (budget.written == log_lines_per_second_max) {
      ++budget.left_out;
      return false;
    }
    ++budget.written;
    return true;
  }

  LogFormat format_ = LogFormat::text;
  std::atomic<LogLevel> level_ = LogLevel::info;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
  std::mutex mutex_;
  std::map<std::string, Budget, std::less<>> budgets_;
};

Sink& sink() {
  static Sink the_sink;
  return the_sink;
}

}  // namespace

std::string redacted(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string result(text);
  for (const std::string_view beginning : {"ust_", "usk_"}) {
    for (std::size_t at = result.find(beginning); at != std::string::npos; at = result.find(beginning, at + 1)) {
      const std::size_t secret = at + beginning.size();
      const std::size_t end = std::min(result.find_first_not_of(alphabet, secret), result.size());
      if (end > secret) result.replace(secret, end - secret, "...");
    }
  }
  return result;
}

void start_log(LogFormat format, LogLevel level) { sink().start(format, level); }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (sink().enabled(level)) sink().write(level, event, fields);
}

bool log_enabled(LogLevel level) { return sink().enabled(level); }

void flush_log() { sink().flush(); }

std::string format_log_line(LogFormat format, LogLevel level, std::string_view event,
                            std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::text) {
    line += name_of(level);
    line.push_back(' ');
    line += event;
    for (const LogField& field : fields) append_text_field(line, field);
    return line;
  }
  line += "\"level\":\"";
  line += name_of(level);
  line += "\",\"event\":";
  append_json_string(line, event);
  for (const LogField& field : fields) append_json_field(line, field);
  return line;
}

}  // namespace usher::base
