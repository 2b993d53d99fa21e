#include "client/cli/output_file.h"

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"

namespace guanxi::cli {
namespace {

bool Sync(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = fsync(fd) == 0;
  close(fd);
  return synced;
}

}  // namespace

absl::Status CannotWrite(const std::string& path) {
  return absl::UnavailableError(absl::StrCat("cannot write '", path, "'"));
}

OutputFile::OutputFile(const std::string& path)
    : path_(path), part_(path + ".part"), stream_(part_, std::ios::binary) {}

OutputFile::~OutputFile() {
  if (!done_) std::remove(part_.c_str());
}

absl::Status OutputFile::Finish() {
  stream_.close();
  if (stream_.fail() || !Sync(part_) ||
      std::rename(part_.c_str(), path_.c_str()) != 0) {
    return CannotWrite(path_);
  }
  done_ = true;
  return absl::OkStatus();
}

}  // namespace guanxi::cli
