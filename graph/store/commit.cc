#include "graph/store/commit.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/model/check_statement.h"
#include "graph/store/asserter.h"
#include "graph/store/claim_table.h"
#include "graph/store/claim_writer.h"
#include "graph/store/closer.h"
#include "graph/store/declarer.h"
#include "graph/store/drafts.h"
#include "graph/store/limits.h"
#include "graph/store/log.h"
#include "graph/store/purger.h"
#include "graph/store/schema_codec.h"
#include "graph/store/unique.h"
#include "graph/value/time.h"

namespace guanxi::store {
namespace {

absl::Status Locate(const absl::Status& status, const Statement& statement) {
  const Position& position = statement.position;
  return AddContext(status, absl::StrCat(position.ToString(), ": "),
                    {{"file", position.file},
                     {"line", absl::StrCat(position.line)},
                     {"column", absl::StrCat(position.column)},
                     {"index", absl::StrCat(position.index)}});
}

// The name that a statement gives its claim.
std::optional<std::string> ClaimMade(const Statement& statement) {
  return std::visit(
      [](const auto& body) -> std::optional<std::string> {
        if constexpr (requires { body.tail; }) return body.tail.id;
        return std::nullopt;
      },
      statement.body);
}

// The claim that a statement corrects, ends or retracts; empty if none.
std::string ClaimNeeded(const Statement& statement) {
  return std::visit(
      [](const auto& body) -> std::string {
        if constexpr (requires { body.claim; }) return body.claim;
        if constexpr (requires { body.tail; }) {
          return body.tail.supersedes.value_or("");
        }
        return "";
      },
      statement.body);
}

// What a statement declares or describes, so that each has its own name; empty
// if it does neither.
std::string DeclaredName(const Statement& statement) {
  if (const auto* source = std::get_if<SourceStatement>(&statement.body)) {
    return absl::StrCat("S", source->id);
  }
  const auto* declaration = std::get_if<Declaration>(&statement.body);
  return declaration == nullptr ? "" : DeclarationKey(*declaration);
}

bool States(const Statement& statement, const std::string& entity,
            const std::string& property) {
  if (const auto* body = std::get_if<EntityStatement>(&statement.body)) {
    return body->key == entity && body->properties.contains(property);
  }
  const auto* body = std::get_if<PropertyStatement>(&statement.body);
  return body != nullptr && body->key == entity && body->property == property;
}

// The statement that an error about a property of an entity is to name.
const Statement* FindStating(const ErrorInfo& info,
                             const std::vector<Statement>& statements) {
  const auto find = [&info](const std::string& name) {
    const auto entry = info.metadata.find(name);
    return entry == info.metadata.end() ? "" : entry->second;
  };
  for (const char* entity : {"entity", "taken_by"}) {
    for (const Statement& statement : statements) {
      if (States(statement, find(entity), find("property"))) return &statement;
    }
  }
  return nullptr;
}

// One commit in the making.
class Commit {
 public:
  Commit(const CommitRequest& request, CommitState& state, CommitResult& result)
      : request_(request),
        state_(state),
        result_(result),
        drafts_(state.txn, state.tables, state.catalog, state.counters),
        declarer_(state.txn, state.tables, state.catalog, state.counters,
                  drafts_),
        claims_(state.txn, state.tables, state.counters, drafts_,
                request.origin, result),
        asserter_(state.catalog, drafts_, claims_, result),
        closer_(state.txn, state.tables, state.catalog, drafts_, claims_,
                request.origin, result),
        purger_(state.txn, state.tables, state.catalog, state.counters,
                drafts_) {}

  absl::Status Run() {
    RETURN_IF_ERROR(CheckSize());
    FindLastDeclarations();
    RETURN_IF_ERROR(ForEach(&Commit::Declare));
    RETURN_IF_ERROR(ForEach(&Commit::LinkLineage));
    result_.claim_ids.resize(request_.statements.size());
    RETURN_IF_ERROR(ForEach(&Commit::ApplyOrDefer));
    RETURN_IF_ERROR(ApplyDeferred());
    RETURN_IF_ERROR(drafts_.Flush());
    RETURN_IF_ERROR(CheckUnique());
    claims_.NoteHiddenImplicitClaims(DateTime{state_.counters.time}.day());
    result_.changed = !drafts_.log().empty();
    if (!result_.changed) return absl::OkStatus();
    return WriteLog({.revision = state_.counters.revision,
                     .time = state_.counters.time,
                     .next_entity = state_.counters.next_entity,
                     .next_relationship = state_.counters.next_relationship,
                     .author = request_.author,
                     .note = request_.note,
                     .entries = drafts_.log()},
                    state_.tables, state_.txn);
  }

 private:
  using Step = absl::Status (Commit::*)(const Statement&);

  absl::Status ForEach(Step step) {
    for (const Statement& statement : request_.statements) {
      const absl::Status status = (this->*step)(statement);
      if (!status.ok()) return Locate(status, statement);
    }
    return absl::OkStatus();
  }

  absl::Status CheckSize() const {
    const auto most = static_cast<size_t>(kMaxClaimsPerCommit);
    if (request_.statements.size() <= most) return absl::OkStatus();
    return MakeError(
        absl::StatusCode::kResourceExhausted, "COMMIT_TOO_LARGE",
        absl::StrCat("found ", request_.statements.size(),
                     " statements; one commit holds at most ", most),
        {{"limit", absl::StrCat(most)}});
  }

