#include "graph/base/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include <sys/stat.h>

#include "graph/base/descriptor.h"

namespace guanxi {
namespace {

constexpr size_t kBufferBytes = 64 << 10;

absl::Status CannotRead(const std::string& why) {
  return absl::NotFoundError(absl::StrCat("cannot be read: ", why));
}

}  // namespace

absl::StatusOr<std::string> ReadToEnd(int fd, int64_t max_bytes) {
  std::string bytes;
  std::string buffer(kBufferBytes, '\0');
  while (true) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(std::strerror(errno));
    if (got == 0) return bytes;
    bytes.append(buffer, 0, static_cast<size_t>(got));
    if (static_cast<int64_t>(bytes.size()) > max_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("has more than ", max_bytes, " bytes"));
    }
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     int64_t max_bytes) {
  // A pipe nobody writes to would hold up who opens it.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return CannotRead(std::strerror(errno));
  struct stat info = {};
  if (fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return CannotRead("it is no regular file");
  }
  return ReadToEnd(file.get(), max_bytes);
}

}  // namespace guanxi
