#ifndef GUANXI_SERVER_CONVERT_FIELD_PATH_H_
#define GUANXI_SERVER_CONVERT_FIELD_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace guanxi::server {

// Where a part of a request stands, for errors: one name or index on the way
// from the request to it. Costs nothing until it is printed. Lives on the
// stack; its parent and its name must outlive it.
class FieldPath {
 public:
  explicit FieldPath(absl::string_view name) : name_(name) {}
  FieldPath(const FieldPath& parent, absl::string_view name)
      : parent_(&parent), name_(name) {}
  FieldPath(const FieldPath& parent, int64_t index)
      : parent_(&parent), index_(index) {}
  static FieldPath Key(const FieldPath& parent, absl::string_view key);

  // "operations[3].entity.properties["revenue"]".
  std::string ToString() const;

 private:
  const FieldPath* parent_ = nullptr;
  absl::string_view name_;
  int64_t index_ = -1;
  bool is_key_ = false;
};

// The longest keys and ids, names of labels, properties and types, and notes of
// a request, in bytes.
inline constexpr size_t kMaxIdBytes = 400;
inline constexpr size_t kMaxNoteBytes = 10'000;

// INVALID_ARGUMENT [FIELD_REQUIRED]: "entity is missing: expected a key".
absl::Status Missing(const FieldPath& field, absl::string_view expected);

// INVALID_ARGUMENT [FIELD_INVALID]: "depth is 99: expected 1 to 16".
absl::Status Invalid(const FieldPath& field, absl::string_view value,
                     absl::string_view expected);

// OK if `status` is; else FIELD_INVALID with its message.
absl::Status InField(const absl::Status& status, const FieldPath& field,
                     absl::string_view value);

// Each says what is wrong with the text of a field:
// a key or an id that must be there, 1 to kMaxIdBytes without control
// characters;
absl::Status CheckId(absl::string_view id, const FieldPath& field);
// the same, but it may be empty;
absl::Status CheckOptionalId(absl::string_view id, const FieldPath& field);
// a name of a label, property or type: a letter, then letters, digits, _ and -;
absl::Status CheckName(absl::string_view name, const FieldPath& field);
// text of at most `max_bytes`.
absl::Status CheckLength(absl::string_view text, size_t max_bytes,
                         const FieldPath& field);

// At most `max_bytes` of `text` without control characters, for messages.
std::string Shorten(absl::string_view text, size_t max_bytes);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_FIELD_PATH_H_
