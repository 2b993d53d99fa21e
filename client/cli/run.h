#ifndef GUANXI_CLIENT_CLI_RUN_H_
#define GUANXI_CLIENT_CLI_RUN_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace guanxi::cli {

inline constexpr int kDefaultWidth = 80;

inline constexpr int kExitYes = 0;
inline constexpr int kExitNo = 1;
inline constexpr int kExitCouldNot = 2;

// Where the CLI writes, and where a shell reads.
struct Terminal {
  std::ostream& out;           // the answer, and only the answer
  std::ostream& err;           // everything else
  int width = kDefaultWidth;   // columns of `out`
  std::istream* in = nullptr;  // what a shell reads; nullptr: there is none
  bool interactive = false;    // `in` and `out` are a person's terminal
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool no_color = false;  // NO_COLOR is set
};

// Standard input, output and error, as the environment describes them.
Terminal StandardTerminal(std::istream& in, std::ostream& out,
                          std::ostream& err);

// The columns of the terminal that standard output is; kDefaultWidth if it is
// none.
int StandardOutputWidth();

// Runs `guanxi` with these arguments, its own name left out. Returns the exit
// code: 0, 1 for "no", 2 for "could not". The environment variable
// GUANXI_SERVER stands in for --server.
int Run(const std::vector<std::string>& arguments, const Terminal& terminal);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_RUN_H_
