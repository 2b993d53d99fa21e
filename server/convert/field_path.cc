#include "server/convert/field_path.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi::server {
namespace {

// Of a wrong value, this much is shown.
constexpr size_t kMaxShownBytes = 100;

// Abseil's questions about characters want them unsigned.
unsigned char Unsigned(char c) { return static_cast<unsigned char>(c); }

bool IsNameCharacter(char c) {
  return absl::ascii_isalnum(Unsigned(c)) || c == '_';
}

// `name` of the .kg grammar: a dash stands between other characters.
bool IsName(absl::string_view name) {
  if (name.empty() || !absl::ascii_isalpha(Unsigned(name.front())))
    return false;
  if (name.back() == '-') return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '-' ? name[i - 1] == '-' : !IsNameCharacter(name[i])) {
      return false;
    }
  }
  return true;
}

bool IsControl(char c) { return absl::ascii_iscntrl(Unsigned(c)); }

// Whether a character of UTF-8 starts at this byte.
bool StartsCharacter(char byte) { return (Unsigned(byte) & 0xC0) != 0x80; }

}  // namespace

FieldPath FieldPath::Key(const FieldPath& parent, absl::string_view key) {
  FieldPath field(parent, key);
  field.is_key_ = true;
  return field;
}

std::string FieldPath::ToString() const {
  if (parent_ == nullptr) return std::string(name_);
  std::string path = parent_->ToString();
  if (is_key_) {
    absl::StrAppend(&path, "[\"", Shorten(name_, kMaxShownBytes), "\"]");
  } else if (index_ >= 0) {
    absl::StrAppend(&path, "[", index_, "]");
  } else {
    absl::StrAppend(&path, path.empty() ? "" : ".", name_);
  }
  return path;
}

absl::Status Missing(const FieldPath& field, absl::string_view expected) {
  const std::string path = field.ToString();
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_REQUIRED",
                   absl::StrCat(path, " is missing: expected ", expected),
                   {{"field", path}});
}

absl::Status Invalid(const FieldPath& field, absl::string_view value,
                     absl::string_view expected) {
  const std::string path = field.ToString();
  const std::string shown = Shorten(value, kMaxShownBytes);
  return MakeError(absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
                   absl::StrCat(path, " is '", shown, "': expected ", expected),
                   {{"field", path}, {"value", shown}});
}

absl::Status InField(const absl::Status& status, const FieldPath& field,
                     absl::string_view value) {
  if (status.ok()) return status;
  const std::string path = field.ToString();
  return MakeError(
      absl::StatusCode::kInvalidArgument, "FIELD_INVALID",
      absl::StrCat(path, ": ", status.message()),
      {{"field", path}, {"value", Shorten(value, kMaxShownBytes)}});
}

absl::Status CheckId(absl::string_view id, const FieldPath& field) {
  if (id.empty()) return Missing(field, "a key or an id");
  return CheckOptionalId(id, field);
}

absl::Status CheckOptionalId(absl::string_view id, const FieldPath& field) {
  RETURN_IF_ERROR(CheckLength(id, kMaxIdBytes, field));
  if (std::any_of(id.begin(), id.end(), IsControl)) {
    return Invalid(field, id, "no control characters");
  }
  return absl::OkStatus();
}

absl::Status CheckName(absl::string_view name, const FieldPath& field) {
  if (name.empty()) return Missing(field, "a name");
  RETURN_IF_ERROR(CheckLength(name, kMaxIdBytes, field));
  if (!IsName(name)) {
    return Invalid(field, name,
                   "a letter, then letters, digits, _ and - between them");
  }
  return absl::OkStatus();
}

absl::Status CheckLength(absl::string_view text, size_t max_bytes,
                         const FieldPath& field) {
  if (text.size() <= max_bytes) return absl::OkStatus();
  return Invalid(
      field, text,
      absl::StrCat("at most ", max_bytes, " bytes, not ", text.size()));
}

std::string Shorten(absl::string_view text, size_t max_bytes) {
  size_t bytes = std::min(text.size(), max_bytes);
  while (bytes < text.size() && bytes > 0 && !StartsCharacter(text[bytes])) {
    --bytes;
  }
  std::string shown(text.substr(0, bytes));
  std::replace_if(shown.begin(), shown.end(), IsControl, '?');
  if (bytes < text.size()) shown += "…";
  return shown;
}

}  // namespace guanxi::server
