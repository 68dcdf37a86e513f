#include "server/metrics.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <set>

namespace usher::server {
namespace {

using Workers = std::span<const WorkerMetrics* const>;

std::uint64_t sum(Workers workers, const std::function<const base::Counter&(const WorkerMetrics&)>& pick) {
  std::uint64_t total = 0;
  for (const WorkerMetrics* worker : workers) total += pick(*worker).value();
  return total;
}

/// A label value: backslash, quotation mark and line feed are escaped.
std::string label(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\' || c == '"') escaped.push_back('\\');
    escaped += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return escaped;
}

class Text {
 public:
  explicit Text(Workers workers) : workers_(workers) {}

  void head(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void value(std::string_view name, std::uint64_t number) {
    fmt::format_to(std::back_inserter(out_), "{} {}\n", name, number);
  }
  void labelled(std::string_view name, std::string_view key, std::string_view text, std::uint64_t number) {
    fmt::format_to(std::back_inserter(out_), "{}{{{}=\"{}\"}} {}\n", name, key, label(text), number);
  }
  void single(std::string_view name, std::string_view type, std::string_view help,
              base::Counter WorkerMetrics::* member) {
    head(name, type, help);
    value(name,
          sum(workers_, [member](const WorkerMetrics& worker) -> const base::Counter& { return worker.*member; }));
  }
  std::string& out() { return out_; }

 private:
  Workers workers_;
  std::string out_;
};

void append_refusals(Text& text, Workers workers, std::string_view name, std::string_view help,
                     std::array<base::Counter, 64> WorkerMetrics::* member) {
  text.head(name, "counter", help);
  std::set<std::string_view> told;
  for (const RefusalRow& row : refusals()) {
    if (!told.insert(row.code).second) continue;
    std::uint64_t total = 0;
    for (const RefusalRow& same : refusals()) {
      if (same.code != row.code) continue;
      for (const WorkerMetrics* worker : workers) {
        total += (worker->*member)[static_cast<std::size_t>(same.refusal)].value();
      }
    }
    text.labelled(name, "reason", row.code, total);
  }
}

void append_sessions(Text& text, Workers workers) {
  text.head("usher_sessions", "gauge", "Open sessions by dialect.");
  for (const SessionDialect dialect : {SessionDialect::raw, SessionDialect::json}) {
    std::uint64_t total = 0;
    for (const WorkerMetrics* worker : workers) total += worker->sessions[static_cast<std::size_t>(dialect)].value();
    text.labelled("usher_sessions", "dialect", name_of(dialect), total);
  }
  text.head("usher_sessions_closed_total", "counter", "Sessions that ended, by reason (docs/close-codes.md).");
  for (const base::CloseReasonRow& row : base::close_reasons()) {
    std::uint64_t total = 0;
    for (const WorkerMetrics* worker : workers) total += worker->closed[static_cast<std::size_t>(row.reason)].value();
    text.labelled("usher_sessions_closed_total", "reason", row.label, total);
  }
}

void append_ticket_refusals(Text& text, Workers workers) {
  text.head("usher_tickets_refused_total", "counter", "Tickets that were not accepted, by reason (docs/tickets.md).");
  for (int i = 0; i <= static_cast<int>(auth::TicketRefusal::unavailable); ++i) {
    std::uint64_t total = 0;
    for (const WorkerMetrics* worker : workers) total += worker->tickets_refused[static_cast<std::size_t>(i)].value();
    text.labelled("usher_tickets_refused_total", "reason",
                  auth::ticket_refusal_name(static_cast<auth::TicketRefusal>(i)), total);
  }
}

void append_channels(Text& text, Workers workers, std::span<const std::string> patterns, std::string_view name,
                     std::string_view help, base::Counter ChannelCounters::* member) {
  text.head(name, "counter", help);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    std::uint64_t total = 0;
    for (const WorkerMetrics* worker : workers) {
      if (i < worker->channel_count) total += (worker->channels[i].*member).value();
    }
    text.labelled(name, "channel", patterns[i], total);
  }
}

void append_turns(Text& text, Workers workers) {
  text.head("usher_turn_seconds", "histogram", "How long turns of the event loops took, without waiting.");
  std::uint64_t count = 0;
  double seconds = 0;
  for (const WorkerMetrics* worker : workers) {
    count += worker->turns.count();
    seconds += worker->turns.sum_seconds();
  }
  for (std::size_t i = 0; i < TurnHistogram::bound_count; ++i) {
    std::uint64_t total = 0;
    for (const WorkerMetrics* worker : workers) total += worker->turns.at_most(i);
    const double bound = static_cast<double>(TurnHistogram::bound_nanoseconds(i)) * 1e-9;
    text.labelled("usher_turn_seconds_bucket", "le", fmt::format("{:g}", bound), total);
  }
  text.labelled("usher_turn_seconds_bucket", "le", "+Inf", count);
  fmt::format_to(std::back_inserter(text.out()), "usher_turn_seconds_sum {:.9f}\n", seconds);
  text.value("usher_turn_seconds_count", count);
}

/// Resident memory as the kernel counts it; 0 where /proc is not there.
std::uint64_t resident_bytes() {
  std::uint64_t pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string_view name_of(SessionDialect dialect) { return dialect == SessionDialect::raw ? "raw" : "json"; }

void TurnHistogram::add(base::Duration turn) {
  std::size_t index = 0;
  while (index < bound_count && turn.count() > bound_nanoseconds(index)) ++index;
  buckets_[index].add();
  sum_nanoseconds_.add(static_cast<std::uint64_t>(turn.count()));
}

std::uint64_t TurnHistogram::at_most(std::size_t index) const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= index; ++i) total += buckets_[i].value();
  return total;
}

std::uint64_t TurnHistogram::count() const { return at_most(bound_count); }

std::string metrics_text(Workers workers, std::span<const std::string> patterns) {
  Text text(workers);
  append_sessions(text, workers);
  append_refusals(text, workers, "usher_handshakes_refused_total", "WebSocket handshakes refused, by reason.",
                  &WorkerMetrics::refused);
  append_refusals(text, workers, "usher_requests_refused_total", "Other HTTP requests refused, by reason.",
                  &WorkerMetrics::requests_refused);
  text.single("usher_tickets_issued_total", "counter", "Tickets minted.", &WorkerMetrics::tickets_issued);
  text.single("usher_tickets_redeemed_total", "counter", "Tickets that admitted a session or a request.",
              &WorkerMetrics::tickets_redeemed);
  append_ticket_refusals(text, workers);
  text.single("usher_tickets_unbound_total", "counter", "Tickets redeemed that lack an address or an Origin.",
              &WorkerMetrics::tickets_unbound);
  text.single("usher_tickets_unspent", "gauge", "Tickets in the store that can still be spent.",
              &WorkerMetrics::tickets_unspent);
  append_channels(text, workers, patterns, "usher_publications_total", "Publications, by channel pattern.",
                  &ChannelCounters::publications);
  append_channels(text, workers, patterns, "usher_deliveries_total", "Publications written to sessions.",
                  &ChannelCounters::deliveries);
  append_channels(text, workers, patterns, "usher_gap_missed_total", "Publications that slow sessions did not get.",
                  &ChannelCounters::gap_missed);
  text.single("usher_channels", "gauge", "Channels that workers follow.", &WorkerMetrics::channels_open);
  text.single("usher_connections_accepted_total", "counter", "Connections accepted.",
              &WorkerMetrics::connections_accepted);
  text.single("usher_connections", "gauge", "Open connections, of any kind.", &WorkerMetrics::connections_open);
  text.single("usher_accepts_paused_total", "counter", "Times that accepting stopped for want of descriptors.",
              &WorkerMetrics::accepts_paused);
  text.head("usher_memory_bytes", "gauge", "Memory of the process, by part.");
  text.labelled("usher_memory_bytes", "part", "resident", resident_bytes());
  append_turns(text, workers);
  return std::move(text.out());
}

}  // namespace usher::server
