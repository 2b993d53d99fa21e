#include "server/settings.h"

namespace guanxi::server {
namespace {

constexpr SettingRow kRows[] = {
#define GUANXI_SETTING(name, value, least, greatest, meaning) \
  {#name, &Settings::name, least, greatest, meaning},
#include "server/settings.inc"
#undef GUANXI_SETTING
};

}  // namespace

absl::Span<const SettingRow> AllSettings() { return kRows; }

BudgetLimits ToBudgetLimits(const Settings& settings) {
  return {.otherwise = {.max_entities = settings.default_entities,
                        .max_relationships = settings.default_relationships,
                        .max_results = settings.default_results,
                        .max_bytes = settings.default_memory_bytes,
                        .cancelled = nullptr},
          .most = {.max_entities = settings.max_entities,
                   .max_relationships = settings.max_relationships,
                   .max_results = settings.max_results,
                   .max_bytes = settings.max_memory_bytes,
                   .cancelled = nullptr}};
}

}  // namespace guanxi::server
