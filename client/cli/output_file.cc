#include "client/cli/output_file.h"

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
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

OutputFile::OutputFile(const std::string& path, mode_t mode)
    : path_(path), part_(path + ".part") {
  std::remove(part_.c_str());
  const int fd =
      open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) {
    stream_.setstate(std::ios::failbit);
    return;
  }
  close(fd);
  stream_.open(part_, std::ios::binary);
}

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
  const std::string folder = std::filesystem::path(path_).parent_path();
  if (!Sync(folder.empty() ? "." : folder)) return CannotWrite(path_);
  return absl::OkStatus();
}

}  // namespace guanxi::cli
