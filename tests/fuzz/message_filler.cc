#include "tests/fuzz/message_filler.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>

namespace guanxi::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Messages in messages beyond this stay empty.
constexpr int kMaxDepth = 8;

constexpr const char* kWords[] = {
    "",
    "ada",
    "birch",
    "cedar",
    "dora",
    "Ada",
    "Birch & Co",  // entities
    "Company",
    "Person",
    "Bank",  // labels
    "OWNS_SHARES_IN",
    "FOUNDED",
    "SUPPLIES",
    "HATES",  // types
    "name",
    "age",
    "founded",
    "percent",
    "revenue",
    "ticker",  // properties
    "s1",
    "s2",
    "s1:3",
    "own-1",
    "age-1",
    "main",
    "scratch",
    "2024",
    "2024-05-01",
    "2022/2024-03",
    "..",
    "2031",
    "today",
    "16%",
    "40",
    "-1",
    "28.81e9 CNY",
    "\"text\"@en",
    "true",
    ">=2",
    "[1, 2]",
    "kg 1\n(dora :Person {name: \"Dora\"}) from s1:2 id d-1\n",
    "kg 1\n(ada).age = 41 at 2024-05-01 from s1 supersedes age-1\n",
    "kg 1\n(ada)-[:OWNS_SHARES_IN {percent: 3%}]->(dora)\n",
    "{\"entity\": \"ada\"}\n",
    "a.kg",
    "b.jsonl",
    "\xe5\x85\xb3\xe7\xb3\xbb"};

// What one value of a field is chosen by.
class ValueFiller {
 public:
  ValueFiller(ByteSource& source, const std::vector<std::string>& words)
      : source_(source), words_(words) {}

  // Sets some of the fields, chosen one after the other; the last choice of one
  // field stands, and a repeated one grows by each.
  void FillMessage(Message* message, int depth) {
    const auto* const type = message->GetDescriptor();
    const int fields = type->field_count();
    if (fields == 0) return;
    constexpr uint32_t kOneInSoMany = 5;  // ends here
    while (!source_.done() && source_.Below(kOneInSoMany) != 0) {
      const auto index = source_.Below(static_cast<uint32_t>(fields));
      FillField(message, type->field(static_cast<int>(index)), depth);
    }
  }

 private:
  void FillField(Message* message, const FieldDescriptor* field, int depth) {
    const auto* const reflection = message->GetReflection();
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth == kMaxDepth) return;
        return FillMessage(many ? reflection->AddMessage(message, field)
                                : reflection->MutableMessage(message, field),
                           depth + 1);
      case FieldDescriptor::CPPTYPE_STRING:
        return many ? reflection->AddString(message, field, Text())
                    : reflection->SetString(message, field, Text());
      case FieldDescriptor::CPPTYPE_ENUM:
        return many ? reflection->AddEnumValue(message, field, Choice(field))
                    : reflection->SetEnumValue(message, field, Choice(field));
      default:
        if (!many) SetNumber(message, field);
    }
  }

  void SetNumber(Message* message, const FieldDescriptor* field) {
    const auto* const reflection = message->GetReflection();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection->SetInt32(message, field,
                                    static_cast<int32_t>(Number()));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection->SetInt64(message, field,
                                    static_cast<int64_t>(Number()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection->SetUInt32(message, field,
                                     static_cast<uint32_t>(Number()));
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection->SetUInt64(message, field, Number());
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection->SetDouble(message, field, Double());
      case FieldDescriptor::CPPTYPE_FLOAT:
        return reflection->SetFloat(message, field,
                                    static_cast<float>(Double()));
      default:
        return reflection->SetBool(message, field, source_.Below(2) == 1);
    }
  }

  // Mostly small.
  uint64_t Number() {
    switch (source_.Below(8)) {
      case 0:
        return source_.Number();
      case 1:
        return ~uint64_t{0};
      default:
        return source_.Byte();
    }
  }

  double Double() {
    constexpr double kSteps = 100;
    return source_.Below(4) == 0 ? std::bit_cast<double>(source_.Number())
                                 : source_.Byte() / kSteps;
  }

  // Mostly one that there is.
  int Choice(const FieldDescriptor* field) {
    if (source_.Below(16) == 0) return source_.Byte();
    const auto* const type = field->enum_type();
    const auto count = static_cast<uint32_t>(type->value_count());
    return type->value(static_cast<int>(source_.Below(count)))->number();
  }

  // Mostly a word; else of ASCII, as text must be UTF-8.
  std::string Text() {
    constexpr uint32_t kMostWords = 256;
    if (source_.Below(4) != 0) {
      const auto count = static_cast<uint32_t>(words_.size());
      return words_[source_.Below(std::min(count, kMostWords))];
    }
    std::string text(source_.Text());
    for (char& c : text) c = static_cast<char>(c & 0x7f);
    return text;
  }

  ByteSource& source_;
  const std::vector<std::string>& words_;
};

}  // namespace

const char kFillerWorld[] = R"(kg 1
source s1 {kind: digest, reliability: primary}
source s2 {kind: digest, derived_from: [s1]}
(ada :Person {name: "Ada"}) from s1:1
(birch :Company {name: "Birch & Co"})
(cedar :Company) from s2
(ada)-[:OWNS_SHARES_IN {percent: 16%}]->(birch) from s1:3 id own-1
(birch)-[:OWNS_SHARES_IN {percent: 60%}]->(cedar) from s2 during 2022/2024-03
(cedar)-[:OWNS_SHARES_IN {percent: 5%}]->(birch)
(ada)-[:FOUNDED]->(birch) at 2016
(cedar)-[:SUPPLIES]->(birch) from s1 mode expected
(ada).age = 40 at 2024-05-01 from s1 id age-1
same (birch) (cedar) from s2 conf 0.4 mode negated
)";

MessageFiller::MessageFiller() : words_(std::begin(kWords), std::end(kWords)) {}

void MessageFiller::Fill(ByteSource& source, Message* message) const {
  ValueFiller(source, words_).FillMessage(message, 0);
}

}  // namespace guanxi::test