  absl::Status Declare(const Statement& statement) {
    RETURN_IF_ERROR(CheckStatement(statement));
    if (IsOverruled(statement)) return absl::OkStatus();
    if (const auto* schema = std::get_if<Declaration>(&statement.body)) {
      return declarer_.Declare(*schema);
    }
    if (const auto* source = std::get_if<SourceStatement>(&statement.body)) {
      return declarer_.Describe(*source);
    }
    if (const auto* entity = std::get_if<EntityStatement>(&statement.body)) {
      return asserter_.DeclareEntity(entity->key);
    }
    return absl::OkStatus();
  }

  absl::Status LinkLineage(const Statement& statement) {
    const auto* source = std::get_if<SourceStatement>(&statement.body);
    if (source == nullptr || IsOverruled(statement)) return absl::OkStatus();
    return declarer_.LinkLineage(*source);
  }

  // Of several declarations of one name, and descriptions of one source, the
  // last one counts: a commit that is repeated changes nothing.
  void FindLastDeclarations() {
    for (const Statement& statement : request_.statements) {
      const std::string name = DeclaredName(statement);
      if (!name.empty()) last_declarations_[name] = &statement;
    }
  }

  bool IsOverruled(const Statement& statement) const {
    const auto last = last_declarations_.find(DeclaredName(statement));
    return last != last_declarations_.end() && last->second != &statement;
  }

  absl::Status CheckUnique() const {
    const UniqueCheck check(
        {state_.txn, state_.tables, state_.catalog, state_.counters.revision});
    const absl::Status status =
        check.Check(drafts_.log(), declarer_.newly_unique());
    const std::optional<ErrorInfo> info = GetErrorInfo(status);
    if (!info.has_value()) return status;
    const Statement* stating = FindStating(*info, request_.statements);
    return stating == nullptr ? status : Locate(status, *stating);
  }

  // Of an import, what speaks of a claim that comes later waits for it.
  absl::Status ApplyOrDefer(const Statement& statement) {
    const std::string claim = ClaimNeeded(statement);
    if (request_.origin == Origin::kImport && !claim.empty()) {
      ASSIGN_OR_RETURN(const std::optional<ClaimRef> found,
                       FindClaimById(state_.txn, state_.tables, claim));
      if (!found.has_value()) {
        deferred_.push_back(&statement);
        return absl::OkStatus();
      }
    }
    return Apply(statement);
  }

  // In rounds, as corrections may wait for corrections. Where a round helps
  // none of them, those go on whose old claim no other statement names.
  absl::Status ApplyDeferred() {
    while (!deferred_.empty()) {
      const std::vector<const Statement*> waiting = std::move(deferred_);
      deferred_.clear();
      for (const Statement* statement : waiting) {
        RETURN_IF_ERROR(Locate(ApplyOrDefer(*statement), *statement));
      }
      if (deferred_.size() == waiting.size()) {
        RETURN_IF_ERROR(ApplyUnhelped());
      }
    }
    return absl::OkStatus();
  }

  absl::Status ApplyUnhelped() {
    const std::vector<const Statement*> waiting = std::move(deferred_);
    deferred_.clear();
    std::set<std::string> named;
    for (const Statement* statement : waiting) {
      const std::optional<std::string> id = ClaimMade(*statement);
      if (id.has_value()) named.insert(*id);
    }
    for (const Statement* statement : waiting) {
      if (named.contains(ClaimNeeded(*statement))) {
        deferred_.push_back(statement);
      } else {
        RETURN_IF_ERROR(Locate(Apply(*statement), *statement));
      }
    }
    if (deferred_.size() < waiting.size()) return absl::OkStatus();
    // They supersede each other in a circle.
    const Statement* first = deferred_.front();
    deferred_.erase(deferred_.begin());
    return Locate(Apply(*first), *first);
  }

  absl::Status Apply(const Statement& statement) {
    claims_.BeginStatement(
        static_cast<size_t>(&statement - request_.statements.data()));
    return std::visit(
        [&](const auto& body) { return ApplyBody(body, statement); },
        statement.body);
  }

  template <typename Body>
  absl::Status ApplyBody(const Body& body, const Statement& statement) {
    return asserter_.Assert(body, statement);
  }
  absl::Status ApplyBody(const SourceStatement&, const Statement&) {
    return absl::OkStatus();
  }
  absl::Status ApplyBody(const Declaration&, const Statement&) {
    return absl::OkStatus();
  }
  absl::Status ApplyBody(const EndStatement& body, const Statement& statement) {
    return closer_.End(body, statement);
  }
  absl::Status ApplyBody(const RetractStatement& body,
                         const Statement& statement) {
    return closer_.Retract(body, statement);
  }
  absl::Status ApplyBody(const PurgeClaimStatement& body, const Statement&) {
    return Purge(body);
  }
  absl::Status ApplyBody(const PurgeEntityStatement& body, const Statement&) {
    return Purge(body);
  }
  absl::Status ApplyBody(const DeleteEntityStatement& body, const Statement&) {
    return asserter_.Delete(body);
  }
  absl::Status ApplyBody(const DeleteRelationshipStatement& body,
                         const Statement&) {
    return asserter_.Delete(body);
  }

  template <typename Body>
  absl::Status Purge(const Body& body) {
    ASSIGN_OR_RETURN(const int64_t erased,
                     purger_.Purge(body, request_.author));
    result_.claims_purged += erased;
    return absl::OkStatus();
  }

  const CommitRequest& request_;
  CommitState& state_;
  CommitResult& result_;
  Drafts drafts_;
  Declarer declarer_;
  ClaimWriter claims_;
  Asserter asserter_;
  Closer closer_;
  Purger purger_;
  std::vector<const Statement*> deferred_;
  std::map<std::string, const Statement*> last_declarations_;
};

}  // namespace

absl::Status ApplyStatements(const CommitRequest& request, CommitState& state,
                             CommitResult& result) {
  return Commit(request, state, result).Run();
}

}  // namespace guanxi::store
