#include "graph/kv/location.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include <sys/vfs.h>

#include "graph/base/descriptor.h"
#include "graph/base/error.h"
#include "graph/kv/lmdb_error.h"

namespace guanxi::kv {
namespace {

struct NetworkType {
  uint32_t type;
  const char* name;
};

// Numbers of <linux/magic.h>, which does not have all of them everywhere.
constexpr NetworkType kNetworkTypes[] = {
    {0x6969, "NFS"},      {0x517B, "SMB"},     {0xFE534D42, "SMB"},
    {0xFF534D42, "CIFS"}, {0x5346414F, "AFS"}, {0x6B414653, "AFS"},
};

absl::Status NotFound(const std::string& path, const std::string& why) {
  return MakeError(absl::StatusCode::kNotFound, "STORE_NOT_FOUND",
                   absl::StrCat("expected the path of a store file, got '",
                                path, "': ", why, "; its folder must exist"),
                   {{"path", path}, {"cause", why}});
}

}  // namespace

absl::StatusOr<std::string> ResolvePath(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::path resolved = fs::canonical(path, error); !error) {
    return resolved.string();
  }
  const fs::path name = fs::path(path).filename();
  if (name.empty()) return NotFound(path, "no file name");
  const fs::path parent = fs::path(path).parent_path();
  const fs::path folder = fs::canonical(parent.empty() ? "." : parent, error);
  if (error) return NotFound(path, error.message());
  return (folder / name).string();
}

std::string FolderOf(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

absl::Status SyncFolder(const std::string& folder) {
  const Descriptor opened(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.valid()) return FromLmdb(errno, "open of the folder");
  const int rc = fsync(opened.get()) == 0 ? 0 : errno;
  return FromLmdb(rc, "fsync of the folder");
}

absl::Status RefuseNetworkType(int64_t type, const std::string& folder) {
  // f_type is signed on some machines: its upper half says nothing.
  const auto low = static_cast<uint32_t>(type);
  for (const NetworkType& network : kNetworkTypes) {
    if (network.type != low) continue;
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
        absl::StrCat("'", folder, "' is on a network file system (",
                     network.name,
                     "), where a store would be damaged; use a "
                     "local disk"),
        {{"path", folder}, {"cause", network.name}});
  }
  return absl::OkStatus();
}

absl::Status RefuseNetworkDisk(const std::string& folder) {
  struct statfs info = {};
  if (statfs(folder.c_str(), &info) != 0) return FromLmdb(errno, "statfs");
  return RefuseNetworkType(static_cast<int64_t>(info.f_type), folder);
}

}  // namespace guanxi::kv
