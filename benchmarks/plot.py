"""Draws the results as bars in SVG."""

from html import escape
from typing import Any

COLORS = {"floor": "#c7ccd1", "ours async": "#0b7285", "ours sync": "#3bc9db"}
OTHERS = "#868e96"
LABELS = 150
WIDTH = 760
BAR, GAP, HEAD = 18, 5, 34


def draw(throughput: dict[str, dict[str, Any]], caption: str) -> str:
    """Draw a group of bars for each kind of request; a bar's length is its requests per second."""
    parts: list[str] = []
    y = 26
    parts.append(_text(0, 16, "Requests per second with one worker (share of the floor)", bold=True))
    for kind, found in throughput.items():
        y += HEAD
        parts.append(_text(0, y - 8, kind, bold=True))
        scale = (WIDTH - LABELS - 130) / max(figures["per_second"] for figures in found.values())
        for name, figures in sorted(found.items(), key=lambda item: -item[1]["per_second"]):
            width = max(1, round(figures["per_second"] * scale))
            color = COLORS.get(name, OTHERS)
            value = f"{figures['per_second']:,} ({figures['share_of_floor']:.2f})"
            parts.append(_text(LABELS - 8, y + 13, name, anchor="end"))
            parts.append(f'<rect x="{LABELS}" y="{y}" width="{width}" height="{BAR}" rx="2" fill="{color}"/>')
            parts.append(_text(LABELS + width + 6, y + 13, value))
            y += BAR + GAP
    parts.append(_text(0, y + 22, caption))
    size = f'width="{WIDTH}" height="{y + 34}" viewBox="0 0 {WIDTH} {y + 34}"'
    style = "<style>text { font: 12px system-ui, sans-serif; fill: #868e96 } .bold { font-weight: 600 }</style>"
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">', style, *parts, "</svg>", ""])


def _text(x: int, y: int, text: str, *, anchor: str = "start", bold: bool = False) -> str:
    style = ' class="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{style}>{escape(text)}</text>'
