#ifndef GUANXI_GRAPH_FORMATS_JSON_FIELDS_H_
#define GUANXI_GRAPH_FORMATS_JSON_FIELDS_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <nlohmann/json.hpp>

namespace guanxi::formats {

using Json = nlohmann::json;

// Where in a text something stands, for errors.
struct Place {
  std::string file;
  int line = 0;      // from 1
  int column = 1;    // from 1, in bytes
  std::string path;  // "properties.percent"; empty: the line itself

  Place Below(absl::string_view name) const;

  // "t.jsonl:3:1: 'properties.percent': found …, expected …".
  absl::Status Fail(absl::string_view problem,
                    absl::string_view expected) const;
};

// What stands there, briefly: "a string", "the number 5".
std::string Describe(const Json& json);

// The fields of one object, each taken at most once. An error is
// INVALID_ARGUMENT [SYNTAX]. Must not outlive the object.
class Fields {
 public:
  // Fails if `json` is no object.
  static absl::StatusOr<Fields> Of(const Json& json, Place place);

  bool Has(absl::string_view name) const;

  // nullptr if there is none.
  const Json* Take(absl::string_view name);

  // Required, then optional, strings.
  absl::StatusOr<std::string> TakeString(absl::string_view name);
  absl::StatusOr<std::optional<std::string>> TakeIfString(
      absl::string_view name);

  // Required: an id, or a name as the .kg language has them.
  absl::StatusOr<std::string> TakeId(absl::string_view name);
  absl::StatusOr<std::string> TakeName(absl::string_view name);

  // Optional: a list of names; true or false, else false.
  absl::StatusOr<std::vector<std::string>> TakeNames(absl::string_view name);
  absl::StatusOr<bool> TakeBool(absl::string_view name);

  // Fails if there are fields that nobody took.
  absl::Status Finish() const;

  const Place& place() const { return place_; }

 private:
  Fields(const Json& json, Place place)
      : json_(&json), place_(std::move(place)) {}

  const Json* json_;
  Place place_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace guanxi::formats

#endif  // GUANXI_GRAPH_FORMATS_JSON_FIELDS_H_
