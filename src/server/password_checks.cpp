#include "server/password_checks.hpp"

#include <string>
#include <utility>

namespace usher::server {
namespace {

/// What has to live until the check has run: the place in the queue is given back under the lock.
struct Job {
  std::optional<auth::PasswordQueue::Permit> permit;
  std::string user;
  auth::Secret password;
};

auth::Address nobody() { return auth::Address::from_v4(std::array<std::uint8_t, 4>{}); }

}  // namespace

bool PasswordChecks::submit(io::BlockingPool& pool, const auth::Address& client, std::string_view user,
                            const auth::Secret& password, std::function<void(bool)> done) {
  auto job = std::make_shared<Job>();
  job->user = user;
  job->password = auth::Secret(password.expose());
  {
    const std::scoped_lock lock(mutex_);
    job->permit = queue_.admit(client);
    if (!job->permit) return false;
  }
  const bool queued = pool.submit([this, job, done = std::move(done)] {
    const bool right = file_ != nullptr && file_->verify(job->user, job->password);
    {
      const std::scoped_lock lock(mutex_);
      job->permit.reset();
    }
    done(right);
  });
  if (!queued) {
    const std::scoped_lock lock(mutex_);
    job->permit.reset();
  }
  return queued;
}

void PasswordDesk::check(const std::optional<auth::Address>& client, std::string_view user,
                         const auth::Secret& password, Done done) {
  const base::Handle question = questions_.emplace(std::move(done));
  const bool submitted = checks_.submit(pool_, client.value_or(nobody()), user, password,
                                        [answer = answer_, question](bool right) { answer(question, right); });
  if (submitted) return;
  const Done refused = std::move(*questions_.find(question));
  questions_.erase(question);
  refused(PasswordVerdict::busy);
}

void PasswordDesk::receive(base::Handle question, bool right) {
  Done* found = questions_.find(question);
  if (found == nullptr) return;
  const Done done = std::move(*found);
  questions_.erase(question);
  done(right ? PasswordVerdict::right : PasswordVerdict::wrong);
}

}  // namespace usher::server
