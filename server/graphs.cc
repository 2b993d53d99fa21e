#include "server/graphs.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/kv/draft_file.h"
#include "graph/kv/location.h"
#include "server/builtin_schema.h"
#include "server/convert/field_path.h"
#include "server/tokens.h"

namespace guanxi::server {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kFileEnd = ".guanxi";

absl::Status NoSuchGraph(absl::string_view name) {
  return MakeError(
      absl::StatusCode::kNotFound, "GRAPH_NOT_FOUND",
      absl::StrCat("there is no graph '", Shorten(name, kMaxIdBytes), "'"),
      {{"graph", Shorten(name, kMaxIdBytes)}});
}

// Names of the graphs that have a file in a folder.
absl::StatusOr<std::vector<std::string>> FindGraphs(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string file = at->path().filename().string();
    const absl::string_view name = absl::StripSuffix(file, kFileEnd);
    if (name.size() < file.size() && IsPlainName(name)) {
      names.emplace_back(name);
    }
  }
  if (!error) return names;
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
      absl::StrCat("cannot read the folder '", folder, "': ", error.message()),
      {{"path", folder}});
}

// The file with what lies beside it.
absl::Status RemoveFiles(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) {
    return MakeError(
        absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
        absl::StrCat("cannot remove '", path, "': ", error.message()),
        {{"path", path}});
  }
  for (const char* end : {"-lock", ".owner"}) {
    fs::remove(absl::StrCat(path, end), error);
  }
  kv::DraftFile::RemoveLeftOver(path);
  return kv::SyncFolder(kv::FolderOf(path));
}

}  // namespace

std::string GraphPath(const std::string& folder, absl::string_view name) {
  return (fs::path(folder) / absl::StrCat(name, kFileEnd)).string();
}

absl::Status MakeDataFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
      absl::StrCat("cannot make the folder '", folder, "': ", error.message()),
      {{"path", folder}});
}

absl::StatusOr<std::unique_ptr<Graphs>> Graphs::Open(const std::string& folder,
                                                     const Settings& settings,
                                                     const Clock& clock) {
  RETURN_IF_ERROR(MakeDataFolder(folder));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, FindGraphs(folder));
  std::unique_ptr<Graphs> graphs(new Graphs(folder, settings, clock));
  MutexLock lock(graphs->mutex_);
  std::set<std::string> all(names.begin(), names.end());
  all.insert(kMainGraph);
  for (const std::string& name : all) {
    RETURN_IF_ERROR(graphs->CheckRoom());
    ASSIGN_OR_RETURN(std::shared_ptr<Graph> graph, graphs->OpenGraph(name));
    graphs->Add(name, std::move(graph));
  }
  return graphs;
}

absl::Status Graphs::CheckRoom() const {
  if (static_cast<int64_t>(graphs_.size()) < settings_.max_graphs) {
    return absl::OkStatus();
  }
  const std::string limit = absl::StrCat(settings_.max_graphs);
  return MakeError(
      absl::StatusCode::kResourceExhausted, "TOO_MANY_GRAPHS",
      absl::StrCat("a server has at most ", limit, " graphs (max_graphs)"),
      {{"limit", limit}});
}

absl::StatusOr<std::shared_ptr<Graph>> Graphs::OpenGraph(
    const std::string& name) const {
  ASSIGN_OR_RETURN(std::vector<Declaration> schema, BuiltinDeclarations());
  ASSIGN_OR_RETURN(
      std::unique_ptr<store::Store> store,
      store::Store::Open(GraphPath(folder_, name),
                         {.schema = std::move(schema), .clock = clock_}));
  return std::make_shared<Graph>(std::move(store), settings_);
}

void Graphs::Add(const std::string& name, std::shared_ptr<Graph> graph) {
  Listen(name, *graph);
  graphs_[name] = std::move(graph);
}

void Graphs::Listen(const std::string& name, Graph& graph) {
  if (listener_ == nullptr) return graph.store().ListenToFault(nullptr);
  graph.store().ListenToFault(
      [name, listener = listener_](const absl::Status& fault) {
        listener(name, fault);
      });
}

void Graphs::ListenToFaults(FaultListener listener) {
  MutexLock lock(mutex_);
  listener_ = std::move(listener);
  for (const auto& [name, graph] : graphs_) Listen(name, *graph);
}

absl::StatusOr<std::shared_ptr<Graph>> Graphs::Find(
    absl::string_view name) const {
  MutexLock lock(mutex_);
  const auto found = graphs_.find(name);
  if (found == graphs_.end()) return NoSuchGraph(name);
  return found->second;
}

std::vector<std::string> Graphs::List() const {
  MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, graph] : graphs_) names.push_back(name);
  return names;
}

absl::Status Graphs::Create(const std::string& name) {
  if (!IsPlainName(name)) {
    return Invalid(FieldPath("name"), name,
                   "1 to 64 letters, digits, '.', '_' and '-', and no '.' "
                   "first");
  }
  MutexLock changing(changing_);
  {
    MutexLock lock(mutex_);
    RETURN_IF_ERROR(CheckRoom());
  }
  std::error_code ignored;
  if (fs::exists(GraphPath(folder_, name), ignored)) {
    return MakeError(absl::StatusCode::kAlreadyExists, "GRAPH_EXISTS",
                     absl::StrCat("there is a graph '", name, "' already"),
                     {{"graph", name}});
  }
  // Calls on other graphs go on while the disk works.
  ASSIGN_OR_RETURN(std::shared_ptr<Graph> graph, OpenGraph(name));
  MutexLock lock(mutex_);
  Add(name, std::move(graph));
  return absl::OkStatus();
}

absl::Status Graphs::Delete(const std::string& name) {
  if (name == kMainGraph) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "GRAPH_IS_MAIN",
                     "the main graph cannot be deleted: it is that of calls "
                     "that name none",
                     {{"graph", name}});
  }
  MutexLock changing(changing_);
  std::shared_ptr<Graph> graph;  // dies after the lock, which all calls need
  {
    MutexLock lock(mutex_);
    const auto found = graphs_.find(name);
    if (found == graphs_.end()) return NoSuchGraph(name);
    graph = found->second;
  }
  // Who works on it goes on with a file without a name.
  RETURN_IF_ERROR(RemoveFiles(GraphPath(folder_, name)));
  graph->store().ListenToFault(nullptr);
  MutexLock lock(mutex_);
  graphs_.erase(name);
  if (listener_ && !graph->store().fault().ok()) {
    listener_(name, absl::OkStatus());  // what is gone is not at fault
  }
  return absl::OkStatus();
}

}  // namespace guanxi::server
