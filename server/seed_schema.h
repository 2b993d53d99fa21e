#ifndef GUANXI_SERVER_SEED_SCHEMA_H_
#define GUANXI_SERVER_SEED_SCHEMA_H_

#include "absl/strings/string_view.h"

namespace guanxi::server {

// The text of seed/schema.kg, built in.
extern const absl::string_view kSeedSchema;

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SEED_SCHEMA_H_
