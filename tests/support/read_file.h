#ifndef GUANXI_TESTS_SUPPORT_READ_FILE_H_
#define GUANXI_TESTS_SUPPORT_READ_FILE_H_

#include <fstream>
#include <sstream>
#include <string>

#include "graph/base/check.h"

namespace guanxi::test {

// The bytes of a file that must be there.
inline std::string ReadFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  GUANXI_CHECK(file.good());
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// Of a file of this tree: "seed/schema.kg".
inline std::string ReadSource(const std::string& name) {
  return ReadFile(GUANXI_SOURCE_DIR "/" + name);
}

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_READ_FILE_H_
