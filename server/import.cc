#include "server/import.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/limits.h"
#include "server/convert/field_path.h"
#include "server/convert/statement.h"
#include "server/import_file.h"
#include "server/write.h"

namespace guanxi::server {
namespace {

// Progress is told once in so many bytes.
constexpr int64_t kProgressBytes = 1 << 20;

constexpr size_t kMaxFiles = 10'000;

// A part has room for the longest line, whatever the settings say.
constexpr int64_t kLeastPartBytes = 16 << 20;

absl::Status TooLarge(absl::string_view what, int64_t limit,
                      absl::string_view instead) {
  return MakeError(absl::StatusCode::kResourceExhausted, "IMPORT_TOO_LARGE",
                   absl::StrCat(what, " at most ", limit, " bytes; ", instead),
                   {{"limit", absl::StrCat(limit)}});
}

absl::Status TooManyStatements() {
  return MakeError(
      absl::StatusCode::kResourceExhausted, "COMMIT_TOO_LARGE",
      absl::StrCat("an import makes at most ", store::kMaxClaimsPerCommit,
                   " statements one commit; import them in parts"),
      {{"limit", absl::StrCat(store::kMaxClaimsPerCommit)}});
}

// Adds what a further commit did.
void Add(v1::WriteSummary part, v1::WriteSummary* whole) {
  whole->set_revision(part.revision());
  whole->set_changed(whole->changed() || part.changed());
  whole->set_claims_added(whole->claims_added() + part.claims_added());
  whole->set_claims_unchanged(whole->claims_unchanged() +
                              part.claims_unchanged());
  whole->set_claims_skipped(whole->claims_skipped() + part.claims_skipped());
  whole->set_claims_retracted(whole->claims_retracted() +
                              part.claims_retracted());
  whole->set_claims_ended(whole->claims_ended() + part.claims_ended());
  whole->set_claims_purged(whole->claims_purged() + part.claims_purged());
  whole->set_notice_count(whole->notice_count() + part.notice_count());
  for (v1::Notice& notice : *part.mutable_notices()) {
    if (whole->notices_size() ==
        static_cast<int>(store::CommitResult::kMaxNotices)) {
      return;
    }
    *whole->add_notices() = std::move(notice);
  }
}

void Tell(const v1::ImportProgress& progress, const Call& call,
          FactService::ImportStream& stream) {
  v1::ImportResponse response;
  *response.mutable_progress() = progress;
  const Watchdog stall = call.WatchStall();
  // A client that is gone shows when the next message is read.
  stream.Write(response);
}

// Takes the messages of an upload, and stores what they say.
class Importer {
 public:
  Importer(const Serving& serving, Call& call)
      : serving_(serving), call_(call), schema_(serving.store) {}

  absl::Status Take(v1::ImportRequest& request) {
    const bool is_first = !std::exchange(begun_, true);
    switch (request.part_case()) {
      case v1::ImportRequest::kHeader:
        if (!is_first) {
          return Invalid(FieldPath("header"), "", "it as the first message");
        }
        return TakeHeader(*request.mutable_header());
      case v1::ImportRequest::kChunk:
        return TakeChunk(request.chunk());
      case v1::ImportRequest::kEnd:
        return TakeEnd();
      case v1::ImportRequest::PART_NOT_SET:
        break;
    }
    return Missing(FieldPath("part"), "a header, a chunk or the end");
  }

  bool has_ended() const { return ended_; }
  const v1::ImportProgress& progress() const { return progress_; }
  const v1::ImportReport& report() const { return report_; }

 private:
  bool in_parts() const { return header_.part_statements() > 0; }

  absl::Status TakeHeader(v1::ImportHeader& header);
  absl::Status TakeChunk(const v1::ImportChunk& chunk);
  absl::Status TakeEnd();
  absl::Status BeginFile(const std::string& name);
  absl::Status EndFile();
  absl::Status CheckBytes() const;
  int64_t HeldOfFile() const;
  absl::Status TakeBytes(absl::string_view bytes);
  // Drops what the client wants to be skipped, and stores the parts that are
  // complete.
  absl::Status TakeStatements(std::vector<Statement> read);
  absl::Status Store();

