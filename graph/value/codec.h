#ifndef GUANXI_GRAPH_VALUE_CODEC_H_
#define GUANXI_GRAPH_VALUE_CODEC_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/value/value.h"

namespace guanxi {

// Writers of the binary form used in the file: append to `out`. Numbers are
// LEB128 varints, signed ones zig-zag; strings are a varint length and bytes.
// Equal things have equal bytes and different things different ones.
void PutVarint(uint64_t number, std::string* out);
void PutSigned(int64_t number, std::string* out);
void PutString(absl::string_view bytes, std::string* out);
void PutDay(Day day, std::string* out);
void PutDate(const Date& date, std::string* out);
void PutWhen(const When& when, std::string* out);
// One byte of kind, then the kind's bytes: docs/file-format.md, "Values". Depth
// within Value::kMaxDepth (GUANXI_CHECKed).
void PutValue(const Value& value, std::string* out);

// Reads what the writers wrote, from the front of `bytes`. After the first
// failure every read returns a zero value and ok() is false; check it once at
// the end. Never reads outside `bytes`. Refuses forms that the writers do not
// write (needless varint bytes, map keys out of order). Views returned point
// into `bytes`.
class ByteReader {
 public:
  explicit ByteReader(absl::string_view bytes) : rest_(bytes) {}

  uint8_t Byte() {
    const absl::string_view byte = Take(1);
    return byte.empty() ? uint8_t{0} : static_cast<uint8_t>(byte.data()[0]);
  }
  uint64_t Varint() {
    // Most take one byte, and are not worth a call.
    if (!rest_.empty() && static_cast<int8_t>(rest_.data()[0]) >= 0) {
      return Byte();
    }
    return LongVarint();
  }
  int64_t Signed();
  absl::string_view String() { return Take(Varint()); }
  std::string OwnedString() { return std::string(String()); }
  Day ReadDay();
  Date ReadDate();
  When ReadWhen();
  Value ReadValue();
  // The next `count` bytes.
  absl::string_view Take(uint64_t count) {
    if (count > rest_.size()) {
      Fail();
      return {};
    }
    const absl::string_view taken(rest_.data(), count);
    rest_.remove_prefix(count);
    return taken;
  }

  // Passes over what Varint() or ReadValue() would read. Fails where its end
  // cannot be told; that what it passes over is in order it does not say.
  void SkipVarint();
  void SkipValue() { SkipValueAt(0); }

  bool ok() const { return ok_; }
  bool done() const { return rest_.empty(); }
  absl::string_view rest() const { return rest_; }
  void Fail() {
    ok_ = false;
    rest_ = {};
  }

 private:
  // `depth` is that of the list or map that is read, the outermost being 1.
  Value ReadValueAt(int depth);
  Value ReadValueOf(Value::Kind kind, int depth);
  List ReadListAt(int depth);
  Map ReadMapAt(int depth);
  // A count of things that take a byte each at least, so it cannot be larger
  // than what is left.
  uint64_t ReadCount(int depth);
  void SkipValueAt(int depth);
  uint64_t LongVarint();

  absl::string_view rest_;
  bool ok_ = true;
};

// DATA_LOSS [STORE_DAMAGED] if the reader failed or bytes are left over; `what`
// names the thing read: "claim 7 of cambricon".
absl::Status CheckRead(const ByteReader& reader, absl::string_view what);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_CODEC_H_
