#ifndef GUANXI_GRAPH_KV_DRAFT_FILE_H_
#define GUANXI_GRAPH_KV_DRAFT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guanxi::kv {

// A data file in the making: it lies beside the one whose place it is to take,
// under its name with `.draft` behind, and takes that place at once or never.
// Removed with all that lies beside it when the object goes. Not thread-safe.
class DraftFile {
 public:
  // Makes it, empty, in place of any that was left behind; who may read it and
  // to whom it belongs are those of the file at `path`, if there is one: the
  // file to be. The caller is the only one to make a draft of it: it owns the
  // file (OwnerLock). NOT_FOUND [STORE_NOT_FOUND]: no such folder;
  // PERMISSION_DENIED [STORE_UNUSABLE].
  static absl::StatusOr<DraftFile> Create(const std::string& path);

  ~DraftFile();
  DraftFile(DraftFile&& other) noexcept;
  DraftFile& operator=(DraftFile&&) = delete;

  const std::string& path() const { return path_; }

  // To write to, until Close(). Owned by the draft.
  int fd() const { return fd_; }

  // Appends bytes. RESOURCE_EXHAUSTED [STORE_FULL], DATA_LOSS [STORE_DAMAGED].
  absl::Status Write(absl::string_view bytes);

  // Makes what was written durable. Errors as Write().
  absl::Status Close();

  // Gives it its name, in place of any file of that name. Requires Close().
  absl::Status Install() &&;

  // Removes what a process that was ended has left behind of a draft of `path`.
  static void RemoveLeftOver(const std::string& path);

 private:
  DraftFile(std::string target, int fd);

  std::string target_;  // empty: moved from, or installed
  std::string path_;
  int fd_;  // -1: closed
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_DRAFT_FILE_H_
