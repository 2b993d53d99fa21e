#include "server/backup.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include <openssl/evp.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi::server {
namespace {

constexpr size_t kChunkBytes = 256 << 10;

// Two ends of a stream of bytes.
class Pipe {
 public:
  Pipe() { made_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool made() const { return made_; }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }

  // Each by one thread.
  void CloseReader() { Close(ends_[0]); }
  void CloseWriter() { Close(ends_[1]); }

 private:
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }

  std::array<int, 2> ends_ = {-1, -1};
  bool made_ = false;
};

class Sha256 {
 public:
  Sha256() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }

  void Add(absl::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }

  std::string Finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    return {reinterpret_cast<const char*>(digest.data()), size};
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

// Sends what comes out of `reader` until its end, and says in `summary` what
// it was.
absl::Status SendAll(int reader, const Call& call,
                     grpc::ServerWriter<v1::BackupResponse>& writer,
                     v1::BackupSummary& summary) {
  Sha256 digest;
  v1::BackupResponse response;
  std::string& chunk = *response.mutable_chunk();
  while (true) {
    RETURN_IF_ERROR(call.CheckGoing());
    chunk.resize(kChunkBytes);
    const ssize_t got = read(reader, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::UnavailableError("the copy broke off");
    if (got == 0) break;
    chunk.resize(static_cast<size_t>(got));
    digest.Add(chunk);
    summary.set_bytes(summary.bytes() + got);
    if (!writer.Write(response)) return Cancelled();
  }
  summary.set_sha256(digest.Finish());
  return absl::OkStatus();
}

absl::Status NoRoom(const char* what) {
  return MakeError(absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY",
                   absl::StrCat("the system has no ", what,
                                " left for a backup; try again later"),
                   {{"cause", what}});
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
  Pipe pipe;
  if (!pipe.made()) return NoRoom("pipe");
  absl::Status copied;
  std::thread copier;
  try {
    copier = std::thread([&] {
      copied = serving.store.CopyTo(pipe.writer());
      pipe.CloseWriter();
    });
  } catch (const std::system_error&) {
    return NoRoom("thread");
  }
  const absl::Status sent = SendAll(pipe.reader(), call, writer, summary);
  pipe.CloseReader();  // which ends a copy that is not wanted any more
  copier.join();
  RETURN_IF_ERROR(sent);
  RETURN_IF_ERROR(copied);
  call.Note("bytes", absl::StrCat(summary.bytes()));
  return writer.Write(last) ? absl::OkStatus() : Cancelled();
}

}  // namespace guanxi::server
