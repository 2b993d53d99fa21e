// The worked cases against the plain model of the rules: each checks the other
// before either is held against the store.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/scenario.h"

namespace guanxi {
namespace {

using ::guanxi::test::LoadVectors;
using ::guanxi::test::Scenario;
using ::nlohmann::json;

constexpr const char* kFiles[] = {"moments.json", "rules.json"};

class ReferenceTest : public ::testing::TestWithParam<json> {};

std::vector<json> AllCases() {
  std::vector<json> all;
  for (const char* file : kFiles) {
    for (const json& one : LoadVectors(file)) all.push_back(one);
  }
  return all;
}

TEST_P(ReferenceTest, ModelAnswersAsTheCaseSays) {
  const Scenario scenario(GetParam());
  SCOPED_TRACE(GetParam()["why"].get<std::string>());

  const json answer = test::AskModel(scenario);

  EXPECT_EQ(answer.dump(1), scenario.Expected().dump(1));
}

std::string NameOf(const ::testing::TestParamInfo<json>& info) {
  std::string name = info.param["id"];
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, ReferenceTest, ::testing::ValuesIn(AllCases()),
                         NameOf);

}  // namespace
}  // namespace guanxi
