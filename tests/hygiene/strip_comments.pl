# Blanks C++ comments and the contents of string literals, and keeps the lines,
# so that a search finds code only. Reads files or stdin, writes stdout.
use strict;
use warnings;
local $/;
my $text = <>;
exit 0 unless defined $text;

# What a match leaves behind: its newlines, and a literal's quotes.
sub blank { my ($match) = @_; $match =~ s/[^\n]//g; return $match; }

$text =~ s{
    (//[^\n]*)                           # 1: line comment
  | (/\*.*?\*/)                          # 2: block comment
  | (?:R"([^()\s\\]*)\(.*?\)\g{3}")      # 3: raw string and its delimiter
  | (^[ \t]*\#[ \t]*include[^\n]*)       # 4: an include keeps its quotes
  | ("(?:\\.|[^"\\\n])*")                # 5: string
  | ((?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+') # 6: character, not a digit separator
}{
  my $whole = $&;
  defined $4 ? $whole =~ s{//.*|/\*.*?\*/}{}r
    : (defined $1 || defined $2) ? (blank($whole) eq '' ? ' ' : blank($whole))
    : '"' . blank($whole) . '"'
}gsemx;
print $text;
