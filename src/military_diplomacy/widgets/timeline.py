"""Timeline: dated events by kind, to be filtered, zoomed, walked through, read and downloaded.

The wrong prediction depends on the events; the page that uses the widget asks it with `predict`. Of Korea, 2018 to 2024: most
suspensions and withdrawals answer an exercise of the allies. Walked through, two or three of thirteen do. The second, to be tried
next: lines that were cut come back by a new agreement. They came back in July 2021 after letters.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

import pandas as pd
import traitlets

from .. import references
from .course_widget import CourseWidget, module, styles

_REQUIRED = ("id", "date", "date_precision", "kind", "title", "summary", "actors", "source", "as_of")
_FORMATS = {"day": "{0.day} {0:%B %Y}", "month": "{0:%B %Y}", "year": "{0:%Y}"}
_ISO = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def date_text(date: pd.Timestamp, precision: str) -> str:
    """Return `date` as far as it is known: 19 September 2018, September 2018 or 2018."""
    return _FORMATS[precision].format(date)


class Timeline(CourseWidget):
    """A table of dated events as a timeline with one lane a kind.

    Args:
        table: one event a row with `id`, `date`, `date_precision` (day, month, year), `kind`, `title`, `summary`,
            `actors` (codes separated by spaces), `source` (bibliography key) and `as_of`, as `tables.load("korea_events")` gives.
        lanes: the kinds in the order of their lanes, each with its label; six at most, for there are six colours.
        actors: the codes of who is involved, in the order of the menu, each with its name.

    Attributes:
        events: what the lanes show, by date.
        shown: kinds now switched on.
        actor: code of who must be involved, or an empty text for anyone.
        span: first and last day now shown, as ISO dates.
        selected: `id` of the event read out, or an empty text.

    Raises:
        ValueError: a column is missing, a kind has no lane, an actor no name, or there are more than six lanes.
    """

    _esm = module("timeline")
    _css = styles("timeline")

    events = traitlets.List().tag(sync=True)
    lanes = traitlets.Dict().tag(sync=True)
    shown = traitlets.List().tag(sync=True)
    actors = traitlets.Dict().tag(sync=True)
    actor = traitlets.Unicode().tag(sync=True)
    span = traitlets.List().tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)

    def __init__(self, table: pd.DataFrame, lanes: dict[str, str], actors: dict[str, str], **texts):
        if missing := [column for column in _REQUIRED if column not in table]:
            raise ValueError(f"a timeline needs the columns {list(_REQUIRED)}; the table lacks {missing}")
        if strange := sorted(set(table["kind"]) - set(lanes)):
            raise ValueError(f"lanes must name every kind of the table; without a lane: {strange}")
        if nameless := sorted({code for codes in table["actors"] for code in codes.split()} - set(actors)):
            raise ValueError(f"actors must name every code of the table; without a name: {nameless}")
        if len(lanes) > 6:
            raise ValueError(f"six lanes at most, found {len(lanes)}: join kinds, or draw two timelines")
        table = table.sort_values(["date", "id"])
        super().__init__(
            events=[_event(row) for row in table.to_dict("records")],
            lanes=lanes,
            shown=list(lanes),
            actors=actors,
            span=[f"{table['date'].min():%Y}-01-01", f"{table['date'].max():%Y}-12-31"],
            **texts,
        )

    @traitlets.validate("span")
    def _in_order(self, proposal):
        try:
            first, last = map(date.fromisoformat, proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"span: expected two ISO dates, found {proposal['value']}") from error
        if first > last:
            raise traitlets.TraitError(f"span: expected the earlier day first, found {proposal['value']}")
        return proposal["value"]

    def alternative(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{event["when"]}</th><td>{escape(self.lanes[event["kind"]])}</td>'
            f"<td><strong>{escape(event['title'])}.</strong> {escape(event['summary'])}</td>"
            f"<td>{escape(', '.join(self.actors[code] for code in event['actors']))}</td>"
            f"<td>{_links(event)}</td><td>{event['as_of']}</td></tr>"
            for event in self.events
        )
        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("Date", "Kind", "Event", "Involved", "Source", "As of")
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _event(row: dict) -> dict:
    keys: Sequence = [row["source"], row.get("source_2")]
    works = [references.find(key) for key in keys if isinstance(key, str)]
    return {
        "id": row["id"],
        "date": row["date"].strftime(_ISO[row["date_precision"]]),
        "when": date_text(row["date"], row["date_precision"]),
        "kind": row["kind"],
        "title": row["title"],
        "summary": row["summary"],
        "actors": row["actors"].split(),
        "sources": [{"label": work.label, "url": work.url} for work in works],
        "as_of": row["as_of"].date().isoformat(),
    }


def _links(event: dict) -> str:
    return "; ".join(
        f'<a href="{escape(work["url"])}">{escape(work["label"])}</a>' if work["url"] else escape(work["label"])
        for work in event["sources"]
    )
