#include <utility>
#include <vector>

#include "app/load/load_run.hpp"
#include "app/load/pace.hpp"
#include "base/json.hpp"

namespace usher::app {
namespace {

class FanoutRun final : private LoadRun {
 public:
  FanoutRun(const LoadOptions& options, const std::string& channel)
      : LoadRun(options), received_(options.sockets, 0), frame_(message_frame()) {
    for (std::size_t i = 0; i < options.depth; ++i) frames_ += frame_;
    // The message of the dialect json, and the channel in front of its data.
    body_ = "{\"channel\":" + base::json_string(channel) + "," +
            message_text(json_protocol, options.payload_bytes).substr(1);
  }

  base::Result<LoadReport> run() {
    if (const auto opened = open_all(); !opened.ok()) return opened.error();
    pace_ = Pace(now(), options().rate);
    return measure([this] { return publish_due(); });
  }

 private:
  void on_messages(LoadSocket& socket, std::uint32_t count) override {
    deliveries_ += count;
    report().received += count;
    std::uint64_t& number = received_[socket.number()];
    const base::Instant at = now();
    for (; count > 0; --count, ++number)
      report().latency.record(at - (pace_.open_loop() ? pace_.due(number) : sent_at_));
  }

  base::Duration publish_due() {
    const base::Instant at = now();
    if (!pace_.open_loop()) {
      if (deliveries_ == published_ * sockets().size()) publish(options().depth, at);
      return std::chrono::milliseconds(100);
    }
    while (pace_.due(published_) <= at) {
      if (published_ - deliveries_ / sockets().size() >= options().depth) return std::chrono::milliseconds(100);
      publish(1, at);
    }
    // The kernel waits in whole milliseconds; what is left is spun away.
    return pace_.due(published_) - at - std::chrono::milliseconds(1);
  }

  void publish(std::size_t count, base::Instant at) {
    published_ += count;
    report().sent += count;
    sent_at_ = at;
    if (!options().publish_by_api)
      return sockets().front()->send(std::string_view(frames_).substr(0, count * frame_.size()));
    for (std::size_t i = 0; i < count; ++i) {
      api().post("/api/publish", body_, [this](base::Result<HttpAnswer> answer) {
        if (!answer.ok()) return fail(answer.error().message);
        if (const auto failure = api_failure(*answer)) fail(*failure);
      });
    }
  }

  std::vector<std::uint64_t> received_;  ///< by each socket
  Pace pace_{{}, 0};
  std::string frame_;
  std::string frames_;
  std::string body_;
  base::Instant sent_at_;
  std::uint64_t published_ = 0;
  std::uint64_t deliveries_ = 0;
};

/// The channel of `/channels/NAME?…`: what the API calls it.
std::string channel_of(const std::string& target) {
  const std::string path = target.substr(0, target.find('?'));
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

base::Result<LoadReport> run_fanout(const LoadOptions& options) {
  return FanoutRun(options, channel_of(options.url.target)).run();
}

}  // namespace usher::app
