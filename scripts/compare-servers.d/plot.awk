# Draws the server's CPU per delivery against the size of the room, both axes logarithmic, as SVG.
# Input: lines 'SERVER SIZE COST', cost in microseconds.

function log10(value) { return log(value) / log(10) }
function x_of(size) { return left + (log10(size) - log10(size_min)) / (log10(size_max) - log10(size_min)) * width }
function y_of(cost) { return top + (log10(cost_max) - log10(cost)) / (log10(cost_max) - log10(cost_min)) * height }
function text(x, y, anchor, words) {
  printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, words
}
function line(x1, y1, x2, y2) {
  printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", x1, y1, x2, y2
}

$3 > 0 {
  if (!($1 in points)) names[++name_count] = $1
  points[$1] = points[$1] $2 " " $3 ";"
  if (!least || $3 < least) least = $3
  if ($3 > most) most = $3
}

END {
  left = 60; top = 40; width = 500; height = 300
  size_min = 10; size_max = 5000
  if (!least) { least = 0.1; most = 1 }
  cost_min = least / 1.5; cost_max = most * 1.5
  split("#c0392b #2471a3 #1e8449 #b9770e", colours, " ")
  print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"400\" viewBox=\"0 0 720 400\" font-family=\"sans-serif\" font-size=\"12\">"
  print "<rect width=\"720\" height=\"400\" fill=\"white\"/>"
  text(left, 22, "start", "Server CPU per delivery in microseconds, by receivers in the room (1 sender, window 4)")
  draw_axes()
  for (i = 1; i <= name_count; ++i) draw_series(names[i], colours[i], i)
  print "</svg>"
}

function draw_axes(    i, sizes, count, decade, step, steps, cost) {
  count = split("10 100 1000 5000", sizes, " ")
  for (i = 1; i <= count; ++i) {
    line(x_of(sizes[i]), top, x_of(sizes[i]), top + height)
    text(x_of(sizes[i]), top + height + 18, "middle", sizes[i])
  }
  split("1 2 5", steps, " ")
  for (decade = -3; decade <= 4; ++decade)
    for (step = 1; step <= 3; ++step) {
      cost = steps[step] * 10 ^ decade
      if (cost < cost_min || cost > cost_max) continue
      line(left, y_of(cost), left + width, y_of(cost))
      text(left - 6, y_of(cost) + 4, "end", cost)
    }
}

function draw_series(name, colour, row,    i, pairs, pair, path, count) {
  count = split(points[name], pairs, ";") - 1
  for (i = 1; i <= count; ++i) {
    split(pairs[i], pair, " ")
    path = path sprintf("%s%.1f %.1f", i == 1 ? "M" : " L", x_of(pair[1]), y_of(pair[2]))
    printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x_of(pair[1]), y_of(pair[2]), colour
  }
  printf "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", path, colour
  printf "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>\n", left + width + 20, top + 20 * row, colour
  text(left + width + 40, top + 20 * row + 6, "start", name)
}
