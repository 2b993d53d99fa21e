#ifndef GUANXI_CLIENT_CLI_OPTIONS_H_
#define GUANXI_CLIENT_CLI_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "client/cli/session.h"
#include "guanxi/v1/graph.pb.h"

namespace guanxi::cli {

// Options that several commands share, each as the user says them. Whether they
// make sense is the server's to say.
struct ReadArgs {
  std::vector<std::string> modes;
  bool certain = false;
};
void AddReadOptions(CLI::App& command, ReadArgs& args);

struct TraversalArgs {
  ReadArgs read;
  std::string direction;
  std::vector<std::string> types;
  std::vector<std::string> labels;
  std::vector<std::string> exclude;
  std::vector<std::string> exclude_types;
  std::vector<std::string> conditions;               // on entities
  std::vector<std::string> relationship_conditions;  // on relationships
  double min_confidence = 0;
  int64_t max_entities = 0;
  int64_t max_relationships = 0;
  int64_t max_results = 0;
  std::string resume;
};
void AddTraversalOptions(CLI::App& command, TraversalArgs& args);

// Reads a revision, a day (its last instant) or an instant (RFC 3339) into the
// moment; false if `text` is none. Empty: nothing.
bool ReadKnownAt(const std::string& text, v1::Moment& moment);

// What is wrong with such a text, for CLI11; empty if nothing is.
std::string CheckKnownAt(const std::string& text);

// The same as messages.
v1::ReadOptions ToProto(const ReadArgs& args, Session& session);
v1::TraversalOptions ToProto(const TraversalArgs& args);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_OPTIONS_H_
