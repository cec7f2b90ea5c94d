"""The course's fonts: Source Serif 4 and Source Sans 3 out of the installed packages, cut down while the book is built.

Both are under the SIL Open Font License 1.1, which reserves the name "Source" for the unchanged fonts. What is cut here is
therefore named Course Serif and Course Sans, and the licence is written beside it. To do without, drop `fonts.css` from
`page_assets.STYLES`: the pages then use the reader's own fonts.
"""

import hashlib
import io
import logging
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# What English with quotations and figures needs; each further letter costs every reader about 130 bytes a face.
BASIC = {
    *range(0x20, 0x7F),
    *map(ord, "\u00a0£§©«°±·»½×áäçéèíñóöüãà‐‑‒–—‘’‚“”„†‡•…′″€←↑→↓−≈≠≤≥\u2002\u2009\u200a\u202f"),
}
# The letters of names such as Ilhŏn, Erdoğan, Vučić: a second file, fetched where one stands.
FURTHER = {
    *range(0xC0, 0x100),
    *map(ord, "¡¿ĀāĂăĄąĆćČčĎďĐđĒēĘęĚěĞğĢģĪīİıĶķŁłŃńŇňŌōŎŏŐőŒœŘřŚśŞşŠšŤťŪūŬŭŮůŰűŹźŻżŽžȘșȚț"),
} - BASIC
logging.getLogger("fontTools").setLevel(logging.WARNING)  # else it reports every table to the book's log

# No combining marks are in either set, so that `ccmp` and `mark`, which place them, would do nothing.
FEATURES = ["kern", "liga", "lnum", "tnum"]
OPTICAL_SIZE_PT = 14  # the design size of running text


@dataclass(frozen=True)
class Face:
    """One face: where its source lies, what it is called here, its weights and slope."""

    stem: str
    family: str
    package: str
    source: str
    weights: tuple[int, int]
    slope: str = "normal"


FACES = (
    Face("serif", "Course Serif", "fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf", (400, 700)),
    Face(
        "serif-italic",
        "Course Serif",
        "fontpkg_source_serif_4",
        "SourceSerif4-Italic[opsz,wght].ttf",
        (400, 400),
        "italic",
    ),
    Face("sans", "Course Sans", "fontpkg_source_sans_3", "SourceSans3[wght].ttf", (400, 700)),
)


@dataclass(frozen=True)
class StandIn:
    """A font of the reader's that stands in where a face has not arrived, stretched so that lines break at nearly the same words.

    `width` is the course face's mean advance divided by this font's, over the text of a chapter (at weight 600 where bold);
    `ascent` and `descent` are the course face's, in em.
    """

    family: str
    names: tuple[str, ...]
    width: float
    ascent: float
    descent: float
    slope: str = "normal"
    weight: str = "400"


# tokens.css names these families after the course's own. Georgia is on Windows and Apple's systems, Times or its equal on
# Linux, DejaVu where Linux has no other, Noto Serif and Roboto on Android. (Georgia's widths were taken from Gelasio, which
# has the same.)
STAND_INS = (
    StandIn("Course Serif as Georgia", ("Georgia",), 1.073, 1.036, 0.335),
    StandIn("Course Serif as Georgia", ("Georgia Italic", "Georgia-Italic"), 0.971, 1.036, 0.335, "italic"),
    StandIn("Course Serif as Georgia", ("Georgia Bold", "Georgia-Bold"), 0.938, 1.036, 0.335, weight="600 700"),
    StandIn("Course Serif as Noto", ("Noto Serif",), 0.993, 1.036, 0.335),
    StandIn("Course Serif as Noto", ("Noto Serif Italic", "NotoSerif-Italic"), 0.951, 1.036, 0.335, "italic"),
    StandIn("Course Serif as Noto", ("Noto Serif Bold", "NotoSerif-Bold"), 0.95, 1.036, 0.335, weight="600 700"),
    StandIn("Course Serif as Times", ("Times New Roman", "Liberation Serif"), 1.152, 1.036, 0.335),
    StandIn(
        "Course Serif as Times", ("Times New Roman Italic", "Liberation Serif Italic"), 1.075, 1.036, 0.335, "italic"
    ),
    StandIn(
        "Course Serif as Times",
        ("Times New Roman Bold", "Liberation Serif Bold"),
        1.099,
        1.036,
        0.335,
        weight="600 700",
    ),
    StandIn("Course Serif as DejaVu", ("DejaVu Serif",), 0.913, 1.036, 0.335),
    StandIn("Course Serif as DejaVu", ("DejaVu Serif Italic",), 0.855, 1.036, 0.335, "italic"),
    StandIn("Course Serif as DejaVu", ("DejaVu Serif Bold",), 0.843, 1.036, 0.335, weight="600 700"),
    StandIn("Course Sans as Arial", ("Arial", "Helvetica", "Liberation Sans"), 0.936, 1.024, 0.400),
    StandIn(
        "Course Sans as Arial",
        ("Arial Bold", "Arial-BoldMT", "Helvetica Bold", "Liberation Sans Bold"),
        0.9,
        1.024,
        0.400,
        weight="600 700",
    ),
    StandIn("Course Sans as Roboto", ("Roboto",), 0.945, 1.024, 0.400),
    StandIn("Course Sans as Roboto", ("Roboto Bold", "Roboto-Bold"), 0.96, 1.024, 0.400, weight="600 700"),
    StandIn("Course Sans as DejaVu", ("DejaVu Sans",), 0.819, 1.024, 0.400),
    StandIn("Course Sans as DejaVu", ("DejaVu Sans Bold",), 0.752, 1.024, 0.400, weight="600 700"),
)


