#include "server/import.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/formats/json_lines.h"
#include "server/convert/field_path.h"
#include "server/write.h"

namespace guanxi::server {
namespace {

// Progress is told once in so many bytes.
constexpr int64_t kProgressBytes = 1 << 20;

constexpr size_t kMaxFiles = 10'000;

absl::Status TooLarge(int64_t limit) {
  return MakeError(absl::StatusCode::kResourceExhausted, "IMPORT_TOO_LARGE",
                   absl::StrCat("the files of an import are at most ", limit,
                                " bytes together; import them in parts"),
                   {{"limit", absl::StrCat(limit)}});
}

// Puts the messages of an upload together.
class Receiver {
 public:
  explicit Receiver(int64_t max_bytes) : max_bytes_(max_bytes) {}

  absl::Status Take(v1::ImportRequest& request) {
    const bool is_first = !std::exchange(begun_, true);
    switch (request.part_case()) {
      case v1::ImportRequest::kHeader:
        if (!is_first) {
          return Invalid(FieldPath("header"), "", "it as the first message");
        }
        return TakeHeader(*request.mutable_header());
      case v1::ImportRequest::kChunk:
        return TakeChunk(*request.mutable_chunk());
      case v1::ImportRequest::kEnd:
        return TakeEnd();
      case v1::ImportRequest::PART_NOT_SET:
        break;
    }
    return Missing(FieldPath("part"), "a header, a chunk or the end");
  }

  Upload& upload() { return upload_; }
  bool has_ended() const { return ended_; }

 private:
  absl::Status TakeHeader(v1::ImportHeader& header) {
    const FieldPath field("header");
    RETURN_IF_ERROR(
        CheckLength(header.author(), kMaxIdBytes, FieldPath(field, "author")));
    RETURN_IF_ERROR(
        CheckLength(header.note(), kMaxNoteBytes, FieldPath(field, "note")));
    upload_.author = std::move(*header.mutable_author());
    upload_.note = std::move(*header.mutable_note());
    return absl::OkStatus();
  }

  absl::Status TakeChunk(v1::ImportChunk& chunk) {
    const FieldPath chunk_field("chunk");
    const FieldPath field(chunk_field, "file");
    RETURN_IF_ERROR(CheckId(chunk.file(), field));
    upload_.bytes += static_cast<int64_t>(chunk.data().size());
    if (upload_.bytes > max_bytes_) return TooLarge(max_bytes_);
    std::vector<Upload::File>& files = upload_.files;
    if (files.empty() || files.back().name != chunk.file()) {
      if (std::ranges::find(files, chunk.file(), &Upload::File::name) !=
          files.end()) {
        return Invalid(field, chunk.file(),
                       "the chunks of a file one after the other");
      }
      if (files.size() == kMaxFiles) {
        return Invalid(chunk_field, chunk.file(),
                       absl::StrCat("at most ", kMaxFiles, " files"));
      }
      files.push_back({.name = chunk.file()});
    }
    files.back().text += chunk.data();
    return absl::OkStatus();
  }

  absl::Status TakeEnd() {
    if (upload_.files.empty()) {
      return Missing(FieldPath("chunk"), "one or more files");
    }
    ended_ = true;
    return absl::OkStatus();
  }

  const int64_t max_bytes_;
  Upload upload_;
  bool begun_ = false;
  bool ended_ = false;
};

// Parses files of both formats, one after the other.
class FileParser {
 public:
  explicit FileParser(const store::Store& store) : store_(store) {}

  absl::StatusOr<std::vector<Statement>> Parse(const Upload::File& file) {
    if (!formats::IsJsonLines(file.name, file.text)) {
      auto parsed = ParseText(file.text, file.name);
      if (parsed.ok()) Collect(*parsed);
      return parsed;
    }
    ASSIGN_OR_RETURN(const Schema schema, SchemaSoFar());
    auto parsed = ParseJsonLines(file.text, file.name, schema);
    if (parsed.ok()) Collect(*parsed);
    return parsed;
  }

 private:
  void Collect(const std::vector<Statement>& statements) {
    for (const Statement& statement : statements) {
      const auto* held = std::get_if<Declaration>(&statement.body);
      if (held != nullptr) declared_.push_back(*held);
    }
  }

  absl::StatusOr<Schema> SchemaSoFar() const {
    ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
    Schema schema = snapshot.schema();
    for (const Declaration& declaration : declared_) {
      // The commit will say what is wrong with one.
      schema.Declare(declaration).IgnoreError();
    }
    return schema;
  }

  const store::Store& store_;
  std::vector<Declaration> declared_;
};

void Report(const Upload& upload, FactService::ImportStream& stream) {
  v1::ImportResponse response;
  response.mutable_progress()->set_files(static_cast<int>(upload.files.size()));
  response.mutable_progress()->set_bytes(upload.bytes);
  // A client that is gone shows when the next message is read.
  stream.Write(response);
}

}  // namespace

absl::StatusOr<Upload> Receive(const Settings& settings, Call& call,
                               FactService::ImportStream& stream) {
  Receiver receiver(settings.max_import_bytes);
  int64_t next_report = kProgressBytes;
  v1::ImportRequest request;
  while (!receiver.has_ended()) {
    bool received = false;
    {
      const Watchdog stall = call.WatchStall();
      received = stream.Read(&request);
    }
    RETURN_IF_ERROR(call.CheckGoing());
    // A stream that breaks off ends just like one that is complete, which is
    // why `end` is asked for.
    if (!received) return Missing(FieldPath("end"), "it as the last message");
    RETURN_IF_ERROR(receiver.Take(request));
    if (receiver.upload().bytes >= next_report) {
      Report(receiver.upload(), stream);
      next_report = receiver.upload().bytes + kProgressBytes;
    }
  }
  return std::move(receiver.upload());
}

absl::StatusOr<store::CommitRequest> ParseUpload(const Serving& serving,
                                                 Upload upload, Call& call) {
  FileParser parser(serving.store);
  store::CommitRequest commit{.origin = store::Origin::kImport,
                              .author = std::move(upload.author),
                              .note = std::move(upload.note)};
  for (Upload::File& file : upload.files) {
    RETURN_IF_ERROR(call.CheckGoing());
    auto parsed = parser.Parse(file);
    if (!parsed.ok()) return LocateError(parsed.status(), nullptr);
    file.text = std::string();  // its memory is needed for the statements
    commit.statements.insert(commit.statements.end(),
                             std::make_move_iterator(parsed->begin()),
                             std::make_move_iterator(parsed->end()));
  }
  for (size_t i = 0; i < commit.statements.size(); ++i) {
    commit.statements[i].position.index = static_cast<int>(i);
  }
  return commit;
}

}  // namespace guanxi::server
