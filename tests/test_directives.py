"""Authors' pages, right and wrong, in a throw-away book: what a directive writes, and what it says of a mistake."""

import io
import re

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from military_diplomacy import claims, references

CONFIG = """
project = "throw-away"
extensions = ["myst_parser", "sphinxcontrib.bibtex", "throw_away"]
bibtex_bibfiles = [{bib!r}]
bibtex_reference_style = "author_year"
myst_enable_extensions = ["colon_fence"]
course = {{"learners_repository": ""}}
"""
EXTENSION = """
from military_diplomacy.directives import claim, contents, debate, graded_work, objectives, questions, terms, worked

def setup(app):
    app.add_config_value("course", {}, "html", [dict])
    for part in (claim, contents, debate, graded_work, objectives, questions, terms, worked):
        part.setup(app)
"""
CHAPTER = """
objectives: [{id: K1, text: Tell.}]
minutes: {read: 5, work: 6}
terms: [armistice]
reading: [{work: kydd2000trust, why: It began here.}]
graded: {assignment: case, prepares: [K1]}
"""
ASKED = """
questions:
- id: one
  objective: K1
  ask: Which?
  options:
  - {text: This, feedback: So., right: true}
  - {text: That, feedback: "No, see [there](here).", misconception: All are alike.}
"""
PAGES = {
    "right": """# Right
```{claim} S12a-6
Said here {cite:p}`mnd2022whitepaper`.
```
```{claims} S12a-7 S12a-8
Two more:
```
::::{debate}
:::{position} One
:best: A count {cite:p}`kydd2000trust`.
Its case.
:::
:::{position} Other
:best: Another.
Its case.
:::
::::
:::{faded} Now you
1. A step.
2. A gap.
   ```{gap}
   The answer.
   ```
:::
```{objectives}
```
```{terms}
```
```{reading}
```
```{graded-work}
```

(here)=
A paragraph.

```{questions}
```
```{bibliography}
```
""",
    "no-such-claim": "# T\n```{claim} S12a-99\n```\n",
    "one-claim": "# T\n```{claims} S12a-9\n```\n",
    "one-position": "# T\n::::{debate}\n:::{position} One\n:best: B.\nText.\n:::\n::::\n",
    "no-best": "# T\n:::{position} One\nText.\n:::\n",
    "no-steps": "# T\n:::{worked} How\nText.\n:::\n",
    "no-gap": "# T\n:::{faded} How\n1. Text.\n:::\n",
    "no-file": "# T\n```{terms}\n```\n",
    "no-term": "# T\n```{terms}\n```\n",
    "no-work": "# T\n```{reading}\n```\n",
    "no-assignment": "# T\n```{graded-work}\n```\n",
    "other-objectives": "# T\n```{graded-work}\n```\n",
    "no-part": "# T\n```{chapters} Nowhere\n```\n",
    "no-label": "# T\n```{questions}\n```\n",
    "korean-peninsula": "# T\n```{claim} S12a-6\n```\n",
}
FILES = {
    "right": CHAPTER + ASKED,
    "no-label": CHAPTER + ASKED,
    "no-term": CHAPTER.replace("armistice", "truce of god"),
    "no-work": CHAPTER.replace("kydd2000trust", "kydd1900trust"),
    "no-assignment": CHAPTER.replace("assignment: case", "assignment: other"),
    "other-objectives": CHAPTER.replace(
        "[{id: K1, text: Tell.}]", "[{id: K1, text: Tell.}, {id: K2, text: Say.}]"
    ).replace("prepares: [K1]", "prepares: [K1, K2]"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, request):
    """Returns the throw-away book's pages by name, and Sphinx's warnings."""
    root = tmp_path_factory.mktemp("book")
    bib = request.config.rootpath / "seeds/references.bib"
    (root / "conf.py").write_text(f"import sys\nsys.path.insert(0, {str(root)!r})\n{CONFIG.format(bib=str(bib))}")
    (root / "throw_away.py").write_text(EXTENSION)
    (root / "_toc.yml").write_text("parts: [{caption: Some, chapters: [{file: right}]}]")
    (root / "exercises/assignments/case").mkdir(parents=True)
    (root / "exercises/assignments/case/case.py").write_text(
        "# ---\n# title: A case\n# points: 40\n# minutes: 90\n# files: [case.json]\n# ---\n"
        "# ## Item 1. All of it (40 points, 90 minutes; K1)\n"
    )
    for name, text in PAGES.items():
        (root / f"{name}.md").write_text(text, encoding="utf-8")
        if name != "no-file":
            (root / f"{name}.yml").write_text(FILES.get(name, CHAPTER), encoding="utf-8")
    (root / "index.md").write_text(
        "# Book\n```{continue}\n```\n```{parts}\nSome: A part.\nOther: Another.\n```\n(rating-scale)=\n## Ratings\n```{ratings} Some\n```\n"
    )
    said = io.StringIO()
    with docutils_namespace():  # another test may build a book in this process
        Sphinx(root, root, root / "_out", root / "_trees", "html", status=None, warning=said).build()
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (root / "_out").glob("*.html")}
    return pages, re.sub(r"\x1b\[\d+m", "", said.getvalue())


