#ifndef GUANXI_CLIENT_CLI_TABLE_H_
#define GUANXI_CLIENT_CLI_TABLE_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace guanxi::cli {

// How far to the right stands what belongs to the line above it.
inline constexpr int kIndent = 2;

// Rows of text in columns that fit a terminal: cells that are too wide go on in
// the next line, nothing is cut. A column without any text is left out.
class Table {
 public:
  // `headings` may be empty: then no line of headings is printed, and the rows
  // say how many columns there are.
  explicit Table(std::vector<std::string> headings);

  // A row shorter than others ends in empty cells.
  void AddRow(std::vector<std::string> cells);

  // Whether it has rows beside its headings.
  bool empty() const { return rows_.size() == (has_headings_ ? 1U : 0U); }

  // Colours the keys of one column, and the flags `conflict` and `disputed` of
  // another, with the escape codes of terminals. Columns count from 0; -1:
  // none.
  struct Colors {
    int keys = -1;
    int flags = -1;
  };
  void Paint(const Colors& colors) { colors_ = colors; }

  // Prints it `indent` columns to the right, `width` columns wide in all.
  void Print(std::ostream& out, int width, int indent) const;

 private:
  std::vector<int> FitWidths(int room) const;

  const char* ColorOf(const std::string& cell, size_t column) const;
  std::vector<const char*> ColorsOf(size_t row) const;

  bool has_headings_;
  Colors colors_;
  std::vector<std::vector<std::string>> rows_;  // the headings first
  size_t columns_ = 0;
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_TABLE_H_
