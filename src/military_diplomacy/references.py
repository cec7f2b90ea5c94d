"""The bibliography as short citations with an address."""

from dataclasses import dataclass
from functools import cache

from pybtex.database import Entry, parse_file
from pybtex.richtext import Text

from .seeds_folder import seeds_folder


@dataclass(frozen=True)
class Reference:
    """One work: `label` as in running text (`Kydd 2000`), `title`, and `url` (empty where it has no stable address)."""

    key: str
    label: str
    title: str
    url: str


@cache
def load() -> dict[str, Reference]:
    """Return every work of `references.bib` by its key."""
    entries = parse_file(str(seeds_folder() / "references.bib")).entries
    return {key: _reference(key, entry) for key, entry in entries.items()}


def find(key: str) -> Reference:
    """Return the work called `key`.

    Raises:
        KeyError: the bibliography has no such work.
    """
    works = load()
    if key not in works:
        raise KeyError(f"references.bib has no work {key!r}; add it, or correct the key where it is used")
    return works[key]


def label(entry: Entry, *, short: bool = True) -> str:
    """Return how running text names a work: `Kydd 2000`. A body has a short name where the entry gives a `shortauthor`."""
    name = entry.fields.get("shortauthor") if short else None
    return f"{_plain(name) if name else _names(entry)} {entry.fields.get('year', 'n.d.')}"


def _reference(key: str, entry: Entry) -> Reference:
    doi = entry.fields.get("doi")
    return Reference(
        key=key,
        label=label(entry),
        title=_plain(entry.fields["title"]),
        url=f"https://doi.org/{doi}" if doi else entry.fields.get("url", ""),
    )


def _names(entry: Entry) -> str:
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people:
        return _plain(entry.fields.get("organization") or entry.fields.get("institution") or entry.fields["title"])
    last = [_plain(" ".join([*person.prelast_names, *person.last_names])) for person in people]
    if len(last) > 2:
        return f"{last[0]} et al."
    return " and ".join(last)


def _plain(latex: str) -> str:
    return str(Text.from_latex(latex))
