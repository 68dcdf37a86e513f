#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "server/api_answer.hpp"
#include "server/handlers.hpp"
#include "server/json_members.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

constexpr std::size_t broadcast_channels_max = 1000;
constexpr std::size_t channels_listed_max = 10000;

/// A body that is not understood is answered as the API does: 200 with the error inside.
void bad_request(HttpConnection& http, std::string_view message) {
  answer_api(http, api_error(ApiError::bad_request, message));
}

/// What `publish` and `broadcast` share.
struct Payload {
  dialect::PayloadKind kind = dialect::PayloadKind::text;
  dialect::PayloadJson json = dialect::PayloadJson::value;
  std::string bytes;
  std::string tags;

  channel::PublicationDraft draft() const {
    channel::PublicationParts parts;
    parts.kind = kind;
    parts.json = json;
    parts.payload = bytes;
    parts.tags = tags;
    return channel::PublicationDraft(parts);
  }
};

base::Result<Payload> read_payload(const JsonMembers& body, std::uint64_t bytes_max) {
  Payload payload;
  const auto data = body.raw("data");
  const auto b64data = body.raw("b64data");
  if (data.has_value() == b64data.has_value()) return base::Error{"one of \"data\" and \"b64data\" is needed"};
  if (data) {
    payload.bytes = *data;
  } else {
    const auto text = body.string("b64data");
    auto bytes = text.ok() ? base::base64_decode(*text) : std::nullopt;
    if (!bytes) return base::Error{"\"b64data\" must be base64"};
    payload = {dialect::PayloadKind::binary, dialect::PayloadJson::unknown, std::move(*bytes), {}};
  }
  if (payload.bytes.size() > bytes_max) return base::Error{"the data is larger than limits.message_bytes"};
  if (const auto tags = body.raw("tags"); tags && *tags != "null") {
    const auto members = JsonMembers::parse(*tags);
    if (!members.ok() || !members->all_strings()) return base::Error{"\"tags\" must be an object of strings"};
    payload.tags = *tags;
  }
  return payload;
}

/// The policy of a channel that the key of this request may act in, or the error to answer.
struct Reached {
  const ChannelPolicy* policy = nullptr;
  std::string error;
};

Reached reach(Worker& worker, const Request& request, std::string_view channel) {
  const ChannelPolicy* policy = worker.rules().policy_of(channel);
  if (policy == nullptr) return {nullptr, api_error(ApiError::unknown_channel)};
  if (!request.admitted->api_key->reaches(channel)) return {nullptr, api_error(ApiError::permission_denied)};
  return {policy, {}};
}

void answer_published(HttpConnection& http, const broker::Published& published) {
  if (published.outcome == broker::PublishOutcome::refused) return http.refuse(Refusal::broker_unavailable);
  if (published.outcome == broker::PublishOutcome::unknown) return http.refuse(Refusal::publish_unknown);
  answer_api(http, api_result(publish_result(published)));
}

/// The answers to one broadcast, in the order of its channels.
struct Broadcast {
  std::vector<std::string> answers;
  std::size_t open = 0;
};

std::string joined(const std::vector<std::string>& answers) {
  std::string text = R"({"responses":[)";
  for (std::size_t i = 0; i < answers.size(); ++i) text += (i == 0 ? "" : ",") + answers[i];
  return text + "]}";
}

std::string outcome_text(const broker::Published& published) {
  if (published.outcome == broker::PublishOutcome::accepted) return api_result(publish_result(published));
  return api_error(ApiError::internal,
                   published.outcome == broker::PublishOutcome::refused ? "broker unavailable" : "publish unknown");
}

std::string history_result(const broker::HistoryAnswer& answer) {
  std::string text = R"({"publications":[)";
  for (std::size_t i = 0; i < answer.publications.size(); ++i) {
    if (i > 0) text += ',';
    append_publication(text, *answer.publications[i]);
  }
  text += ']';
  if (answer.top) {
    fmt::format_to(std::back_inserter(text), R"(,"offset":{},"epoch":"{}")", answer.top->offset,
                   answer.top->epoch.text());
  }
  return text + '}';
}

base::Result<broker::HistoryRequest> read_history_request(const JsonMembers& body) {
  broker::HistoryRequest asked;
  const auto limit = body.number("limit", 0);
  const auto reverse = body.boolean("reverse");
  if (!limit.ok()) return limit.error();
  if (!reverse.ok()) return reverse.error();
  asked.limit = static_cast<std::uint32_t>(std::min<std::uint64_t>(*limit, UINT32_MAX));
  asked.reverse = *reverse;
  const auto since = body.raw("since");
  if (!since || *since == "null") return asked;
  const auto position = JsonMembers::parse(*since);
  const auto offset = position.ok() ? position->number("offset", 0) : base::Result<std::uint64_t>(position.error());
  const auto epoch = position.ok() ? position->string("epoch") : base::Result<std::string>(position.error());
  if (!offset.ok() || !epoch.ok()) return base::Error{"\"since\" must be {\"offset\": number, \"epoch\": string}"};
  asked.since = channel::Position{*offset, channel::Epoch::parse(*epoch).value_or(channel::Epoch())};
  return asked;
}

}  // namespace

