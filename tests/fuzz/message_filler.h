#ifndef GUANXI_TESTS_FUZZ_MESSAGE_FILLER_H_
#define GUANXI_TESTS_FUZZ_MESSAGE_FILLER_H_

#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "tests/fuzz/byte_source.h"

namespace guanxi::test {

// Fills messages of any type by the choices of an input: which fields, and with
// what. Texts are words that mean something to the small world of this test, or
// bytes of the input.
class MessageFiller {
 public:
  MessageFiller();

  // Adds a word that texts may be.
  void Add(const std::string& word) { words_.push_back(word); }

  void Fill(ByteSource& source, google::protobuf::Message* message) const;

 private:
  std::vector<std::string> words_;
};

// What the words of a filler speak of, as .kg text: entities ada, birch, cedar.
extern const char kFillerWorld[];

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_FUZZ_MESSAGE_FILLER_H_
