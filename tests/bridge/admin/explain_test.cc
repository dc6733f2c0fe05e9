#include "bridge/admin/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace fluxgate {
namespace {

constexpr int64_t kNow = 1'700'000'000'000'000'000;

struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Outcome Execute(const std::string& input, ExplainOptions options = {},
                const std::vector<std::string>& paths = {}) {
  options.now_ns = kNow;
  const Mapping mapping{MappingOptions{}};
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = Explain(options, mapping, nullptr, paths, in, out, err);
  return {exit_code, out.str(), err.str()};
}

int64_t CountLines(std::string_view text) {
  return std::ranges::count(text, '\n');
}

std::string Good(const std::string& input, const ExplainOptions& options = {}) {
  const Outcome outcome = Execute(input, options);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  return outcome.out;
}

std::string Bad(const std::string& input, const ExplainOptions& options = {}) {
  const Outcome outcome = Execute(input, options);
  EXPECT_EQ(outcome.exit_code, 1) << outcome.out << outcome.err;
  return outcome.out;
}

TEST(Explain, ShowsWhatBecomesOfAPoint) {
  EXPECT_EQ(Good("cpu,host=a value=1.5,n=3i,s=\"x\" 1700000000000000000\n"),
            R"({"line":1,"ok":true,"measurement":"cpu","tags":[["host","a"]],)"
            R"("fields":[["value","float","1.5"],["n","int","3"],["s","string","x"]],)"
            R"("time_ns":"1700000000000000000",)"
            R"("samples":[{"name":"cpu","labels":{"host":"a"},"value":"1.5","type":"untyped"},)"
            R"({"name":"cpu_n","labels":{"host":"a"},"value":"3","type":"untyped"}],)"
            R"("dropped":[{"field":"s","reason":"string_field"}]})"
            "\n");
}

TEST(Explain, ShowsWhyALineIsBad) {
  EXPECT_EQ(Bad("cpu value=1\ncpu,a=\n\n# comment\nm v=t\n"),
            Good("cpu value=1") +
                "{\"line\":2,\"ok\":false,\"error\":\"missing tag value\",\"column\":7}\n" +
                R"({"line":5,"ok":true,"measurement":"m","tags":[],"fields":[["v","bool","true"]],)"
                R"("time_ns":"1700000000000000000",)"
                R"("samples":[{"name":"m_v","labels":{},"value":"1","type":"untyped"}],)"
                R"("dropped":[]})"
                "\n");
}

// The `fields` and the values of `samples`, without what surrounds them.
std::string FieldsOf(const std::string& line) {
  const size_t begin = line.find("\"fields\":") + 9;
  return line.substr(begin, line.find(",\"time_ns\"") - begin);
}

TEST(Explain, WritesValuesAsText) {
  EXPECT_EQ(FieldsOf(Good("m a=-0,b=1e21,c=1e20,d=0.1,e=-9223372036854775808i,f=F,"
                          "g=18446744073709551615u,h=1e-7,i=100000,j=1000000")),
            R"([["a","float","-0"],["b","float","1e+21"],["c","float","1e+20"],)"
            R"(["d","float","0.1"],["e","int","-9223372036854775808"],["f","bool","false"],)"
            R"(["g","uint","18446744073709551615"],["h","float","1e-07"],)"
            R"(["i","float","100000"],["j","float","1e+06"]])");
  EXPECT_NE(Good("m a=-0").find(R"("value":"0")"), std::string::npos);
  EXPECT_NE(Good("m a=1000000i").find(R"("value":"1e+06")"), std::string::npos);
}

TEST(Explain, FieldGivenTwiceHasItsLastValueAtItsFirstPlace) {
  EXPECT_EQ(FieldsOf(Good("m a=1,b=2,a=\"x\",b=4i")), R"([["a","string","x"],["b","int","4"]])");
  EXPECT_EQ(FieldsOf(Good(R"(m a\"=1,a"=2)")), R"([["a\"","float","2"]])");
}

TEST(Explain, UnescapesTokens) {
  EXPECT_EQ(Good("m\\ a,t\\,k=v\\=w f\\=g=\"q\\\"\\\\\\n\""),
            R"({"line":1,"ok":true,"measurement":"m a","tags":[["t,k","v=w"]],)"
            R"("fields":[["f=g","string","q\"\\\\n"]],"time_ns":"1700000000000000000",)"
            R"("samples":[],"dropped":[{"field":"f=g","reason":"string_field"}]})"
            "\n");
}

TEST(Explain, ShowsBytesThatAreNotUtf8InBase64) {
  EXPECT_EQ(Good("m\xff,k\xfe=v\xfd f\xfc=\"x\xfb\",ok=1"),
            R"({"line":1,"ok":true,"measurement":{"b64":"bf8="},)"
            R"("tags":[[{"b64":"a/4="},{"b64":"dv0="}]],)"
            R"("fields":[[{"b64":"Zvw="},"string",{"b64":"ePs="}],["ok","float","1"]],)"
            R"("time_ns":"1700000000000000000",)"
            R"("samples":[{"name":"m__ok","labels":{"k_":"vý"},"value":"1","type":"untyped"}],)"
            R"("dropped":[{"field":{"b64":"Zvw="},"reason":"string_field"}]})"
            "\n");
}