def make(folder: Path) -> None:
    """Write the fonts, their licence and `fonts.css` into `folder`, unless they stand there already, made the same way."""
    recipe = _recipe()
    made = folder / "fonts" / "recipe.txt"
    if made.is_file() and made.read_text(encoding="utf-8") == recipe:
        return
    made.parent.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        source = (resources.files(face.package) / "files" / face.source).read_bytes()
        for name, letters in _files(face):
            (made.parent / name).write_bytes(cut(source, face, letters))
    licences = {face.package: (resources.files(face.package) / "LICENSE").read_text("utf-8") for face in FACES}
    (made.parent / "OFL.txt").write_text("\n\n".join(licences.values()), encoding="utf-8")
    (folder / "fonts.css").write_text(css(), encoding="utf-8")
    made.write_text(recipe, encoding="utf-8")  # last: a build that was broken off makes them again


def cut(source: bytes, face: Face, letters: set[int]) -> bytes:
    """Return the part of a variable font that shows `letters` in the face's weights, renamed, as WOFF2."""
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 13, 14]
    options.drop_tables += ["DSIG", "STAT"]
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    low, high = face.weights
    limits = {"wght": low if low == high else (low, high)}
    if any(axis.axisTag == "opsz" for axis in font["fvar"].axes):
        limits["opsz"] = OPTICAL_SIZE_PT
    font = instancer.instantiateVariableFont(font, limits)
    if "fvar" in font:
        font["fvar"].instances = []  # named weights, whose names would still say "Source"
    rename(font, face.family, "Italic" if face.slope == "italic" else "Regular")
    font.flavor = "woff2"
    result = io.BytesIO()
    font.save(result)
    return result.getvalue()


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the font another name everywhere but in its copyright and licence, which must stay."""
    names = font["name"]
    kept = [record for record in names.names if record.nameID in (0, 13, 14)]
    names.names = kept
    full = f"{family} {style}"
    for name_id, text in {1: family, 2: style, 3: full, 4: full, 6: full.replace(" ", "")}.items():
        names.setName(text, name_id, 3, 1, 0x409)
    if "fvar" in font:
        for axis in font["fvar"].axes:
            axis.axisNameID = names.addMultilingualName({"en": "Weight"}, font, windows=True, mac=False)


def css() -> str:
    """Return the `@font-face` rules: each face in two files, and what stands in where they have not arrived.

    `optional`: a face that comes late is kept for the next page. Text that is being read never moves, which no stand-in can
    promise, for a line breaks at another word as soon as one is a hair wider.
    """
    rules = [
        f'@font-face {{ font-family: "{face.family}"; src: url("fonts/{name}") format("woff2"); '
        f"font-weight: {face.weights[0]} {face.weights[1]}; font-style: {face.slope}; font-display: optional; "
        f"unicode-range: {_ranges(letters)}; }}"
        for face in FACES
        for name, letters in _files(face)
    ]
    for each in STAND_INS:
        sources = ", ".join(f'local("{name}")' for name in each.names)
        rules.append(
            f'@font-face {{ font-family: "{each.family}"; src: {sources}; font-style: {each.slope}; font-weight: {each.weight}; '
            f"size-adjust: {each.width:.1%}; ascent-override: {each.ascent / each.width:.1%}; "
            f"descent-override: {each.descent / each.width:.1%}; line-gap-override: 0%; }}"
        )
    return "\n".join(rules) + "\n"


def _files(face: Face) -> list[tuple[str, set[int]]]:
    return [(f"{face.stem}.woff2", BASIC), (f"{face.stem}-further.woff2", FURTHER)]


def _ranges(letters: set[int]) -> str:
    """Return code points as CSS writes them: `U+20-7E, U+A3`."""
    ranges: list[list[int]] = []
    for letter in sorted(letters):
        if ranges and ranges[-1][1] == letter - 1:
            ranges[-1][1] = letter
        else:
            ranges.append([letter, letter])
    return ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in ranges)


def _recipe() -> str:
    """Return what the made fonts depend on: this module and the versions of the packages that it uses."""
    names = ("fonttools", "brotli", "fontpkg-source-serif-4", "fontpkg-source-sans-3")
    versions = [f"{name} {metadata.version(name)}" for name in names]
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return "\n".join([own, *versions]) + "\n"
