#ifndef GUANXI_TESTS_SUPPORT_EXPORT_TEXT_H_
#define GUANXI_TESTS_SUPPORT_EXPORT_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/exporter.h"
#include "graph/store/store.h"

namespace guanxi::test {

enum class Format { kKg, kJsonLines };

// Statements as the text of a file.
std::string PrintAll(const std::vector<Statement>& statements,
                     const Schema& schema, Format format);

// What a store holds, as the text of a file.
absl::StatusOr<std::string> ExportText(
    const store::Store& store, Format format,
    const store::ExportOptions& options = {});

// The statements of such a text.
absl::StatusOr<std::vector<Statement>> ReadAll(const std::string& text,
                                               const Schema& schema,
                                               Format format);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_EXPORT_TEXT_H_
