#include "graph/formats/json_line.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/formats/json_lines.h"
#include "graph/value/value.h"

namespace guanxi::formats {
namespace {

// A value of kMaxDepth lists and maps, each of these two objects deep, within
// the objects of a statement.
constexpr size_t kMaxDepth = 2 * Value::kMaxDepth + 4;

// Looks at what the parser meets, which by itself takes anything.
class Watcher {
 public:
  bool operator()(int, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        open_.emplace_back();
        too_deep_ = too_deep_ || open_.size() > kMaxDepth;
        return !too_deep_;  // what is left out takes no memory
      case Event::object_end:
      case Event::array_end:
        open_.pop_back();
        return true;
      case Event::key:
        if (!open_.back().insert(parsed.get<std::string>()).second) {
          twice_ = parsed.get<std::string>();
        }
        return true;
      case Event::value:
        return true;
    }
    return true;
  }

  absl::Status Finish(const Place& place) const {
    if (too_deep_) {
      return place.Fail("found lists and objects nested too deep",
                        absl::StrCat("at most ", kMaxDepth));
    }
    if (twice_.empty()) return absl::OkStatus();
    return place.Fail(absl::StrCat("found \"", twice_, "\" a second time"),
                      "each name once");
  }

 private:
  std::vector<std::set<std::string>> open_;
  bool too_deep_ = false;
  std::string twice_;
};

}  // namespace

absl::StatusOr<Json> ParseLine(absl::string_view line, const Place& place) {
  if (line.size() > kMaxLineBytes) {
    return place.Fail(absl::StrCat("found a line of ", line.size(), " bytes"),
                      absl::StrCat("at most ", kMaxLineBytes));
  }
  Watcher watcher;
  Json json;
  Place at = place;
  try {
    json = Json::parse(line.begin(), line.end(), std::ref(watcher));
  } catch (const Json::parse_error& error) {
    at.column = static_cast<int>(std::max<size_t>(error.byte, 1));
    return at.Fail("found what is no JSON", "one object, as in {\"kind\": …}");
  } catch (const Json::exception&) {
    return at.Fail("found a number that is too large",
                   "it as a string, with a type");
  }
  RETURN_IF_ERROR(watcher.Finish(place));
  return json;
}

}  // namespace guanxi::formats
