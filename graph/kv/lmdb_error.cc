#include "graph/kv/lmdb_error.h"

#include <cerrno>
#include <lmdb.h>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"

namespace guanxi::kv {
namespace {

struct Meaning {
  absl::StatusCode code;
  absl::string_view reason;
  absl::string_view message;
};

constexpr Meaning kDamaged = {
    absl::StatusCode::kDataLoss, "STORE_DAMAGED",
    "the store file or its disk is damaged; restore it from a backup"};
constexpr Meaning kDiskFull = {absl::StatusCode::kResourceExhausted,
                               "STORE_FULL",
                               "no room on the disk of the store; free some"};
constexpr Meaning kForbidden = {
    absl::StatusCode::kPermissionDenied, "STORE_UNUSABLE",
    "not allowed to read and write the store; check owner and mode of its "
    "file and folder"};

Meaning MeaningOfErrno(int rc) {
  switch (rc) {
    case EIO:
      return kDamaged;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return kDiskFull;
    case EACCES:
    case EPERM:
    case EROFS:
      return kForbidden;
    case ENOMEM:
      return {absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY",
              "not enough memory or address space for the store; lower its "
              "size limit or raise the limit of this process"};
    case ENOENT:
      return {absl::StatusCode::kNotFound, "STORE_NOT_FOUND",
              "no store at this path; create one first"};
    default:
      return {absl::StatusCode::kInternal, "", "unexpected failure"};
  }
}

Meaning MeaningOf(int rc) {
  switch (rc) {
    case MDB_MAP_FULL:
      return {absl::StatusCode::kResourceExhausted, "STORE_FULL",
              "the store has reached its size limit; raise the limit"};
    case MDB_READERS_FULL:
      return {absl::StatusCode::kResourceExhausted, "READERS_FULL",
              "too many readers of the store at once; try again later"};
    case MDB_TXN_FULL:
      return {absl::StatusCode::kResourceExhausted, "TRANSACTION_TOO_LARGE",
              "too many changes for one transaction; commit more often"};
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
      return kDamaged;
    case MDB_PANIC:
      return {absl::StatusCode::kUnavailable, "STORE_REOPENING",
              "a write to the disk failed, and the store is to be opened "
              "anew; try again"};
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
      return {absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
              "not a store of this version of guanxi; check the path"};
    case MDB_MAP_RESIZED:
      return {absl::StatusCode::kFailedPrecondition, "STORE_IN_USE",
              "another program has grown the store; restart"};
    default:
      return MeaningOfErrno(rc);
  }
}

}  // namespace

absl::Status FromLmdb(int rc, absl::string_view call) {
  if (rc == MDB_SUCCESS) return absl::OkStatus();
  const Meaning meaning = MeaningOf(rc);
  const absl::string_view cause = mdb_strerror(rc);
  const std::string message =
      absl::StrCat(meaning.message, " (", call, ": ", cause, ")");
  if (meaning.reason.empty()) return absl::Status(meaning.code, message);
  return MakeError(meaning.code, meaning.reason, message,
                   {{"call", call}, {"cause", cause}});
}

}  // namespace guanxi::kv
