#ifndef GUANXI_TESTS_FUZZ_BYTE_SOURCE_H_
#define GUANXI_TESTS_FUZZ_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace guanxi::test {

// The bytes of an input, as the choices of whoever makes something of them.
// Where they end, every choice is 0. A view of bytes that outlive it.
class ByteSource {
 public:
  explicit ByteSource(absl::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }

  uint8_t Byte() {
    const absl::string_view byte = Take(1);
    return byte.empty() ? uint8_t{0} : static_cast<uint8_t>(byte[0]);
  }

  // Below `bound`, which is 1 to 256.
  uint32_t Below(uint32_t bound) { return Byte() % bound; }

  // Of eight bytes, or of as many as follow.
  uint64_t Number() {
    uint64_t number = 0;
    for (const char byte : Take(sizeof(number))) {
      number = number << 8 | static_cast<uint8_t>(byte);
    }
    return number;
  }

  // A length of one byte, and so many bytes, or as many as follow.
  absl::string_view Text() { return Take(Byte()); }

 private:
  absl::string_view Take(size_t count) {
    const absl::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  absl::string_view rest_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_FUZZ_BYTE_SOURCE_H_
