"""Timeline: dated events by kind, to be filtered, walked through and read."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import traitlets

from .. import references
from .course_widget import CourseWidget, module, styles

_REQUIRED = ("id", "date", "date_precision", "kind", "title", "summary", "source")
_FORMATS = {"day": "{0.day} {0:%B %Y}", "month": "{0:%B %Y}", "year": "{0:%Y}"}


def date_text(date: pd.Timestamp, precision: str) -> str:
    """Return `date` as far as it is known: 19 September 2018, September 2018 or 2018."""
    return _FORMATS[precision].format(date)


class Timeline(CourseWidget):
    """A table of dated events as a timeline with one lane a kind.

    Args:
        table: one event a row with `id`, `date`, `date_precision` (day, month, year), `kind`, `title`, `summary` and
            `source` (bibliography key), as `tables.load("korea_events")` gives.
        lanes: the kinds in the order of their lanes, each with its label; six at most, for there are six colours.

    Attributes:
        events: what the lanes show, by date.
        shown: kinds now switched on.
        years: first and last year now shown.
        selected: `id` of the event read out, or an empty text.

    Raises:
        ValueError: a column is missing, a kind has no lane, or there are more than six lanes.
    """

    _esm = module("timeline")
    _css = styles("timeline")

    events = traitlets.List().tag(sync=True)
    lanes = traitlets.Dict().tag(sync=True)
    shown = traitlets.List().tag(sync=True)
    years = traitlets.List().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)

    def __init__(self, table: pd.DataFrame, lanes: dict[str, str], **texts: str):
        if missing := [column for column in _REQUIRED if column not in table]:
            raise ValueError(f"a timeline needs the columns {list(_REQUIRED)}; the table lacks {missing}")
        if strange := sorted(set(table["kind"]) - set(lanes)):
            raise ValueError(f"lanes must name every kind of the table; without a lane: {strange}")
        if len(lanes) > 6:
            raise ValueError(f"six lanes at most, found {len(lanes)}: join kinds, or draw two timelines")
        table = table.sort_values(["date", "id"])
        years = [int(table["date"].dt.year.min()), int(table["date"].dt.year.max())]
        super().__init__(
            events=[_event(row) for row in table.to_dict("records")],
            lanes=lanes,
            shown=list(lanes),
            years=years,
            **texts,
        )

    def alternative(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{event["when"]}</th><td>{escape(self.lanes[event["kind"]])}</td>'
            f"<td><strong>{escape(event['title'])}.</strong> {escape(event['summary'])}</td><td>{_links(event)}</td></tr>"
            for event in self.events
        )
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Date", "Kind", "Event", "Source"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _event(row: dict) -> dict:
    keys: Sequence = [row["source"], row.get("source_2")]
    works = [references.find(key) for key in keys if isinstance(key, str)]
    return {
        "id": row["id"],
        "date": row["date"].date().isoformat(),
        "when": date_text(row["date"], row["date_precision"]),
        "kind": row["kind"],
        "title": row["title"],
        "summary": row["summary"],
        "sources": [{"label": work.label, "url": work.url} for work in works],
    }


def _links(event: dict) -> str:
    return "; ".join(
        f'<a href="{escape(work["url"])}">{escape(work["label"])}</a>' if work["url"] else escape(work["label"])
        for work in event["sources"]
    )