TEST(Explain, LabelsAreAnObject) {
  EXPECT_NE(Good("m,b=x\\ y,a=q\"\\r v=1").find(R"("labels":{"a":"q\"\\r","b":"x y"})"),
            std::string::npos);
}

TEST(Explain, ShowsWhySeriesAndFieldsAreDropped) {
  MappingOptions options;
  options.label_value_size_max = 4;
  options.reserved_families = {"taken"};
  const Mapping mapping(options);
  std::istringstream in("m,a=12345 v=1,s=\"x\"\ntaken,a=1 value=1,w=2\n");
  std::ostringstream out;
  EXPECT_EQ(Explain({}, mapping, nullptr, {}, in, out, out), 0);
  EXPECT_NE(out.str().find(R"("samples":[],"dropped":[{"field":"v",)"
                           R"("reason":"label_value_too_long"},)"
                           R"({"field":"s","reason":"string_field"}]})"),
            std::string::npos);
  EXPECT_NE(out.str().find(R"("samples":[{"name":"taken_w","labels":{"a":"1"},"value":"2",)"
                           R"("type":"untyped"}],)"
                           R"("dropped":[{"field":"value","reason":"reserved_name"}]})"),
            std::string::npos);
}

TEST(Explain, MarksHistoricPoints) {
  const auto is_historic = [](int64_t time_ns, int64_t max_age_ns) {
    const std::string line =
        Good("m v=1 " + std::to_string(time_ns),
             {.precision = influx::Precision::kNanosecond, .max_sample_age_ns = max_age_ns});
    return line.find("\",\"historic\":true,\"samples\":[{") != std::string::npos;
  };
  EXPECT_FALSE(is_historic(kNow, 60));
  EXPECT_FALSE(is_historic(kNow - 60, 60));
  EXPECT_TRUE(is_historic(kNow - 61, 60));
  EXPECT_FALSE(is_historic(1, 0));
  EXPECT_FALSE(is_historic(kNow + 1, 60));
  EXPECT_TRUE(is_historic(influx::kTimeMin, 1));
}

TEST(Explain, ObeysPrecisionAndStrictness) {
  EXPECT_NE(Good("m v=1 1700000000").find(R"("time_ns":"1700000000000000000")"), std::string::npos);
  EXPECT_NE(Good("m v=1 1700000000", {.strict = true}).find(R"("time_ns":"1700000000")"),
            std::string::npos);
  EXPECT_NE(
      Good("m v=1 2", {.precision = influx::Precision::kSecond}).find(R"("time_ns":"2000000000")"),
      std::string::npos);
  EXPECT_EQ(Bad("m 0.5", {.strict = true}),
            "{\"line\":1,\"ok\":false,\"error\":\"invalid field format\",\"column\":6}\n");
  EXPECT_NE(Good("m 0.5").find(R"([["value","float","0.5"]])"), std::string::npos);
}

TEST(Explain, RejectsOverlongLines) {
  const std::string out =
      Bad("m v=1\nm v=\"" + std::string(100, 'x') + "\"\nm v=2\n", {.line_size_max = 64});
  EXPECT_EQ(CountLines(out), 3);
  EXPECT_NE(out.find("{\"line\":2,\"ok\":false,"), std::string::npos);
  EXPECT_NE(out.find("{\"line\":3,\"ok\":true,"), std::string::npos);
}

TEST(Explain, ReadsInputLargerThanItsBuffer) {
  std::string input;
  for (int i = 0; i < 20'000; ++i) {
    input += "m,i=" + std::to_string(i) + " v=\"a\nb\"\n";
  }
  const std::string out = Good(input);
  EXPECT_EQ(CountLines(out), 20'000);
  EXPECT_NE(out.find(R"({"line":39999,"ok":true,"measurement":"m","tags":[["i","19999"]])"),
            std::string::npos);
}

class ExplainFiles : public testing::Test {
 protected:
  std::string WriteFile(const std::string& name, const std::string& text) {
    const std::string path = testing::TempDir() + "fluxgate_explain_" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
};

TEST_F(ExplainFiles, ReadsFilesAndStandardInputInTurn) {
  const std::string a = WriteFile("a", "a v=1\n");
  const std::string b = WriteFile("b", "b v=1");
  EXPECT_EQ(Execute("in v=1", {}, {a, "-", b}).out, Good("a v=1") + Good("in v=1") + Good("b v=1"));
}

TEST_F(ExplainFiles, UnreadableFileIsOneLineAndExit2) {
  const std::string bad_line = WriteFile("bad", "a\n");
  const Outcome missing = Execute("", {}, {bad_line, "/nowhere/at all"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(missing.err,
            "fluxgate explain: cannot read /nowhere/at all: No such file or directory\n");
  const Outcome folder = Execute("", {}, {"/"});
  EXPECT_EQ(folder.exit_code, 2);
  EXPECT_EQ(folder.err, "fluxgate explain: cannot read /: Is a directory\n");
}

TEST(Explain, OutputThatFailsIsExit2) {
  const Mapping mapping{MappingOptions{}};
  std::istringstream in("m v=1\n");
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(Explain({}, mapping, nullptr, {}, in, out, err), 2);
  EXPECT_EQ(err.str(), "fluxgate explain: cannot write the output\n");
}

TEST(Explain, EmptyInputIsGood) {
  EXPECT_EQ(Good(""), "");
  EXPECT_EQ(Good("\n# x\n  \n"), "");
}

}  // namespace
}  // namespace fluxgate
