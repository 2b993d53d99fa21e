#ifndef GUANXI_CLIENT_CLI_CSV_H_
#define GUANXI_CLIENT_CLI_CSV_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace guanxi::cli {

// Comma-separated values (RFC 4180, lines end in LF): the headings first, cells
// in quotes where they need them. Cells are exact, as nobody reads them off a
// terminal.
class Csv {
 public:
  Csv(std::ostream& out, const std::vector<std::string>& headings);

  void AddRow(const std::vector<std::string>& cells);

 private:
  std::ostream& out_;
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_CSV_H_
