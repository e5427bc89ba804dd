"""Plots as SVG without a library: lines over logarithmic axes, and bars; for light and dark."""

import math
from html import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 78, 190, 48, 56
COLOURS = [("#0b62a8", "#6cb8f5"), ("#c8500a", "#ff9a57"), ("#0a7d57", "#4fd0a4"),
           ("#9a3f86", "#e39ad2"), ("#8a6a00", "#e6c34a"), ("#555e68", "#aab4be")]
MARKS = ["circle", "square", "triangle", "diamond"]


def style():
    def rules(which, ink, faint, grid, paper):
        text = (f"svg{{background:{paper}}}.paper{{fill:{paper}}}text{{fill:{ink}}}"
                f".faint{{fill:{faint}}}.grid{{stroke:{grid}}}.axis{{stroke:{faint}}}")
        for i, pair in enumerate(COLOURS):
            text += f".l{i}{{stroke:{pair[which]}}}.f{i}{{fill:{pair[which]}}}"
        return text
    return ("<style>text{font:13px system-ui,sans-serif}.title{font-size:16px;font-weight:600}"
            ".line{fill:none;stroke-width:2.2}" +
            rules(0, "#1c2329", "#5b6670", "#e3e7ea", "#ffffff") +
            "@media (prefers-color-scheme:dark){" +
            rules(1, "#e8edf1", "#9aa6b1", "#2d353c", "#14191d") + "}</style>")


def text(x, y, words, anchor="start", kind="", turn=""):
    return (f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>'
            f'{escape(str(words))}</text>')


def rule(x1, y1, x2, y2, kind):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def mark(index, x, y):
    colour, shape = f"f{index % len(COLOURS)}", MARKS[index % len(MARKS)]
    if shape == "circle":
        return f'<circle class="{colour}" cx="{x:.1f}" cy="{y:.1f}" r="4.2"/>'
    corners = {"square": [(-4, -4), (4, -4), (4, 4), (-4, 4)],
               "triangle": [(0, -5), (5, 4), (-5, 4)],
               "diamond": [(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)]}[shape]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon class="{colour}" points="{points}"/>'


def number(value):
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


class Axis:
    """Values to positions; `ticks` are round values within."""

    def __init__(self, values, begin, end, log, from_zero=False):
        low, high = min(values), max(values)
        self.log, self.begin, self.end = log, begin, end
        if log:
            self.low, self.high = math.log10(low), math.log10(high)
            if self.high - self.low < 0.3:
                self.low, self.high = self.low - 0.15, self.high + 0.15
            self.low, self.high = self.low - 0.04, self.high + 0.04
            steps = (1,) if self.high - self.low > 2.2 else (1, 2, 5)
            every = [step * 10.0 ** power for power in range(-4, 9) for step in steps]
            self.ticks = [t for t in every if self.low <= math.log10(t) <= self.high]
        else:
            self.low, self.high = 0 if from_zero else low, high * 1.05
            step = 10 ** math.floor(math.log10(max(self.high - self.low, 1e-9)))
            step = next(s for s in (step / 5, step / 2, step, step * 2)
                        if (self.high - self.low) / s <= 7)
            multiples = (i * step for i in range(int(self.high / step) + 1))
            self.ticks = [value for value in multiples if value >= self.low]

    def at(self, value):
        value = math.log10(value) if self.log else value
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)


def document(title, body, height=HEIGHT):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="{escape(title, quote=True)}">{style()}'
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>'
            f'{text(16, 28, title, kind="title")}\n' + "\n".join(body) + "\n</svg>\n")


def lines(path, title, x_label, y_label, series, log_y=True, x_names=None):
    """`series`: {name: [(x, y), ...]}, all positive. `x_names`: {x: how to write it}."""
    xs = sorted({x for points in series.values() for x, _ in points})
    ys = [y for points in series.values() for _, y in points]
    across = Axis(xs, LEFT, WIDTH - RIGHT, log=True)
    up = Axis(ys, HEIGHT - BOTTOM, TOP, log=log_y, from_zero=not log_y)
    body = []
    for tick in up.ticks:
        body += [rule(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick), "grid"),
                 text(LEFT - 8, up.at(tick) + 4, number(tick), "end", "faint")]
    for x in xs:
        name = x_names[x] if x_names else number(x)
        body.append(text(across.at(x), HEIGHT - BOTTOM + 20, name, "middle", "faint"))
    body += [rule(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "axis"),
             text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_label, "middle"),
             text(0, 0, y_label, "middle",
                  turn=f' transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2:.0f}) rotate(-90)"')]
    for index, (name, points) in enumerate(series.items()):
        places = [(across.at(x), up.at(y)) for x, y in sorted(points)]
        body.append(f'<polyline class="line l{index % len(COLOURS)}" points="' +
                    " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
        body += [mark(index, x, y) for x, y in places]
        body += [mark(index, WIDTH - RIGHT + 22, TOP + 8 + 22 * index),
                 text(WIDTH - RIGHT + 34, TOP + 12 + 22 * index, name)]
    path.write_text(document(title, body))


def bars(path, title, x_label, values, log=False):
    """`values`: (name, value, colour index), in the order shown."""
    left, row = 250, 26
    height = TOP + row * len(values) + 50
    across = Axis([value for _, value, _ in values], left, WIDTH - 80, log, from_zero=not log)
    body = []
    for tick in across.ticks:
        body += [rule(across.at(tick), TOP, across.at(tick), height - 44, "grid"),
                 text(across.at(tick), height - 28, number(tick), "middle", "faint")]
    for index, (name, value, colour) in enumerate(values):
        y = TOP + row * index + 4
        body += [text(left - 10, y + 13, name, "end"),
                 f'<rect class="f{colour}" x="{left}" y="{y}" height="18" rx="2" '
                 f'width="{max(across.at(value) - left, 1):.1f}"/>',
                 text(max(across.at(value), left) + 6, y + 13,
                      number(float(f"{value:.3g}")), kind="faint")]
    body.append(text((left + WIDTH - 80) / 2, height - 8, x_label, "middle"))
    path.write_text(document(title, body, height))
