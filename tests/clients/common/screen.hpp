#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

/// What a person sees: a terminal of 80 columns, as far as the line editor uses one (TERM=xterm).
/// Rows have no end, nothing scrolls away. One byte is one column.
class screen {
 public:
  /// The rows without the blanks at their ends, after a program has written `output`.
  static std::vector<std::string> rows(std::string_view output) {
    screen shown;
    while (!output.empty())
      output.remove_prefix(shown.take(output));
    for (auto& row : shown.rows_)
      row.erase(row.find_last_not_of(' ') + 1);
    return shown.rows_;
  }

 private:
  static constexpr std::size_t columns = 80;

  // Does what the first byte or escape sequence says, and returns its length.
  std::size_t take(std::string_view output) {
    if (output.starts_with("\x1B[")) {
      const auto length = output.find_first_not_of("0123456789;", 2) + 1;
      control(output[length - 1], std::strtoul(std::string(output.substr(2)).c_str(), nullptr, 10));
      return length;
    }
    switch (output[0]) {
      case '\r':
        column_ = 0;
        break;
      case '\n':
        go_to_row(row_ + 1);
        break;
      case '\b':
        column_ = std::min(column_, columns) - std::min<std::size_t>(column_, 1);
        break;
      case '\x07':
        break;
      default:
        put(output[0]);
    }
    return 1;
  }

  void control(char what, std::size_t number) {
    const auto count = std::max<std::size_t>(number, 1);
    switch (what) {
      case 'A':
        row_ -= std::min(row_, count);
        break;
      case 'C':
        column_ += count;
        break;
      case 'G':
        column_ = count - 1;
        break;
      case 'K':
        rows_[row_].resize(std::min(rows_[row_].size(), column_));
        break;
      case 'P':
        rows_[row_].erase(std::min(rows_[row_].size(), column_), count);
        break;
      case '@':
        rows_[row_].insert(std::min(rows_[row_].size(), column_), count, ' ');
        break;
      default:
        put('?');  // unknown: the test fails visibly
    }
  }

  // A full row is left only when the next character comes.
  void put(char byte) {
    if (column_ == columns) {
      go_to_row(row_ + 1);
      column_ = 0;
    }
    auto& row = rows_[row_];
    row.resize(std::max(row.size(), column_ + 1), ' ');
    row[column_++] = byte;
  }

  void go_to_row(std::size_t row) {
    row_ = row;
    rows_.resize(std::max(rows_.size(), row_ + 1));
  }

  std::vector<std::string> rows_{1};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

}  // namespace confab::test
