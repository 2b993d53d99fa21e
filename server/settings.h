#ifndef GUANXI_SERVER_SETTINGS_H_
#define GUANXI_SERVER_SETTINGS_H_

#include <cstdint>

#include "absl/types/span.h"

#include "server/convert/traversal.h"

namespace guanxi::server {

// What whoever runs the server can set. A setting is one row in settings.inc.
struct Settings {
#define GUANXI_SETTING(name, value, least, greatest, meaning) \
  int64_t name = value;
#include "server/settings.inc"
#undef GUANXI_SETTING
};

// One setting as the command line shows it.
struct SettingRow {
  const char* name;  // "max_calls"
  int64_t Settings::*value;
  int64_t least;
  int64_t greatest;
  const char* meaning;
};
absl::Span<const SettingRow> AllSettings();

// What traversals may take.
BudgetLimits ToBudgetLimits(const Settings& settings);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SETTINGS_H_
