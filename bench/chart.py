# SPDX-License-Identifier: MIT
"""A bar chart as SVG, readable on light and dark paper."""
import math
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, ROW, TOP, AXIS = 720, 220, 110, 22, 34, 34
STYLE = """text{font:12px sans-serif;fill:#24292f}
.t{font-weight:bold}.b{fill:#8c959f}.o{fill:#0969da}.w{stroke:#57606a}
.g{stroke:#d0d7de}
@media(prefers-color-scheme:dark){text{fill:#d0d7de}.w{stroke:#afb8c1}
.g{stroke:#424a53}}"""


def is_ours(label):
    return "by hand" not in label and label.split(",")[0] in ("clonexec", "auto", "unshare", "helper",
                                   "lock", "shim", "with the shim")


def ticks(most):
    """Round numbers from 0, at most six of them."""
    step = 10 ** math.floor(math.log10(most))
    while most / step > 5:
        step *= 2
    while most / step < 2.5:
        step /= 2
    return [i * step for i in range(int(most / step) + 1)]


def axis(most, scale, bottom, unit):
    """A line for each tick, and its number below with the unit at the last."""
    out, marks = [], ticks(most)
    for value in marks:
        x = LEFT + value * scale
        text = f"{value:,g}" + (f" {unit}" if value == marks[-1] else "")
        out += [f'<path class="g" d="M{x:.1f} {TOP}V{bottom + 4}"/>',
                f'<text x="{x:.1f}" y="{bottom + 20}" '
                f'text-anchor="middle">{text}</text>']
    return out


def bars(title, rows, unit, most=None):
    """rows: (label, p50, p99).  A bar is p50, its whisker ends at p99 or at
    the edge; what is wider than `most` is cut."""
    most = most or max(r[1] for r in rows) * 1.15
    scale = (WIDTH - LEFT - RIGHT) / most
    bottom = TOP + ROW * len(rows)
    height = bottom + AXIS
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
           f'height="{height}" viewBox="0 0 {WIDTH} {height}">',
           f"<style>{STYLE}</style>",
           f'<text class="t" x="8" y="20">{escape(title)}</text>']
    out += axis(most, scale, bottom, unit)
    for i, (label, p50, p99) in enumerate(rows):
        y = TOP + ROW * i
        right = LEFT + min(p50, most) * scale
        whisker = LEFT + min(p99, most) * scale
        out += [
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">'
            f'{escape(label)}</text>',
            f'<rect class="{"o" if is_ours(label) else "b"}" x="{LEFT}" '
            f'y="{y + 3}" width="{right - LEFT:.1f}" height="{ROW - 8}"/>',
            f'<path class="w" d="M{right:.1f} {y + 10}H{whisker:.1f}"/>',
            f'<text x="{max(right, whisker) + 6:.1f}" y="{y + 14}">'
            f'{number(p50)} {unit}</text>',
        ]
    return "\n".join(out) + "\n</svg>\n"


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
