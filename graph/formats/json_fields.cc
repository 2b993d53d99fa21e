#include "graph/formats/json_fields.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/text/parser.h"

namespace guanxi::formats {
namespace {

constexpr size_t kMaxDescribedBytes = 40;
constexpr absl::string_view kAName =
    "a letter, then letters, digits, _ and - between them";

}  // namespace

Place Place::Below(absl::string_view name) const {
  Place below = *this;
  below.path = path.empty() ? std::string(name) : absl::StrCat(path, ".", name);
  return below;
}

absl::Status Place::Fail(absl::string_view problem,
                         absl::string_view expected) const {
  const std::string at = absl::StrCat(
      file.empty() ? "line " : absl::StrCat(file, ":"), line, ":", column);
  const std::string what = path.empty()
                               ? std::string(problem)
                               : absl::StrCat("'", path, "': ", problem);
  return MakeError(absl::StatusCode::kInvalidArgument, "SYNTAX",
                   absl::StrCat(at, ": ", what, ", expected ", expected),
                   {{"file", file},
                    {"line", absl::StrCat(line)},
                    {"column", absl::StrCat(column)},
                    {"problem", what},
                    {"expected", expected}});
}

std::string Describe(const Json& json) {
  if (json.is_object()) return "found an object";
  if (json.is_array()) return "found a list";
  if (json.is_null()) return "found null";
  std::string text = json.dump();
  if (text.size() > kMaxDescribedBytes) return "found a long string";
  return absl::StrCat("found ", text);
}

absl::StatusOr<Fields> Fields::Of(const Json& json, Place place) {
  if (json.is_object()) return Fields(json, std::move(place));
  return place.Fail(Describe(json), "an object");
}

bool Fields::Has(absl::string_view name) const {
  return json_->contains(std::string(name));
}

const Json* Fields::Take(absl::string_view name) {
  const auto found = json_->find(std::string(name));
  if (found == json_->end()) return nullptr;
  taken_.emplace(name);
  return &*found;
}

absl::StatusOr<std::optional<std::string>> Fields::TakeIfString(
    absl::string_view name) {
  const Json* json = Take(name);
  if (json == nullptr) return std::nullopt;
  if (json->is_string()) return json->get<std::string>();
  return place_.Below(name).Fail(Describe(*json), "a string");
}

absl::StatusOr<std::string> Fields::TakeString(absl::string_view name) {
  ASSIGN_OR_RETURN(std::optional<std::string> text, TakeIfString(name));
  if (text.has_value()) return *std::move(text);
  return place_.Fail(absl::StrCat("found no \"", name, "\""), "one");
}

absl::StatusOr<std::string> Fields::TakeId(absl::string_view name) {
  ASSIGN_OR_RETURN(std::string id, TakeString(name));
  if (text::IsId(id)) return id;
  return place_.Below(name).Fail(
      absl::StrCat("found ", id.size(), " bytes"),
      absl::StrCat("1 to ", text::kMaxIdBytes,
                   " bytes without control characters"));
}

absl::StatusOr<std::string> Fields::TakeName(absl::string_view name) {
  ASSIGN_OR_RETURN(std::string text, TakeId(name));
  if (text::IsName(text)) return text;
  return place_.Below(name).Fail(Describe(Json(text)), kAName);
}

absl::StatusOr<std::vector<std::string>> Fields::TakeNames(
    absl::string_view name) {
  std::vector<std::string> names;
  const Json* json = Take(name);
  if (json == nullptr) return names;
  const Place place = place_.Below(name);
  if (!json->is_array()) return place.Fail(Describe(*json), "a list of names");
  for (const Json& element : *json) {
    if (!element.is_string() || !text::IsName(element.get<std::string>())) {
      return place.Fail(Describe(element), kAName);
    }
    names.push_back(element.get<std::string>());
  }
  return names;
}

absl::StatusOr<bool> Fields::TakeBool(absl::string_view name) {
  const Json* json = Take(name);
  if (json == nullptr) return false;
  if (json->is_boolean()) return json->get<bool>();
  return place_.Below(name).Fail(Describe(*json), "true or false");
}

absl::Status Fields::Finish() const {
  for (const auto& [name, value] : json_->items()) {
    if (taken_.contains(name)) continue;
    return place_.Fail(
        absl::StrCat("found \"", name, "\""),
        absl::StrCat("nothing beside ", absl::StrJoin(taken_, ", ")));
  }
  return absl::OkStatus();
}

}  // namespace guanxi::formats
