#include "http/body_reader.hpp"

#include <algorithm>

namespace usher::http {

BodyReader::BodyReader(BodyFraming framing, std::uint64_t length)
    : framing_(framing), left_(framing == BodyFraming::length ? length : 0) {
  if (framing == BodyFraming::chunked) chunked_ = std::make_unique<ChunkedDecoder>();
}

std::size_t BodyReader::receive(std::string_view bytes) {
  data_ = {};
  if (event_ == MessageEvent::failed || event_ == MessageEvent::end) return 0;
  event_ = MessageEvent::none;
  std::size_t consumed = 0;
  switch (framing_) {
    case BodyFraming::none:
      event_ = MessageEvent::end;
      break;
    case BodyFraming::length:
      consumed = receive_length(bytes);
      break;
    case BodyFraming::chunked:
      consumed = receive_chunked(bytes);
      break;
    case BodyFraming::until_close:
      consumed = receive_until_close(bytes);
      break;
  }
  if (consumed > 0) untouched_ = false;
  return consumed;
}

void BodyReader::receive_end() {
  data_ = {};
  if (event_ == MessageEvent::failed || event_ == MessageEvent::end) return;
  if (framing_ == BodyFraming::none || framing_ == BodyFraming::until_close) {
    event_ = MessageEvent::end;
  } else {
    fail(MessageError::bad_framing);
  }
}

std::size_t BodyReader::receive_length(std::string_view bytes) {
  if (left_ > limit_ - std::min(limit_, received_)) {
    fail(MessageError::body_too_large);
    return 0;
  }
  if (left_ == 0) {
    event_ = MessageEvent::end;
    return 0;
  }
  give(bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()))));
  left_ -= data_.size();
  return data_.size();
}

std::size_t BodyReader::receive_until_close(std::string_view bytes) {
  if (bytes.size() > limit_ - std::min(limit_, received_)) {
    fail(MessageError::body_too_large);
    return 0;
  }
  give(bytes);
  return bytes.size();
}

std::size_t BodyReader::receive_chunked(std::string_view bytes) {
  const std::size_t consumed = chunked_->receive(bytes);
  // A chunk is judged by its announced size, before any of it is given on.
  const std::uint64_t room = limit_ - std::min(limit_, received_);
  const std::uint64_t here = chunked_->data().size();
  if (here > room || chunked_->chunk_bytes_left() > room - here) {
    fail(MessageError::body_too_large);
  } else if (chunked_->event() == MessageEvent::failed) {
    fail(chunked_->error());
  } else if (chunked_->event() == MessageEvent::end) {
    event_ = MessageEvent::end;
  } else {
    give(chunked_->data());
  }
  return consumed;
}

void BodyReader::give(std::string_view data) {
  if (data.empty()) return;
  data_ = data;
  received_ += data.size();
  event_ = MessageEvent::body;
}

void BodyReader::fail(MessageError error) {
  event_ = MessageEvent::failed;
  error_ = error;
  data_ = {};
}

}  // namespace usher::http
