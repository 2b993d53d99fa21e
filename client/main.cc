// guanxi: the command line.

#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include "client/cli/run.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return guanxi::cli::Run(
      arguments,
      {.out = std::cout,
       .err = std::cerr,
       .width = guanxi::cli::StandardOutputWidth(),
       .in = &std::cin,
       .interactive = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0});
}
