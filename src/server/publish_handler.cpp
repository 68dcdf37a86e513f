#include <memory>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "server/api_answer.hpp"
#include "server/handlers.hpp"
#include "server/worker.hpp"

namespace usher::server {
namespace {

constexpr std::string_view tag_prefix = "usher-tag-";

/// `Usher-Tag-Name: value` headers as a JSON object; empty when there are none.
std::string tags_of(const http::RequestHead& head) {
  std::string tags;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::string name = base::to_lower(head.at(i).name);
    if (!name.starts_with(tag_prefix) || name.size() == tag_prefix.size()) continue;
    if (head.find(name)->data() != head.at(i).value.data()) continue;  // the first of a name counts
    tags += tags.empty() ? "{" : ",";
    base::append_json_string(tags, name.substr(tag_prefix.size()));
    tags += ':';
    base::append_json_string(tags, head.at(i).value);
  }
  return tags.empty() ? tags : tags + "}";
}

bool is_binary(const http::RequestHead& head) {
  const std::string_view type = head.value("Content-Type");
  return base::equals_ignoring_case(base::trim(type.substr(0, type.find(';'))), "application/octet-stream");
}

/// Whether this credential may publish in the request's channel.
bool may_publish(const Request& request) {
  const Admitted& admitted = *request.admitted;
  const ChannelTarget& target = *request.route.target;
  if (admitted.api_key != nullptr) return admitted.api_key->reaches(target.channel);
  return target.policy->allows(admitted.grant, auth::Right::publish, target.channel);
}

void answer_published(HttpConnection& http, const broker::Published& published) {
  if (published.outcome == broker::PublishOutcome::refused) return http.refuse(Refusal::broker_unavailable);
  if (published.outcome == broker::PublishOutcome::unknown) return http.refuse(Refusal::publish_unknown);
  http::Response response;
  response.add("Content-Type", "application/json").add("Cache-Control", "no-store");
  response.body = publish_result(published);
  http.answer(std::move(response));
}

/// A publication by HTTP that waits for room.
struct Patient {
  std::string channel;
  const ChannelPolicy* policy;
  channel::PublicationDraft draft;
  std::function<void(const broker::Published&)> done;
  base::Instant until;
};

void try_publish(Worker& worker, const std::shared_ptr<Patient>& patient) {
  const auto acceptance = worker.channels().publish(patient->channel, *patient->policy, patient->draft, patient->done);
  if (acceptance == broker::Acceptance::taken) return;
  if (worker.now() >= patient->until) return patient->done({broker::PublishOutcome::refused, std::nullopt});
  worker.call_at_room([&worker, patient] { try_publish(worker, patient); });
}

}  // namespace

void publish_with_patience(Worker& worker, std::string_view channel, const ChannelPolicy& policy,
                           channel::PublicationDraft&& draft, std::function<void(const broker::Published&)> done) {
  auto patient = std::make_shared<Patient>(Patient{std::string(channel), &policy, std::move(draft), std::move(done),
                                                   worker.now() + worker.settings().limits.publish_wait});
  try_publish(worker, patient);
}

void publish_by_post(Worker& worker, HttpConnection& http, Request& request) {
  if (!may_publish(request)) return http.refuse(Refusal::forbidden);
  if (http.head().count("Idempotency-Key") > 0) {
    return http.refuse(Refusal::not_implemented, "Idempotency-Key is not available yet; nothing was published.");
  }
  const bool binary = is_binary(http.head());
  if (!binary && !base::valid_utf8(request.body)) return http.refuse(Refusal::invalid_utf8);
  const auth::Grant& grant = request.admitted->grant;
  const std::string tags = tags_of(http.head());
  channel::PublicationParts parts;
  parts.kind = binary ? dialect::PayloadKind::binary : dialect::PayloadKind::text;
  parts.payload = request.body;
  if (grant.user) parts.user = *grant.user;
  parts.info = grant.details().info;
  parts.tags = tags;
  publish_with_patience(worker, request.route.target->channel, *request.route.target->policy,
                        channel::PublicationDraft(parts),
                        [&worker, handle = http.handle()](const broker::Published& published) {
                          HttpConnection* waiting = worker.find_request(handle);
                          if (waiting != nullptr) answer_published(*waiting, published);
                        });
}

}  // namespace usher::server