  const Serving& serving_;
  Call& call_;
  v1::ImportHeader header_;
  ImportSchema schema_;
  std::set<std::string> names_;
  std::optional<ImportFile> file_;
  std::vector<Statement> statements_;  // read, and not stored
  int64_t handled_ = 0;                // stored or skipped, before those
  int64_t held_bytes_ = 0;  // received since the last part was stored
  int64_t file_bytes_ = 0;
  v1::ImportProgress progress_;
  v1::ImportReport report_;
  bool begun_ = false;
  bool ended_ = false;
};

absl::Status Importer::TakeHeader(v1::ImportHeader& header) {
  const FieldPath field("header");
  RETURN_IF_ERROR(
      CheckLength(header.author(), kMaxIdBytes, FieldPath(field, "author")));
  RETURN_IF_ERROR(
      CheckLength(header.note(), kMaxNoteBytes, FieldPath(field, "note")));
  const int64_t part = header.part_statements();
  if (part < 0 || part > store::kMaxClaimsPerCommit) {
    return Invalid(FieldPath(field, "part_statements"), absl::StrCat(part),
                   absl::StrCat("0 to ", store::kMaxClaimsPerCommit));
  }
  const int64_t skip = header.skip_statements();
  if (skip < 0 || (skip > 0 && part == 0)) {
    return Invalid(FieldPath(field, "skip_statements"), absl::StrCat(skip),
                   "0, or of an import in parts more");
  }
  header_ = std::move(header);
  return absl::OkStatus();
}

absl::Status Importer::TakeChunk(const v1::ImportChunk& chunk) {
  const FieldPath field("chunk");
  RETURN_IF_ERROR(CheckId(chunk.file(), FieldPath(field, "file")));
  if (!file_.has_value() || file_->name() != chunk.file()) {
    RETURN_IF_ERROR(EndFile());
    RETURN_IF_ERROR(BeginFile(chunk.file()));
  }
  absl::string_view left = chunk.data();
  while (!left.empty()) {
    const absl::string_view slice = left.substr(0, ImportFile::kSliceBytes);
    RETURN_IF_ERROR(TakeBytes(slice));
    left.remove_prefix(slice.size());
  }
  return absl::OkStatus();
}

absl::Status Importer::TakeBytes(absl::string_view bytes) {
  const auto count = static_cast<int64_t>(bytes.size());
  progress_.set_bytes(progress_.bytes() + count);
  held_bytes_ += count;
  file_bytes_ += count;
  RETURN_IF_ERROR(CheckBytes());
  std::vector<Statement> read;
  const absl::Status added = file_->Add(bytes, &read);
  // What stands above a mistake makes its parts.
  RETURN_IF_ERROR(TakeStatements(std::move(read)));
  return LocateError(added, nullptr);
}

absl::Status Importer::BeginFile(const std::string& name) {
  const FieldPath field("chunk");
  if (!names_.insert(name).second) {
    return Invalid(FieldPath(field, "file"), name,
                   "the chunks of a file one after the other");
  }
  if (names_.size() > kMaxFiles) {
    return Invalid(field, name, absl::StrCat("at most ", kMaxFiles, " files"));
  }
  file_.emplace(name, schema_);
  file_bytes_ = 0;
  progress_.set_files(static_cast<int>(names_.size()));
  return absl::OkStatus();
}

absl::Status Importer::EndFile() {
  if (!file_.has_value()) return absl::OkStatus();
  std::vector<Statement> read;
  const absl::Status ended = file_->End(&read);
  RETURN_IF_ERROR(TakeStatements(std::move(read)));
  file_.reset();
  return LocateError(ended, nullptr);
}

absl::Status Importer::CheckBytes() const {
  const int64_t most = serving_.settings.max_import_bytes;
  if (!in_parts()) {
    if (progress_.bytes() <= most) return absl::OkStatus();
    return TooLarge("the files of an import are together", most,
                    "import them in parts");
  }
  if (file_bytes_ > ImportFile::kMaxBytes) {
    return TooLarge("a file is", ImportFile::kMaxBytes, "make several of it");
  }
  const int64_t most_of_part = std::max(most, kLeastPartBytes);
  if (held_bytes_ <= most_of_part) return absl::OkStatus();
  return TooLarge("a part of an import is", most_of_part,
                  "make parts of fewer statements");
}

absl::Status Importer::TakeEnd() {
  if (names_.empty()) return Missing(FieldPath("chunk"), "one or more files");
  RETURN_IF_ERROR(EndFile());
  if (handled_ < header_.skip_statements()) {
    return Invalid(FieldPath("header.skip_statements"),
                   absl::StrCat(header_.skip_statements()),
                   absl::StrCat("at most ", handled_, ", which there are"));
  }
  if (!statements_.empty() || report_.commits() == 0) {
    RETURN_IF_ERROR(Store());
  }
  report_.set_files(progress_.files());
  report_.set_bytes(progress_.bytes());
  report_.set_statements(handled_);
  ended_ = true;
  return absl::OkStatus();
}

absl::Status Importer::TakeStatements(std::vector<Statement> read) {
  for (Statement& statement : read) {
    if (handled_ < header_.skip_statements()) {
      progress_.set_statements_stored(++handled_);
      continue;
    }
    if (!in_parts() && std::ssize(statements_) == store::kMaxClaimsPerCommit) {
      return TooManyStatements();
    }
    statements_.push_back(std::move(statement));
    const auto held = static_cast<int64_t>(statements_.size());
    if (held == header_.part_statements()) RETURN_IF_ERROR(Store());
  }
  if (statements_.empty()) held_bytes_ = HeldOfFile();
  return absl::OkStatus();
}

int64_t Importer::HeldOfFile() const {
  return file_.has_value() ? static_cast<int64_t>(file_->held_bytes()) : 0;
}

absl::Status Importer::Store() {
  RETURN_IF_ERROR(call_.CheckGoing());
  store::CommitRequest commit{.statements = std::exchange(statements_, {}),
                              .origin = store::Origin::kImport,
                              .author = header_.author(),
                              .note = header_.note()};
  for (size_t i = 0; i < commit.statements.size(); ++i) {
    commit.statements[i].position.index = static_cast<int>(i);
  }
  call_.Bind(&commit);
  const auto result = serving_.store.Commit(commit);
  if (!result.ok()) return LocateError(result.status(), nullptr);
  handled_ += static_cast<int64_t>(commit.statements.size());
  held_bytes_ = HeldOfFile();
  Add(ToProto(*result), report_.mutable_summary());
  report_.set_commits(report_.commits() + 1);
  progress_.set_statements_stored(handled_);
  progress_.set_revision(result->revision.number);
  return absl::OkStatus();
}

absl::Status Receive(Call& call, FactService::ImportStream& stream,
                     Importer& importer) {
  int64_t next_report = kProgressBytes;
  int64_t told = 0;
  v1::ImportRequest request;
  while (!importer.has_ended()) {
    bool received = false;
    {
      const Watchdog stall = call.WatchStall();
      received = stream.Read(&request);
    }
    RETURN_IF_ERROR(call.CheckGoing());
    // A stream that breaks off ends just like one that is complete, which is
    // why `end` is asked for.
    if (!received) return Missing(FieldPath("end"), "it as the last message");
    const absl::Status taken = importer.Take(request);
    const v1::ImportProgress& progress = importer.progress();
    if (progress.bytes() >= next_report ||
        progress.statements_stored() > told) {
      Tell(progress, call, stream);
      next_report = progress.bytes() + kProgressBytes;
      told = progress.statements_stored();
    }
    RETURN_IF_ERROR(taken);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Import(const Serving& serving, Call& call,
                    FactService::ImportStream& stream) {
  Importer importer(serving, call);
  const absl::Status received = Receive(call, stream, importer);
  const v1::ImportProgress& progress = importer.progress();
  call.Note("files", absl::StrCat(progress.files()));
  call.Note("bytes", absl::StrCat(progress.bytes()));
  if (progress.revision() > 0) {
    call.Note("revision", absl::StrCat(progress.revision()));
    call.Note("commits", absl::StrCat(importer.report().commits()));
    call.Note("stored", absl::StrCat(progress.statements_stored()));
    call.Note("added",
              absl::StrCat(importer.report().summary().claims_added()));
  }
  RETURN_IF_ERROR(received);
  v1::ImportResponse last;
  *last.mutable_report() = importer.report();
  const Watchdog stall = call.WatchStall();
  // It is stored; whether the client learns so is no longer up to us.
  stream.Write(last);
  return absl::OkStatus();
}

}  // namespace guanxi::server
