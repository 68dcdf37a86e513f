#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "app/commands.hpp"
#include "app/load/load.hpp"
#include "app/process.hpp"
namespace usher::app {
namespace {

Exit complain(Exit exit, const std::string& message) {
  std::fprintf(stderr, "usher: %s\n", message.c_str());
  return exit;
}

/// What the counts of a kind of load are called, and where it goes when the URL has no path.
struct Kind {
  std::string_view name;
  const char* sent;
  const char* received;
  const char* target;
  std::size_t sockets;
  base::Result<LoadReport> (*run)(const LoadOptions&);
};

constexpr Kind kinds[] = {
    {"echo", "messages", "echoes", "/channels/echo.{n}", 200, run_echo},
    {"fanout", "publications", "deliveries", "/channels/room.bench", 1000, run_fanout},
    {"tickets", "tickets", "opened", "/channels/room.bench", 32, run_tickets},
};

const Kind& kind_of(const BenchOptions& options) {
  for (const Kind& kind : kinds) {
    if (kind.name == options.kind) return kind;
  }
  return kinds[0];
}

base::Duration duration_of(double seconds) {
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
}

double seconds(base::Duration duration) { return std::chrono::duration<double>(duration).count(); }
double microseconds(base::Duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

double per(double sum, std::uint64_t count) { return count == 0 ? 0 : sum / static_cast<double>(count); }

void print_text(const Kind& kind, const LoadReport& report) {
  const double span = seconds(report.span);
  fmt::print("{} {} in {:.1f} s: {:.0f} a second; {} {}: {:.0f} a second, {:.1f} bytes each\n", report.sent, kind.sent,
             span, static_cast<double>(report.sent) / span, report.received, kind.received,
             static_cast<double>(report.received) / span,
             per(static_cast<double>(report.received_bytes), report.received));
  fmt::print("latency in µs: p50 {:.0f}  p90 {:.0f}  p99 {:.0f}  p99.9 {:.0f}  max {:.0f}\n",
             microseconds(report.latency.percentile(0.5)), microseconds(report.latency.percentile(0.9)),
             microseconds(report.latency.percentile(0.99)), microseconds(report.latency.percentile(0.999)),
             microseconds(report.latency.max()));
  if (report.server_time) {
    fmt::print("server: {:.3f} µs of processor time each\n", per(microseconds(*report.server_time), report.received));
  }
}

void print_json(const Kind& kind, const LoadReport& report) {
  const double span = seconds(report.span);
  fmt::print(R"({{"kind":"{}","seconds":{:.3f},"{}":{},"{}":{},"{}_per_second":{:.1f},"bytes_each":{:.2f},)", kind.name,
             span, kind.sent, report.sent, kind.received, report.received, kind.received,
             static_cast<double>(report.received) / span,
             per(static_cast<double>(report.received_bytes), report.received));
  fmt::print(R"("latency_us":{{"p50":{:.1f},"p90":{:.1f},"p99":{:.1f},"p99.9":{:.1f},"max":{:.1f}}})",
             microseconds(report.latency.percentile(0.5)), microseconds(report.latency.percentile(0.9)),
             microseconds(report.latency.percentile(0.99)), microseconds(report.latency.percentile(0.999)),
             microseconds(report.latency.max()));
  if (report.server_time) {
    fmt::print(R"(,"server_us_each":{:.4f})", per(microseconds(*report.server_time), report.received));
  }
  fmt::print("}}\n");
}

/// The load, or what is wrong with the options.
base::Result<LoadOptions> load_of(const BenchOptions& options, const Kind& kind) {
  auto url = parse_url(options.api.url);
  if (!url.ok()) return base::Error{"--url: " + url.error().message};

  LoadOptions load;
  load.url = std::move(url).value();
  ApiAccess api{load.url,
                options.api.api_key.empty() ? environment_variable("USHER_API_KEY").value_or("") : options.api.api_key};
  api.url.target = "/";
  const bool by_api = options.publish_by == "api";
  if (api.key.empty() && (by_api || kind.run == run_tickets)) {
    return base::Error{"this needs an API key: --api-key KEY or USHER_API_KEY"};
  }
  if (!api.key.empty()) load.api = std::move(api);
  if (load.url.target == "/") load.url.target = kind.target;
  load.protocol = options.dialect == "json" ? json_protocol : "";
  load.sockets = options.sockets.value_or(kind.sockets);
  load.payload_bytes = options.size;
  load.depth = options.depth;
  load.rate = options.rate;
  load.publish_by_api = by_api;
  load.span = duration_of(options.seconds);
  load.warm_up = duration_of(options.warm_up);
  load.server_pid = options.pid;
  return load;
}

}  // namespace

Exit run(const BenchOptions& options) {
  const Kind& kind = kind_of(options);
  auto load = load_of(options, kind);
  if (!load.ok()) return complain(Exit::wrong_usage, load.error().message);
  const auto address = resolve(load->url);
  if (!address.ok()) return complain(Exit::failed, address.error().message);
  load->address = *address;

  const auto report = kind.run(*load);
  if (!report.ok()) return complain(Exit::failed, report.error().message);
  if (report->received == 0) return complain(Exit::failed, "nothing came back");
  if (options.json) {
    print_json(kind, *report);
  } else {
    print_text(kind, *report);
  }
  return Exit::done;
}

}  // namespace usher::app