void api_publish(Worker& worker, HttpConnection& http, Request& request) {
  const auto body = JsonMembers::parse(request.body);
  if (!body.ok()) return bad_request(http, body.error().message);
  if (const auto other = body->other_than({"channel", "data", "b64data", "tags"})) {
    return bad_request(http, "\"" + *other + "\" is not known here");
  }
  const auto channel = body->string("channel");
  if (!channel.ok()) return bad_request(http, channel.error().message);
  const auto payload = read_payload(*body, worker.settings().limits.message_bytes);
  if (!payload.ok()) return bad_request(http, payload.error().message);
  const Reached reached = reach(worker, request, *channel);
  if (reached.policy == nullptr) return answer_api(http, reached.error);
  publish_with_patience(worker, *channel, *reached.policy, payload->draft(),
                        [&worker, handle = http.handle()](const broker::Published& published) {
                          HttpConnection* waiting = worker.find_request(handle);
                          if (waiting != nullptr) answer_published(*waiting, published);
                        });
}

void api_broadcast(Worker& worker, HttpConnection& http, Request& request) {
  const auto body = JsonMembers::parse(request.body);
  if (!body.ok()) return bad_request(http, body.error().message);
  if (const auto other = body->other_than({"channels", "data", "b64data", "tags"})) {
    return bad_request(http, "\"" + *other + "\" is not known here");
  }
  const auto channels = body->strings("channels");
  if (!channels.ok()) return bad_request(http, channels.error().message);
  if (channels->empty() || channels->size() > broadcast_channels_max) {
    return bad_request(http, "\"channels\" must name 1 to 1000 channels");
  }
  const auto payload = read_payload(*body, worker.settings().limits.message_bytes);
  if (!payload.ok()) return bad_request(http, payload.error().message);
  auto broadcast = std::make_shared<Broadcast>();
  broadcast->answers.resize(channels->size());
  broadcast->open = channels->size() + 1;  // one for this loop, so that the last to end answers
  auto ended = [&worker, broadcast, handle = http.handle()] {
    if (--broadcast->open > 0) return;
    HttpConnection* waiting = worker.find_request(handle);
    if (waiting != nullptr) answer_api(*waiting, api_result(joined(broadcast->answers)));
  };
  for (std::size_t i = 0; i < channels->size(); ++i) {
    const Reached reached = reach(worker, request, (*channels)[i]);
    if (reached.policy == nullptr) {
      broadcast->answers[i] = reached.error;
      ended();
      continue;
    }
    publish_with_patience(worker, (*channels)[i], *reached.policy, payload->draft(),
                          [broadcast, i, ended](const broker::Published& published) {
                            broadcast->answers[i] = outcome_text(published);
                            ended();
                          });
  }
  ended();
}

void api_history(Worker& worker, HttpConnection& http, Request& request) {
  const auto body = JsonMembers::parse(request.body);
  if (!body.ok()) return bad_request(http, body.error().message);
  const auto channel = body->string("channel");
  if (!channel.ok()) return bad_request(http, channel.error().message);
  const auto asked = read_history_request(*body);
  if (!asked.ok()) return bad_request(http, asked.error().message);
  const Reached reached = reach(worker, request, *channel);
  if (reached.policy == nullptr) return answer_api(http, reached.error);
  if (!reached.policy->rule.history) return answer_api(http, api_error(ApiError::not_available));
  worker.channels().history(*channel, *reached.policy, *asked,
                            [&worker, handle = http.handle()](const broker::HistoryAnswer& answer) {
                              HttpConnection* waiting = worker.find_request(handle);
                              if (waiting == nullptr) return;
                              switch (answer.outcome) {
                                case broker::SubscribeOutcome::active:
                                  return answer_api(*waiting, api_result(history_result(answer)));
                                case broker::SubscribeOutcome::position_gone:
                                  return answer_api(*waiting, api_error(ApiError::unrecoverable_position));
                                case broker::SubscribeOutcome::unavailable:
                                  return waiting->refuse(Refusal::broker_unavailable);
                              }
                            });
}

void api_channels(Worker& worker, HttpConnection& http, Request& request) {
  const auto body = JsonMembers::parse(request.body.empty() ? std::string_view("{}") : request.body);
  if (!body.ok()) return bad_request(http, body.error().message);
  const auto text = body->raw("pattern") ? body->string("pattern") : base::Result<std::string>(std::string("*"));
  if (!text.ok()) return bad_request(http, text.error().message);
  const auto pattern = base::Pattern::parse(text->empty() ? "*" : *text);
  if (!pattern.ok()) return bad_request(http, pattern.error().message);
  const auth::ApiKey* key = request.admitted->api_key;
  worker.channels().list(*pattern, channels_listed_max,
                         [&worker, key, handle = http.handle()](const std::vector<broker::ChannelCount>& channels) {
                           HttpConnection* waiting = worker.find_request(handle);
                           if (waiting == nullptr) return;
                           std::string result = R"({"channels":{)";
                           for (const broker::ChannelCount& channel : channels) {
                             if (!key->reaches(channel.name)) continue;
                             if (!result.ends_with('{')) result += ',';
                             fmt::format_to(std::back_inserter(result), R"({}:{{"num_clients":{}}})",
                                            base::json_string(channel.name), channel.subscriptions);
                           }
                           answer_api(*waiting, api_result(result + "}}"));
                         });
}

void api_info(Worker& worker, HttpConnection& http, Request&) {
  const NodeParts& node = worker.node();
  std::uint64_t sessions = 0;
  std::uint64_t channels = 0;
  for (const auto& sibling : node.workers) {
    for (const base::Counter& dialect : sibling->metrics().sessions) sessions += dialect.value();
    channels += sibling->metrics().channels_open.value();
  }
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(worker.now() - node.started).count();
  answer_api(
      http,
      api_result(fmt::format(
          R"({{"nodes":[{{"uid":{0},"name":{0},"version":{1},"num_clients":{2},"num_channels":{3},"uptime":{4}}}]}})",
          base::json_string(node.name), base::json_string(node.version), sessions, channels, uptime)));
}

}  // namespace usher::server