def test_a_claim_shows_rating_text_evidence_and_reason(built):
    page, claim = built[0]["right"], claims.find("S12a-6")
    shown = page[page.index('id="claim-S12a-6"') : page.index('id="claim-S12a-7"')]
    for part in (
        claim.text,
        "Said here",
        'href="index.html#rating-scale"><span class="std std-ref">3 of 4</span></a></span> · claim S12a-6, in ',
        f"in “{claim.heading}”",
        'data-rating="supported-with-qualification"',
        "Why this rating",
    ):
        assert part in shown
    assert shown.count("reference internal") == 2 + sum(key != "missile_tests" for key in claim.evidence)
    assert 'id="claim-S12a-8" data-rating="contested"' in page
    assert page.count(f". In “{claim.heading}”. Evidence: ") == 2


def test_debate_gap_terms_reading_and_graded_work_are_in_the_page(built):
    page = built[0]["right"]
    assert page.count('class="md-position"') == page.count("Best evidence.") == 2
    assert "Think, then show this step" in page
    assert "<dt>Armistice</dt>" in page
    read = re.sub("<[^>]+>", "", page[page.index("md-reading") :])
    assert "Kydd [2000] Trust, Reassurance, and CooperationIt began here." in read
    assert f'href="{references.find("kydd2000trust").url}">Trust, Reassurance, and Cooperation</a></cite>' in page
    assert "A case" in page and "90 min" in page
    assert "where to get it. You hand in <code>case.ipynb</code> and <code>case.json</code>." in page
    assert 'id="objective-K1"' in page
    assert '<p class="md-tests">K1: Tell.</p><fieldset><legend><span>Which?' in page


def test_the_front_page_lists_parts_with_minutes_and_says_what_is_not_written(built):
    page = built[0]["index"]
    assert "Begin with Right" in page
    assert "5 + 6 min" in page
    assert "Not written yet: Other." in page
    assert page.count("of 0</b>") == 4, "the page named right is no chapter of the ledger"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("no-such-claim", r"\{claim\}: claims.csv holds no claim 'S12a-99'; there are: S12a-1, "),
        ("one-claim", "expected two or more ids of claims"),
        ("one-position", r"expected two \{position\} directives inside, found 1"),
        ("no-best", "'One' has no `:best:`"),
        ("no-steps", "'How' has no numbered steps"),
        ("no-gap", "'How' leaves no step out"),
        ("no-file", "no-file.yml: the file is missing"),
        ("no-term", r"no-term.yml: `terms`: \['truce of god'\] not in seeds/glossary.csv"),
        ("no-work", r"no-work.yml: `reading`: \['kydd1900trust'\] not in seeds/references.bib"),
        ("other-objectives", r"prepares \['K1', 'K2'\]; the headings of the items in .*case.py ask for \['K1'\]"),
        ("no-assignment", "has no title and no points and no minutes in its header"),
        ("no-part", "_toc.yml has no part 'Nowhere' with chapters; there are: Some"),
        (
            "no-label",
            r"no-label\.yml:14: WARNING: the link to 'here' leads to no label of this chapter; set `\(here\)=`",
        ),
        ("korean-peninsula", "claims that it does not show: .*S12a-7"),
    ],
)
def test_a_mistake_is_said_with_its_place(built, page, words):
    lines = [line for line in built[1].splitlines() if f"{page}.md" in line or f"{page}.yml" in line]
    assert any(re.search(words, line) for line in lines), lines


def test_a_right_page_raises_no_word(built):
    assert not [
        line for line in built[1].splitlines() if re.search(r"/right\.(md|yml):", line) and "toctree" not in line
    ]
