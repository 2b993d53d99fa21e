#include "server/backup.h"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "absl/strings/str_cat.h"

#include "graph/base/descriptor.h"
#include "graph/base/sha256.h"
#include "graph/base/status_macros.h"
#include "graph/kv/draft_file.h"

namespace guanxi::server {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

// Sends what is in a file, and says in `summary` what it was.
absl::Status SendAll(int file, const Call& call,
                     grpc::ServerWriter<v1::BackupResponse>& writer,
                     v1::BackupSummary& summary) {
  Sha256 digest;
  v1::BackupResponse response;
  std::string& chunk = *response.mutable_chunk();
  while (true) {
    RETURN_IF_ERROR(call.CheckGoing());
    chunk.resize(kChunkBytes);
    const ssize_t got = read(file, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::UnavailableError("the copy cannot be read");
    if (got == 0) break;
    chunk.resize(static_cast<size_t>(got));
    digest.Add(chunk);
    summary.set_bytes(summary.bytes() + got);
    const Watchdog stall = call.WatchStall();
    if (!writer.Write(response)) return Cancelled();
  }
  summary.set_sha256(digest.Finish());
  return absl::OkStatus();
}

}  // namespace

absl::Status Backup(const Serving& serving, Call& call,
                    grpc::ServerWriter<v1::BackupResponse>& writer) {
  v1::BackupResponse last;
  v1::BackupSummary& summary = *last.mutable_summary();
  {
    ASSIGN_OR_RETURN(const store::Snapshot snapshot,
                     serving.store.BeginSnapshot());
    summary.set_revision(snapshot.revision().number);
  }
  // Made before it is sent, so that a client that reads slowly holds no state
  // of the store.
  const auto copy = serving.store.Copy([&] { return !call.CheckGoing().ok(); });
  RETURN_IF_ERROR(call.CheckGoing());  // rather than what the copy says then
  RETURN_IF_ERROR(copy.status());
  const Descriptor file(open(copy->path().c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return absl::UnavailableError("the copy cannot be opened");
  RETURN_IF_ERROR(SendAll(file.get(), call, writer, summary));
  call.Note("bytes", absl::StrCat(summary.bytes()));
  return writer.Write(last) ? absl::OkStatus() : Cancelled();
}

}  // namespace guanxi::server
