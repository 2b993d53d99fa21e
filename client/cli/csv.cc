#include "client/cli/csv.h"

#include <ostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace guanxi::cli {
namespace {

std::string Quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  return absl::StrCat("\"", absl::StrReplaceAll(cell, {{"\"", "\"\""}}), "\"");
}

}  // namespace

Csv::Csv(std::ostream& out, const std::vector<std::string>& headings)
    : out_(out) {
  AddRow(headings);
}

void Csv::AddRow(const std::vector<std::string>& cells) {
  out_ << absl::StrJoin(cells, ",",
                        [](std::string* text, const std::string& cell) {
                          absl::StrAppend(text, Quoted(cell));
                        })
       << "\n";
}

}  // namespace guanxi::cli
