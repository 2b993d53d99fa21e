#include "bench/report.h"

#include <filesystem>
#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <nlohmann/json.hpp>

namespace guanxi::bench {
namespace {

constexpr const char* kFolder = "build/bench";

std::string Asked(const Figure& figure) {
  if (!figure.demand.has_value()) return "";
  const char* sign = figure.better == Figure::Better::kLower ? "<=" : ">=";
  return absl::StrFormat("%s %.4g  %s", sign, *figure.demand,
                         figure.met() ? "met" : "MISSED");
}

}  // namespace

bool Figure::met() const {
  if (!demand.has_value()) return true;
  return better == Better::kLower ? value <= *demand : value >= *demand;
}

Report::Report(absl::string_view name, std::ostream& out) : out_(out) {
  std::filesystem::create_directories(kFolder);
  file_.open(absl::StrCat(kFolder, "/", name, ".jsonl"));
}

void Report::Say(absl::string_view line) { out_ << line << std::endl; }

void Report::Add(const Figure& figure) {
  out_ << absl::StrFormat("%-44s %12.4g %-6s %s", figure.name, figure.value,
                          figure.unit, Asked(figure))
       << std::endl;
  AddSilently(figure);
}

void Report::AddSilently(const Figure& figure) {
  all_met_ = all_met_ && figure.met();
  nlohmann::ordered_json line = {
      {"name", figure.name}, {"value", figure.value}, {"unit", figure.unit}};
  line["demand"] = figure.demand.has_value()
                       ? nlohmann::ordered_json(*figure.demand)
                       : nlohmann::ordered_json();
  line["better"] = figure.better == Figure::Better::kLower ? "lower" : "higher";
  file_ << line.dump() << std::endl;
}

}  // namespace guanxi::bench
