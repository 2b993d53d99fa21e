#include "client/cli/table.h"

#include <algorithm>
#include <numeric>
#include <ostream>
#include <utility>

#include "absl/strings/match.h"

#include "client/cli/width.h"

namespace guanxi::cli {
namespace {

constexpr int kGap = 2;
constexpr int kNarrowestColumn = 6;

// Escape codes: the one that ends all others, bold, and yellow.
constexpr char kPlain[] = "\x1b[0m";
constexpr char kKeyColor[] = "\x1b[1m";
constexpr char kFlagColor[] = "\x1b[33m";

std::string Blanks(int count) {
  return std::string(static_cast<size_t>(std::max(count, 0)), ' ');
}

// Takes columns away from the widest ones until they fit.
void Shrink(std::vector<int>& widths, int room) {
  while (std::accumulate(widths.begin(), widths.end(), 0) > room) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= kNarrowestColumn) return;
    --*widest;
  }
}

std::string Colored(const std::string& text, const char* color) {
  return color == nullptr ? text : color + text + kPlain;
}

// `colors` has an escape code for each cell, or nullptr.
void PrintRow(const std::vector<std::string>& row,
              const std::vector<const char*>& colors,
              const std::vector<int>& widths, int indent, std::ostream& out) {
  std::vector<std::vector<std::string>> cells;
  size_t lines = 1;
  for (size_t column = 0; column < row.size(); ++column) {
    const bool is_left_out = widths[column] == 0;
    cells.push_back(Wrap(is_left_out ? "" : row[column], widths[column]));
    lines = std::max(lines, cells.back().size());
  }
  for (size_t line = 0; line < lines; ++line) {
    std::string printed = Blanks(indent);
    int missing = 0;  // blanks that the next text needs before it
    for (size_t column = 0; column < cells.size(); ++column) {
      if (widths[column] == 0) continue;
      const std::string text =
          line < cells[column].size() ? cells[column][line] : "";
      if (!text.empty()) {
        printed += Blanks(missing) + Colored(text, colors[column]);
        missing = 0;
      }
      missing += widths[column] - DisplayWidth(text) + kGap;
    }
    out << printed << "\n";
  }
}

}  // namespace

Table::Table(std::vector<std::string> headings)
    : has_headings_(!headings.empty()) {
  if (has_headings_) {
    columns_ = headings.size();
    rows_.push_back(std::move(headings));
  }
}

void Table::AddRow(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Printable(cell);
  columns_ = std::max(columns_, cells.size());
  rows_.push_back(std::move(cells));
}

const char* Table::ColorOf(const std::string& cell, size_t column) const {
  const int index = static_cast<int>(column);
  if (index == colors_.keys) return kKeyColor;
  if (index != colors_.flags) return nullptr;
  const bool striking = absl::StrContains(cell, "conflict") ||
                        absl::StrContains(cell, "disputed");
  return striking ? kFlagColor : nullptr;
}

std::vector<const char*> Table::ColorsOf(size_t row) const {
  std::vector<const char*> colors(rows_[row].size(), nullptr);
  if (has_headings_ && row == 0) return colors;
  for (size_t column = 0; column < colors.size(); ++column) {
    colors[column] = ColorOf(rows_[row][column], column);
  }
  return colors;
}

std::vector<int> Table::FitWidths(int room) const {
  std::vector<int> widths(columns_, 0);
  for (size_t i = has_headings_ ? 1 : 0; i < rows_.size(); ++i) {
    for (size_t column = 0; column < rows_[i].size(); ++column) {
      widths[column] = std::max(widths[column], DisplayWidth(rows_[i][column]));
    }
  }
  int gaps = -kGap;
  for (size_t column = 0; column < columns_; ++column) {
    if (widths[column] == 0) continue;
    gaps += kGap;
    if (has_headings_) {
      widths[column] =
          std::max(widths[column], DisplayWidth(rows_.front()[column]));
    }
  }
  Shrink(widths, room - std::max(gaps, 0));
  return widths;
}

void Table::Print(std::ostream& out, int width, int indent) const {
  const std::vector<int> widths = FitWidths(width - indent);
  for (size_t i = 0; i < rows_.size(); ++i) {
    PrintRow(rows_[i], ColorsOf(i), widths, indent, out);
  }
}

}  // namespace guanxi::cli
