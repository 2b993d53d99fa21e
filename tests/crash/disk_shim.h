#ifndef GUANXI_TESTS_CRASH_DISK_SHIM_H_
#define GUANXI_TESTS_CRASH_DISK_SHIM_H_

#include <cstdint>
#include <string>
#include <vector>

namespace guanxi::test {

// Stands between a program and what it asks of the disk for one file: pwrite,
// pwritev, write, writev, fsync, fdatasync and mmap. A library that is linked,
// or preloaded into a program (LD_PRELOAD); of the latter see disk_shim.cc.

enum class DiskFault {
  kNoSpace,      // ENOSPC; of mmap ENOMEM
  kInputOutput,  // EIO; of mmap ENOMEM
  kHalf,         // of a write, half of it; of all else EIO
  kDone,         // EIO, though it was done
};

// Calls for a file whose path ends so are counted from now on, from 1. With `/`
// in the end: for a folder, and all that lies in it.
void WatchDisk(const std::string& path_end);

// The calls from the `first` to the `last` fail. None, if first is 0.
void FailDiskCalls(int64_t first, int64_t last, DiskFault fault);

// How many there have been since WatchDisk().
int64_t CountDiskCalls();

// What was asked of the disk, in order.
struct DiskEvent {
  // Of all that was written before; else a write.
  bool is_sync = false;
  // An error was the answer: any part of what was to be on the disk may be, and
  // no later sync sees to the rest, which Linux has forgotten.
  bool failed = false;
  int64_t offset = 0;
  std::string bytes;
  bool through = false;  // as if a sync of it came with it
};

// Keeps the events from now on, and returns those so far.
void RecordDisk();
std::vector<DiskEvent> RecordedDisk();

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_CRASH_DISK_SHIM_H_
