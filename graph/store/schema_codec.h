#ifndef GUANXI_GRAPH_STORE_SCHEMA_CODEC_H_
#define GUANXI_GRAPH_STORE_SCHEMA_CODEC_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/schema.h"

namespace guanxi::store {

// The key of a declaration in table `schema`: one byte of kind and the name.
std::string DeclarationKey(const Declaration& declaration);

// The binary form of a declaration: docs/file-format.md, "schema".
std::string EncodeDeclaration(const Declaration& declaration);

// DATA_LOSS [STORE_DAMAGED] if `bytes` is not one.
absl::StatusOr<Declaration> DecodeDeclaration(absl::string_view bytes);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SCHEMA_CODEC_H_
