#ifndef GUANXI_SERVER_IMPORT_FILE_H_
#define GUANXI_SERVER_IMPORT_FILE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"

namespace guanxi::server {

// What the files of an import declare, on top of a store: by it the literals of
// JSON Lines are typed.
class ImportSchema {
 public:
  // `store` outlives it.
  explicit ImportSchema(const store::Store& store) : store_(store) {}

  // Takes what these declare. RESOURCE_EXHAUSTED [READERS_FULL].
  absl::Status Collect(absl::Span<const Statement> statements);

  // Likewise.
  absl::StatusOr<Schema> SoFar();

 private:
  absl::Status Begin();

  const store::Store& store_;
  std::optional<Schema> schema_;  // what the store declares is read once
};

// One file of an import, .kg or JSON Lines, parsed as its bytes come: what is
// held in memory is a piece of it.
//
// Errors: INVALID_ARGUMENT [SYNTAX, FIELD_INVALID], with file, line and column;
// what stands above it is appended all the same. RESOURCE_EXHAUSTED
// [READERS_FULL].
class ImportFile {
 public:
  // So that no more statements come at a time than a few megabytes make.
  static constexpr size_t kSliceBytes = 512 << 10;

  // Lines are counted in an int.
  static constexpr int64_t kMaxBytes = (int64_t{1} << 31) - 1;

  // `schema` is told what the file declares, and outlives it.
  ImportFile(std::string name, ImportSchema& schema);

  const std::string& name() const { return name_; }

  // The bytes that came and are not parsed yet.
  size_t held_bytes() const { return text_.size(); }

  // Takes the next bytes, at most kSliceBytes, and appends the statements that
  // are whole by now, if a few megabytes are there.
  absl::Status Add(absl::string_view bytes, std::vector<Statement>* statements);

  // Appends the statements that are left: the file is complete.
  absl::Status End(std::vector<Statement>* statements);

 private:
  enum class Extent { kWhole, kRest };
  absl::Status Parse(Extent extent, std::vector<Statement>* statements);
  absl::StatusOr<size_t> ParseText(Extent extent,
                                   std::vector<Statement>* statements);
  absl::StatusOr<size_t> ParseLines(Extent extent,
                                    std::vector<Statement>* statements);

  std::string name_;
  ImportSchema& schema_;
  std::string text_;
  size_t next_parse_bytes_;
  std::optional<bool> is_json_lines_;
  text::PieceParser parser_;
  int line_ = 1;  // of JSON Lines: of the first byte that is held
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_IMPORT_FILE_H_
