#include "graph/kv/ownership.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <pthread.h>
#include <set>
#include <unistd.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <sys/file.h>
#include <sys/stat.h>

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/mutex.h"
#include "graph/kv/lmdb_error.h"

namespace guanxi::kv {
namespace {

struct Registry {
  Mutex mu;
  std::set<std::pair<dev_t, ino_t>> open_files ABSL_GUARDED_BY(mu);
};

// Never destroyed, so that an Env may be closed as late as it likes.
Registry& TheRegistry() {
  static auto& registry = *new Registry();
  return registry;
}

std::atomic<int>& Forks() {
  static std::atomic<int> forks = 0;
  return forks;
}

absl::Status InUse(const std::string& path, absl::string_view by_whom) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_IN_USE",
                   absl::StrCat("'", path, "' is already open in ", by_whom,
                                "; close it there first"),
                   {{"path", path}, {"cause", by_whom}});
}

// The owner writes its number into the file, for the message only.
std::string ReadOwner(int fd) {
  char digits[16] = {};
  const ssize_t bytes = pread(fd, digits, sizeof(digits) - 1, 0);
  if (bytes <= 0) return "another process";
  if (digits == std::to_string(getpid())) return "this process";
  return absl::StrCat("process ", digits);
}

void WriteOwner(int fd) {
  const std::string digits = std::to_string(getpid());
  if (ftruncate(fd, 0) != 0) return;
  // A number that is missing makes a message vaguer, nothing else.
  (void)!pwrite(fd, digits.data(), digits.size(), 0);
}

}  // namespace

int ForkCount() {
  static const int kFailed = pthread_atfork(nullptr, nullptr, [] {
    Forks().fetch_add(1, std::memory_order_relaxed);
  });
  GUANXI_CHECK(kFailed == 0);
  return Forks().load(std::memory_order_relaxed);
}

absl::StatusOr<std::unique_ptr<OwnerLock>> OwnerLock::Take(
    const std::string& path) {
  const int fd = open(absl::StrCat(path, ".owner").c_str(),
                      O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (fd < 0) {
    return FromLmdb(errno, absl::StrCat("open of '", path, ".owner'"));
  }
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string owner = ReadOwner(fd);
    close(fd);
    if (error == EWOULDBLOCK) return InUse(path, owner);
    return FromLmdb(error, absl::StrCat("flock of '", path, ".owner'"));
  }
  WriteOwner(fd);
  return std::unique_ptr<OwnerLock>(new OwnerLock(fd));
}

OwnerLock::~OwnerLock() {
  // The lock is shared with children: closing alone would leave it with them,
  // and a child that unlocks would take it from its parent.
  if (fork_count_ == ForkCount()) flock(fd_, LOCK_UN);
  close(fd_);
}

absl::StatusOr<std::unique_ptr<FileClaim>> FileClaim::Take(
    const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0)
    return FromLmdb(errno, absl::StrCat("stat of '", path, "'"));
  Registry& registry = TheRegistry();
  MutexLock lock(registry.mu);
  if (!registry.open_files.emplace(info.st_dev, info.st_ino).second) {
    return InUse(path, "this process");
  }
  return std::unique_ptr<FileClaim>(new FileClaim(info.st_dev, info.st_ino));
}

bool FileClaim::IsOf(const std::string& path) const {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && info.st_dev == device_ &&
         info.st_ino == inode_;
}

FileClaim::~FileClaim() {
  Registry& registry = TheRegistry();
  MutexLock lock(registry.mu);
  registry.open_files.erase({device_, inode_});
}

}  // namespace guanxi::kv
