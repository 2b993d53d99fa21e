#include "graph/kv/draft_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include <sys/stat.h>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/kv/lmdb_error.h"
#include "graph/kv/location.h"
#include "graph/kv/ownership.h"

namespace guanxi::kv {
namespace {

std::string DraftPath(const std::string& target) {
  return absl::StrCat(target, ".draft");
}

// As those of the file whose place it is to take: who runs a command on it need
// not be who serves it.
bool TakeOwner(const std::string& target, int fd) {
  struct stat info = {};
  if (stat(target.c_str(), &info) != 0) return true;  // there is none
  return fchmod(fd, info.st_mode) == 0 &&
         (geteuid() != 0 || fchown(fd, info.st_uid, info.st_gid) == 0);
}

}  // namespace

absl::StatusOr<DraftFile> DraftFile::Create(const std::string& path) {
  ASSIGN_OR_RETURN(std::string target, ResolvePath(path));
  RemoveLeftOver(target);
  const std::string draft = DraftPath(target);
  const int fd =
      open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
  if (fd < 0) return FromLmdb(errno, absl::StrCat("open of '", draft, "'"));
  const int error = TakeOwner(target, fd) ? 0 : errno;
  DraftFile made(std::move(target), fd);
  RETURN_IF_ERROR(FromLmdb(error, absl::StrCat("fchown of '", draft, "'")));
  return made;
}

DraftFile::DraftFile(std::string target, int fd)
    : target_(std::move(target)), path_(DraftPath(target_)), fd_(fd) {}

DraftFile::DraftFile(DraftFile&& other) noexcept
    : target_(std::exchange(other.target_, "")),
      path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)) {}

DraftFile::~DraftFile() {
  if (fd_ >= 0) close(fd_);
  if (!target_.empty()) RemoveLeftOver(target_);
}

// With what an Env of it has left beside it.
void DraftFile::RemoveLeftOver(const std::string& path) {
  for (const char* end : {"", "-lock", ".owner"}) {
    unlink(absl::StrCat(DraftPath(path), end).c_str());
  }
}

absl::Status DraftFile::Write(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written == 0 || (written < 0 && errno != EINTR)) {
      return FromLmdb(written == 0 ? EIO : errno,
                      absl::StrCat("write of '", path_, "'"));
    }
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status DraftFile::Close() {
  GUANXI_CHECK(fd_ >= 0);
  const int fd = std::exchange(fd_, -1);
  const int synced = fsync(fd) == 0 ? 0 : errno;
  const int closed = close(fd) == 0 ? 0 : errno;
  return FromLmdb(synced != 0 ? synced : closed,
                  absl::StrCat("fsync of '", path_, "'"));
}

absl::Status DraftFile::Install() && {
  GUANXI_CHECK(fd_ < 0);
  if (std::rename(path_.c_str(), target_.c_str()) != 0) {
    return FromLmdb(errno, absl::StrCat("rename of '", path_, "'"));
  }
  const std::string target = std::exchange(target_, "");
  RemoveLeftOver(target);
  return SyncFolder(FolderOf(target));
}

}  // namespace guanxi::kv
