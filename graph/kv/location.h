#ifndef GUANXI_GRAPH_KV_LOCATION_H_
#define GUANXI_GRAPH_KV_LOCATION_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace guanxi::kv {

// Returns the one absolute path, free of links, under which a data file is
// locked, so that two names of it cannot be opened side by side. The file may
// be missing, its folder not: NOT_FOUND [STORE_NOT_FOUND].
absl::StatusOr<std::string> ResolvePath(const std::string& path);

// The folder of a resolved path.
std::string FolderOf(const std::string& path);

// Makes a rename in `folder` durable.
absl::Status SyncFolder(const std::string& folder);

// FAILED_PRECONDITION [STORE_UNUSABLE] if `folder` is on a network file system
// (NFS, SMB, CIFS, AFS): memory maps and locks of different machines do not see
// each other there.
absl::Status RefuseNetworkDisk(const std::string& folder);

// The same by the type that statfs(2) reports. `folder` is for the message.
absl::Status RefuseNetworkType(int64_t type, const std::string& folder);

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_LOCATION_H_
