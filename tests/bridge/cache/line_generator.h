// Random line protocol over a small vocabulary, so that series meet and collide all the time.
//
// Two measurements feed one family (`a b_c=1` and `a_b c=1`), different raw names become one name
// (`a-b`, `a.b`), tags come in any order, fields twice, times early, late, equal or not at all.
// Thread: compatible.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

class LineGenerator {
 public:
  explicit LineGenerator(uint64_t seed) : random_(seed) {}

  // Without a line end.
  std::string Line(int64_t now_ns);

  std::string Batch(int64_t now_ns, uint32_t lines_max);

  // A number in [0, below).
  uint32_t Below(uint32_t below) {
    return std::uniform_int_distribution<uint32_t>(0, below - 1)(random_);
  }

  // With a number of it in front, the tags' values become those of that many disjoint vocabularies.
  void set_tag_prefix(std::string_view prefix) { tag_prefix_ = prefix; }

  // Many label sets and fields of few measurements, so that most rows have few of the columns.
  void MakeSparse() { is_sparse_ = true; }

 private:
  std::string_view Any(std::span<const std::string_view> words) {
    return words[Below(static_cast<uint32_t>(words.size()))];
  }
  void AppendTags(std::string* line);
  void AppendFields(std::string* line);
  void AppendTime(int64_t now_ns, std::string* line);

  std::mt19937_64 random_;
  std::string tag_prefix_;
  bool is_sparse_ = false;
};

}  // namespace fluxgate
