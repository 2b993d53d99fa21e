// Preloaded into a program, the shim takes orders. In the environment,
// GUANXI_DISK_FILE is what WatchDisk() takes, and GUANXI_DISK_FAULT names a
// file that need not be there. While it is, it holds `KIND FIRST LAST`: of the
// calls since it came, from 1, those from the FIRST to the LAST fail as KIND
// says: nospace, io, half or done. The last one removes it.

#include "tests/crash/disk_shim.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <mutex>
#include <optional>
#include <unistd.h>
#include <utility>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

namespace guanxi::test {
namespace {

struct Shim {
  std::mutex mutex;
  std::string path_end;
  int64_t calls = 0;
  int64_t first = 0;
  int64_t last = 0;
  DiskFault fault = DiskFault::kNoSpace;
  std::string orders;        // the file of them; empty: none
  int64_t under_orders = 0;  // calls since it came
  bool recording = false;
  std::vector<DiskEvent> events;
};

// mmap is called before anything of the program has been set up: then there is
// nothing to watch yet.
std::atomic<bool> watching = false;

Shim& TheShim() {
  static Shim shim;
  return shim;
}

bool IsWatched(int fd, const Shim& shim) {
  char buffer[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = readlink(link.c_str(), buffer, sizeof(buffer));
  if (size <= 0) return false;
  const std::string path(buffer, static_cast<size_t>(size));
  if (!shim.path_end.ends_with('/')) return path.ends_with(shim.path_end);
  return (path + "/").find(shim.path_end) != std::string::npos;
}

DiskFault FaultNamed(const std::string& kind) {
  if (kind == "nospace") return DiskFault::kNoSpace;
  if (kind == "io") return DiskFault::kInputOutput;
  return kind == "half" ? DiskFault::kHalf : DiskFault::kDone;
}

// What goes wrong by order of who has preloaded the shim.
std::optional<DiskFault> OrderedFault(Shim& shim) {
  std::ifstream orders(shim.orders);
  std::string kind;
  int64_t first = 0;
  int64_t last = 0;
  if (!(orders >> kind >> first >> last)) {
    shim.under_orders = 0;
    return std::nullopt;
  }
  const int64_t call = ++shim.under_orders;
  if (call >= last) {
    unlink(shim.orders.c_str());
    shim.under_orders = 0;
  }
  if (call < first || call > last) return std::nullopt;
  return FaultNamed(kind);
}

// What is to go wrong with a call, if anything. Needs the mutex.
std::optional<DiskFault> NextFault(Shim& shim) {
  ++shim.calls;
  if (shim.first <= shim.calls && shim.calls <= shim.last) return shim.fault;
  return shim.orders.empty() ? std::nullopt : OrderedFault(shim);
}

ssize_t Fail(int error) {
  errno = error;
  return -1;
}

ssize_t PlainWrite(int fd, const void* bytes, size_t size, off_t offset) {
  return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

// Writes some bytes as ordered, and remembers what has been written.
ssize_t Write(int fd, const char* bytes, size_t size, off_t offset) {
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  if (!IsWatched(fd, shim)) return PlainWrite(fd, bytes, size, offset);
  const std::optional<DiskFault> fault = NextFault(shim);
  if (fault == DiskFault::kNoSpace) return Fail(ENOSPC);
  if (fault == DiskFault::kInputOutput) return Fail(EIO);
  const size_t taken = fault == DiskFault::kHalf ? size / 2 : size;
  const ssize_t written = PlainWrite(fd, bytes, taken, offset);
  if (shim.recording && written > 0) {
    const bool through = (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
    shim.events.push_back(
        {.failed = through && fault == DiskFault::kDone,
         .offset = offset,
         .bytes = std::string(bytes, static_cast<size_t>(written)),
         .through = through});
  }
  return fault == DiskFault::kDone ? Fail(EIO) : written;
}

// The same at the place where the file stands, which moves on.
ssize_t WriteHere(int fd, const char* bytes, size_t size) {
  const off_t offset = lseek(fd, 0, SEEK_CUR);
  const ssize_t written = Write(fd, bytes, size, offset);
  if (written > 0) lseek(fd, offset + written, SEEK_SET);
  return written;
}

int Sync(int fd, long call) {
  if (!watching) return static_cast<int>(syscall(call, fd));
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  if (!IsWatched(fd, shim)) return static_cast<int>(syscall(call, fd));
  const std::optional<DiskFault> fault = NextFault(shim);
  if (shim.recording) {
    shim.events.push_back({.is_sync = true, .failed = fault.has_value()});
  }
  if (!fault.has_value()) return static_cast<int>(syscall(call, fd));
  if (fault == DiskFault::kDone) syscall(call, fd);
  return static_cast<int>(Fail(fault == DiskFault::kNoSpace ? ENOSPC : EIO));
}

// NOLINTNEXTLINE(readability-function-size): as POSIX has it.
void* Map(void* at, size_t size, int protection, int flags, int fd,
          off_t offset) {
  const auto map = [&] {
    return reinterpret_cast<void*>(
        syscall(SYS_mmap, at, size, protection, flags, fd, offset));
  };
  if (fd < 0 || !watching) return map();
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  if (!IsWatched(fd, shim)) return map();
  if (!NextFault(shim).has_value()) return map();
  errno = ENOMEM;
  return MAP_FAILED;
}

// The bytes of a write from several places.
std::string Gather(const iovec* parts, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  return bytes;
}

// Takes the orders of a program that the shim was preloaded into.
__attribute__((constructor)) void ReadEnvironment() {
  const char* file = std::getenv("GUANXI_DISK_FILE");
  const char* orders = std::getenv("GUANXI_DISK_FAULT");
  if (file == nullptr || orders == nullptr) return;
  WatchDisk(file);
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  shim.orders = orders;
}

}  // namespace

void WatchDisk(const std::string& path_end) {
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  shim.path_end = path_end;
  shim.calls = 0;
  shim.first = 0;
  shim.last = 0;
  shim.recording = false;
  shim.events.clear();
  watching = true;
}

void FailDiskCalls(int64_t first, int64_t last, DiskFault fault) {
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  shim.first = first;
  shim.last = last;
  shim.fault = fault;
}

int64_t CountDiskCalls() {
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  return shim.calls;
}

void RecordDisk() {
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  shim.recording = true;
}

std::vector<DiskEvent> RecordedDisk() {
  Shim& shim = TheShim();
  const std::lock_guard<std::mutex> lock(shim.mutex);
  return shim.events;
}

}  // namespace guanxi::test

extern "C" {

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  if (!guanxi::test::watching)
    return guanxi::test::PlainWrite(fd, bytes, size, offset);
  return guanxi::test::Write(fd, static_cast<const char*>(bytes), size, offset);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  const auto plain = [&] { return syscall(SYS_write, fd, bytes, size); };
  if (!guanxi::test::watching) return plain();
  {
    guanxi::test::Shim& shim = guanxi::test::TheShim();
    const std::lock_guard<std::mutex> lock(shim.mutex);
    if (!guanxi::test::IsWatched(fd, shim)) return plain();
  }
  return guanxi::test::WriteHere(fd, static_cast<const char*>(bytes), size);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  const auto plain = [&] { return syscall(SYS_writev, fd, parts, count); };
  if (!guanxi::test::watching) return plain();
  {
    guanxi::test::Shim& shim = guanxi::test::TheShim();
    const std::lock_guard<std::mutex> lock(shim.mutex);
    if (!guanxi::test::IsWatched(fd, shim)) return plain();
  }
  const std::string bytes = guanxi::test::Gather(parts, count);
  return guanxi::test::WriteHere(fd, bytes.data(), bytes.size());
}

ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  if (!guanxi::test::watching) {
    return syscall(SYS_pwritev, fd, parts, count, offset, 0);
  }
  const std::string bytes = guanxi::test::Gather(parts, count);
  return guanxi::test::Write(fd, bytes.data(), bytes.size(), offset);
}

int fsync(int fd) { return guanxi::test::Sync(fd, SYS_fsync); }

int fdatasync(int fd) { return guanxi::test::Sync(fd, SYS_fdatasync); }

// NOLINTNEXTLINE(readability-function-size): likewise.
void* mmap(void* at, size_t size, int protection, int flags, int fd,
           off_t offset) noexcept {
  return guanxi::test::Map(at, size, protection, flags, fd, offset);
}

}  // extern "C"
