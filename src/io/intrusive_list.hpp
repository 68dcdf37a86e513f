#pragma once

namespace usher::io {

/// A place in a circular list, embedded in what is listed. It leaves its list by itself, without knowing which it is,
/// and does so when it dies.
class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() { unlink(); }

  bool linked() const { return next_ != nullptr; }
  void unlink() {
    if (next_ == nullptr) return;
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = previous_ = nullptr;
  }

 private:
  template <typename T>
  friend class IntrusiveList;

  Link* previous_ = nullptr;
  Link* next_ = nullptr;
};

/// A list of objects that derive from Link. Owns none of them and allocates nothing. Those that are still listed when
/// it dies are let go.
template <typename T>
class IntrusiveList {
 public:
  IntrusiveList() { head_.previous_ = head_.next_ = &head_; }
  IntrusiveList(const IntrusiveList&) = delete;
  IntrusiveList& operator=(const IntrusiveList&) = delete;
  ~IntrusiveList() {
    while (pop_front() != nullptr) {
    }
  }

  bool empty() const { return head_.next_ == &head_; }

  /// The object must not be listed anywhere.
  void push_back(T& object) {
    Link& link = object;
    link.previous_ = head_.previous_;
    link.next_ = &head_;
    head_.previous_->next_ = &link;
    head_.previous_ = &link;
  }

  /// Null when empty.
  T* pop_front() {
    if (empty()) return nullptr;
    Link* first = head_.next_;
    first->unlink();
    return static_cast<T*>(first);
  }

  /// Moves all of `other` to the end, in order.
  void take_all(IntrusiveList& other) {
    if (other.empty()) return;
    Link* first = other.head_.next_;
    Link* last = other.head_.previous_;
    other.head_.previous_ = other.head_.next_ = &other.head_;
    first->previous_ = head_.previous_;
    head_.previous_->next_ = first;
    last->next_ = &head_;
    head_.previous_ = last;
  }

 private:
  Link head_;
};

}  // namespace usher::io
