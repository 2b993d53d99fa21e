// guanxi: the command line.

#include <iostream>
#include <string>
#include <vector>

#include "client/cli/run.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return guanxi::cli::Run(
      arguments, guanxi::cli::StandardTerminal(std::cin, std::cout, std::cerr));
}
