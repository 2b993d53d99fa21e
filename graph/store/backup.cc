#include "graph/store/backup.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/descriptor.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/kv/draft_file.h"
#include "graph/kv/env.h"
#include "graph/kv/location.h"
#include "graph/kv/ownership.h"
#include "graph/store/store.h"
#include "graph/store/tables.h"

namespace guanxi::store {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

absl::Status AlreadyThere(const std::string& path) {
  return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_EXISTS",
                   absl::StrCat("there is a store in '", path,
                                "' already; expected a folder without one"),
                   {{"path", path}});
}

absl::Status CannotRead(const std::string& path, int error) {
  return MakeError(absl::StatusCode::kNotFound, "STORE_NOT_FOUND",
                   absl::StrCat("cannot read the backup '", path,
                                "': ", std::strerror(error)),
                   {{"path", path}});
}

absl::Status CopyBytes(const std::string& from, kv::DraftFile& draft) {
  const Descriptor input(open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!input.valid()) return CannotRead(from, errno);
  std::vector<char> buffer(kBufferBytes);
  while (true) {
    const ssize_t got = read(input.get(), buffer.data(), buffer.size());
    if (got < 0) return CannotRead(from, errno);
    if (got == 0) return draft.Close();
    RETURN_IF_ERROR(draft.Write({buffer.data(), static_cast<size_t>(got)}));
  }
}

}  // namespace

absl::StatusOr<VerifyReport> RestoreStore(const std::string& copy,
                                          const std::string& path) {
  ASSIGN_OR_RETURN(const std::string file, kv::ResolvePath(path));
  // Nobody makes a store there meanwhile.
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::OwnerLock> owner,
                   kv::OwnerLock::Take(file));
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return AlreadyThere(path);
  ASSIGN_OR_RETURN(kv::DraftFile draft, kv::DraftFile::Create(file));
  RETURN_IF_ERROR(CopyBytes(copy, draft));
  ASSIGN_OR_RETURN(VerifyReport report, Store::Check(draft.path(), {}));
  if (report.clean()) RETURN_IF_ERROR(std::move(draft).Install());
  return report;
}

absl::StatusOr<Compaction> CompactStore(const std::string& path) {
  // Open until the new file has the name of the old one, so that nobody else
  // opens that.
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Env> env,
                   kv::Env::Open(path, kTableNames));
  ASSIGN_OR_RETURN(kv::DraftFile draft, env->Copy());
  Compaction compaction;
  ASSIGN_OR_RETURN(compaction.report, Store::Check(draft.path(), {}));
  std::error_code ignored;
  const auto size_of = [&](const std::string& file) {
    return static_cast<int64_t>(std::filesystem::file_size(file, ignored));
  };
  compaction.bytes_before = size_of(path);
  compaction.bytes_after = size_of(draft.path());
  if (compaction.report.clean()) {
    RETURN_IF_ERROR(std::move(draft).Install());
  }
  return compaction;
}

}  // namespace guanxi::store
