#ifndef GUANXI_GRAPH_BASE_DESCRIPTOR_H_
#define GUANXI_GRAPH_BASE_DESCRIPTOR_H_

#include <unistd.h>
#include <utility>

namespace guanxi {

// Owns a descriptor of the system: a file, a socket. Closes it when it goes.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (valid()) close(fd_);
  }

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }

  // Gives it to who closes it instead.
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_DESCRIPTOR_H_
