#ifndef GUANXI_BENCH_REPORT_H_
#define GUANXI_BENCH_REPORT_H_

#include <fstream>
#include <iosfwd>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace guanxi::bench {

// One number that a benchmark found, and what is asked of it.
struct Figure {
  enum class Better { kLower, kHigher };

  std::string name;
  double value = 0;
  std::string unit;              // "us", "ratio", "MB"
  std::optional<double> demand;  // the worst value that is good enough
  Better better = Better::kLower;

  bool met() const;  // true if nothing is asked
};

// Prints figures as rows of a table to `out`, and writes them as JSON lines
// {name, value, unit, demand, better} to build/bench/NAME.jsonl under the
// current directory.
class Report {
 public:
  Report(absl::string_view name, std::ostream& out);

  // A line about what is measured, not a figure.
  void Say(absl::string_view line);
  void Add(const Figure& figure);
  // Writes a figure that the lines tell in a way of their own.
  void AddSilently(const Figure& figure);

  bool all_met() const { return all_met_; }

 private:
  std::ostream& out_;
  std::ofstream file_;
  bool all_met_ = true;
};

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_REPORT_H_
