"""Altair charts of the course: one theme, one way to put a chart on a page.

In JupyterLab a `Figure` shows the live Altair chart. In the book it becomes a `figure` element: title, a picture that needs
no JavaScript, Vega's compiled specification for the page's loader, the source, and the data as a table behind a click.
"""

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from html import escape

import altair as alt
import pandas as pd

from .widgets.course_widget import BUILDING_BOOK, tokens_css

MIME = "application/vnd.vegalite.v5+json"  # the newest that JupyterLab has a renderer for
WIDTHS_PX = {"md-broad": 600, "md-narrow": 320}  # the page's column, and a phone: labels keep their size in both


@cache
def tokens() -> dict[str, str]:
    """Return the colours of the light scheme by token (`c1`, `ink`, …) as hexadecimal texts, from `tokens.css`."""
    light = tokens_css().split("@media")[0]
    return dict(re.findall(r"--md-([\w-]+): (#[0-9a-f]{6});", light))


def theme() -> alt.theme.ThemeConfig:
    """Return the course's Altair theme, in the light scheme's colours."""
    colour = tokens()
    font = "system-ui, sans-serif"
    text = {"labelFont": font, "titleFont": font, "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal"}
    text |= {"labelColor": colour["soft"], "titleColor": colour["soft"]}
    return {
        "config": {
            "background": None,
            "font": font,
            "view": {"stroke": None, "continuousHeight": 280},
            "axis": {**text, "domain": False, "ticks": False, "gridColor": colour["line"], "labelPadding": 8},
            "axisX": {"grid": False, "domain": True, "domainColor": colour["edge"], "labelAngle": 0},
            "axisY": {"titleAnchor": "end", "titleAngle": 0, "titleAlign": "left", "titleY": -14},
            "legend": {**text, "orient": "top", "title": None},
            "range": {"category": [colour[f"c{i}"] for i in range(1, 7)]},
            "text": {"font": font, "fontSize": 13, "color": colour["ink"]},
        }
    }


alt.theme.register("course", enable=True)(theme)


@dataclass(frozen=True)
class Figure:
    """A chart with what makes it readable without seeing it.

    Args:
        chart: a single or layered Altair chart without a width; it is drawn for a page and for a phone.
        title: the figure's message, a sentence.
        unit: what is counted or measured, in what unit.
        alternative: what a reader who cannot see the chart should know from it.
        source: where the figures are from, as of when, and what they cannot show.
        rows: the data behind the chart, with the headings that readers see.
    """

    chart: alt.Chart | alt.LayerChart
    title: str
    unit: str
    alternative: str
    source: str
    rows: pd.DataFrame

    def _repr_mimebundle_(self, **_options) -> dict:
        if os.environ.get(BUILDING_BOOK):
            return {"text/html": self.html(), "text/plain": self.title}
        titled = self.sized(WIDTHS_PX["md-broad"]).properties(
            title=alt.Title(self.title, subtitle=self.unit, anchor="start")
        )
        return {MIME: titled.to_dict(), "text/plain": f"{self.title}\n{self.unit}\n{self.source}"}

    def sized(self, width_px: int) -> alt.Chart | alt.LayerChart:
        """Return the chart with axes and labels inside `width_px`; the page's loader sets another width later."""
        return self.chart.properties(width=width_px, autosize=alt.AutoSizeParams(type="fit", contains="padding"))

    def html(self) -> str:
        """Return the figure for a static page.

        Raises:
            ValueError: the chart uses a colour that is not one of the course's tokens.
        """
        import vl_convert  # needed by the book alone; not on the path of a learner's notebook

        stills = "".join(
            vl_convert.vegalite_to_svg(self.sized(width).to_dict()).replace('class="marks"', f'class="marks {name}"', 1)
            for name, width in WIDTHS_PX.items()
        )
        stills, height = _themed(stills), re.search(r'height="(\d+)"', stills)[1]
        live = vl_convert.vegalite_to_vega(self.sized(WIDTHS_PX["md-broad"]).to_dict())
        controls = "".join(_control(signal) for signal in live.get("signals", []) if "bind" in signal)
        live = _themed(json.dumps(live))
        if stray := set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]{3,6}|rgb[^"]*)"', stills)):
            raise ValueError(f"{self.title}: colours outside the course's tokens: {sorted(stray)}; use charts.tokens()")
        head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in self.rows.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows.itertuples(index=False)
        )
        return (
            f'<figure class="md-figure"><figcaption><strong>{escape(self.title)}</strong>'
            f"<span>{escape(self.unit)}</span></figcaption>"
            f'<div class="md-chart"><div class="md-chart-controls">{controls}</div>'
            f'<div class="md-chart-stage md-scroll" role="img" tabindex="0" aria-label="{escape(self.alternative)}"'
            f' style="contain-intrinsic-height: auto {height}px">{stills}</div>'
            f'<script type="application/vnd.vega+json">{live.replace("</", "<" + chr(92) + "/")}</script></div>'
            f'<p class="md-source">{escape(self.source)}</p>'
            f"<details><summary>Show the data ({len(self.rows)} rows)</summary>"
            f'<div class="md-scroll" tabindex="0" role="region" aria-label="Data: {escape(self.title)}">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details></figure>"
        )


def _control(signal: dict) -> str:
    """Take the binding out of a compiled signal and return it as a control of the page, there before the chart is live.

    Raises:
        ValueError: the page has no such control.
    """
    bind, name, value = signal.pop("bind"), signal["name"], signal.get("value")
    label = escape(bind.get("name", name))
    if bind["input"] == "select":
        options = "".join(
            f"<option{' selected' if option == value else ''}>{escape(str(option))}</option>"
            for option in bind["options"]
        )
        return f'<label>{label}<select data-signal="{escape(name)}">{options}</select></label>'
    if bind["input"] == "range":
        ends = "".join(f' {key}="{bind[key]}"' for key in ("min", "max", "step") if key in bind)
        return f'<label>{label}<input type="range" data-signal="{escape(name)}" value="{value}"{ends}></label>'
    raise ValueError(f"parameter {name!r}: a page has controls for select and range, not for {bind['input']!r}")


def _themed(text: str) -> str:
    """Return SVG or JSON text with each token's colour as a CSS variable, so that the chart follows the page's scheme."""
    names = {value: name for name, value in tokens().items()}
    pattern = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    return pattern.sub(lambda found: f"var(--md-{names[found[0].lower()]})", text)
