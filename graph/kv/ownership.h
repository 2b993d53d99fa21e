#ifndef GUANXI_GRAPH_KV_OWNERSHIP_H_
#define GUANXI_GRAPH_KV_OWNERSHIP_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include <sys/types.h>

namespace guanxi::kv {

// How often this process has been forked off another one since its ancestor
// first asked. An Env is of use only while the number is what it was when the
// Env was opened: LMDB's locks do not pass on to a child.
int ForkCount();

// Of the files of a store: their owner writes, the group reads.
inline constexpr mode_t kFileMode = 0640;

// The right of one Env, alone among all processes, to a data file: a lock on
// the file `<path>.owner`, which stays behind when the lock goes. It is beside
// the data file because closing any descriptor of LMDB's own files would drop
// LMDB's locks.
class OwnerLock {
 public:
  // FAILED_PRECONDITION [STORE_IN_USE] if another Env has it, of this process
  // or of another one; the message says which. PERMISSION_DENIED
  // [STORE_UNUSABLE] if the folder cannot be written.
  static absl::StatusOr<std::unique_ptr<OwnerLock>> Take(
      const std::string& path);

  ~OwnerLock();
  OwnerLock(const OwnerLock&) = delete;
  OwnerLock& operator=(const OwnerLock&) = delete;

 private:
  explicit OwnerLock(int fd) : fd_(fd) {}

  const int fd_;
  const int fork_count_ = ForkCount();
};

// The right of one Env, alone in this process, to a data file by whatever path
// (hard links): an entry in a process-wide registry of devices and inodes.
class FileClaim {
 public:
  // FAILED_PRECONDITION [STORE_IN_USE] if an Env of this process has the file;
  // NOT_FOUND [STORE_NOT_FOUND] if there is none.
  static absl::StatusOr<std::unique_ptr<FileClaim>> Take(
      const std::string& path);

  // Whether `path` is still the file that was claimed.
  bool IsOf(const std::string& path) const;

  ~FileClaim();
  FileClaim(const FileClaim&) = delete;
  FileClaim& operator=(const FileClaim&) = delete;

 private:
  FileClaim(dev_t device, ino_t inode) : device_(device), inode_(inode) {}

  const dev_t device_;
  const ino_t inode_;
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_OWNERSHIP_H_
