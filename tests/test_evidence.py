"""The evidence as a referee meets it: complete, sourced, consistent; and the check that finds what is not."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from military_diplomacy import references, tables
from tools import evidence

RATINGS = {"supported", "supported with qualification", "contested", "inaccurate"}
SECTIONS = "S00 S01 S02 S03 S04 S05 S06 S07 S08 S09 S10 S11 S12 S12a S12b S13 S13a S13b S14 S15".split()
PACKAGE = json.loads(Path("seeds/datapackage.json").read_text(encoding="utf-8"))
NAMES = [resource["name"] for resource in PACKAGE["resources"]]


def test_everything_is_in_order():
    assert evidence.faults() == []


def test_every_section_of_the_document_is_there_once_with_its_hash():
    sections = tables.load("sections")
    assert list(sections["id"]) == SECTIONS
    assert sections["sha256"].is_unique
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in sections["sha256"])


def test_no_section_is_an_orphan_and_every_claim_has_one_of_its_section_s_chapters():
    sections = tables.load("sections").set_index("id")["chapters"].str.split()
    claims = tables.load("claims")
    assert set(claims["section"]) == set(SECTIONS)
    for claim in claims.itertuples():
        assert claim.chapter in sections[claim.section], claim.id
        assert claim.id.startswith(f"{claim.section}-"), claim.id


def test_claims_are_rated_with_a_reason_and_with_evidence():
    claims = tables.load("claims")
    assert len(claims) >= 80
    assert set(claims["rating"]) == RATINGS
    for claim in claims.itertuples():
        assert 20 <= len(claim.reason.split()) <= 80, claim.id
        assert claim.evidence, claim.id


@pytest.mark.parametrize("name", NAMES)
def test_every_table_loads_with_units_and_sources_and_without_what_nobody_saw(name):
    table = tables.load(name)
    assert len(table) > 0
    if "checked" in table:
        assert set(table["checked"]) <= {"primary", "secondary"}
        assert set(table["source"]) <= set(table.attrs["sources"])
    fields = {field["name"]: field for field in tables.describe(name)["schema"]["fields"]}
    for column, field in fields.items():
        assert field["description"], column
        if column.endswith("_count"):
            assert table.attrs["units"][column], column


def test_the_members_votes_add_up_to_the_drafts_counts():
    drafts, votes = tables.load("council_drafts"), tables.load("council_votes")
    counted = pd.crosstab(votes["draft"], votes["vote"])
    for draft in drafts.itertuples():
        row = counted.loc[draft.draft]
        assert row.sum() == 15, draft.draft
        assert (row["yes"], row["no"], row["abstain"]) == (
            draft.in_favour_count,
            draft.against_count,
            draft.abstained_count,
        )


def test_a_resolution_that_failed_names_who_stopped_it_or_lacked_nine_votes():
    for draft in tables.load("council_drafts").itertuples():
        if draft.outcome == "vetoed":
            assert draft.vetoes_by
            assert draft.in_favour_count >= 9
        if draft.outcome == "failed":
            assert draft.in_favour_count < 9


def test_works_can_be_opened_or_are_books_and_articles_that_libraries_hold():
    works = references.load()
    assert len(works) >= 150
    for key, work in works.items():
        assert work.label.strip(), key
        assert work.title.strip(), key
    assert sum(bool(work.url) for work in works.values()) / len(works) > 0.9


@pytest.fixture(scope="module")
def small_seeds(tmp_path_factory):
    """A small copy of the seeds: sections, claims, drafts and votes, all in order; to be copied."""
    seeds = tmp_path_factory.mktemp("small") / "seeds"
    (seeds / "data").mkdir(parents=True)
    small = {"sections", "claims", "council_drafts", "council_votes", "syria_arrangements"}
    resources = [resource for resource in PACKAGE["resources"] if resource["name"] in small]
    for resource in resources:
        shutil.copy2(Path("seeds") / resource["path"], seeds / resource["path"])
    shutil.copy2("seeds/references.bib", seeds)
    known = {resource["name"] for resource in resources}
    claims = pd.read_csv(seeds / "claims.csv", dtype=str, keep_default_na=False)
    others = {name for name in NAMES if name not in known}
    claims["evidence"] = [
        ";".join(key for key in keys.split(";") if key not in others) or "claims" for keys in claims["evidence"]
    ]
    claims.to_csv(seeds / "claims.csv", index=False)
    (seeds / "datapackage.json").write_text(json.dumps({**PACKAGE, "resources": resources}), encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_from(seeds, monkeypatch)
        evidence.refresh()
        assert evidence.faults() == []
    return seeds


@pytest.fixture
def broken(small_seeds, tmp_path, monkeypatch):
    """Small seeds to put faults into: their folder."""
    seeds = shutil.copytree(small_seeds, tmp_path / "seeds")
    read_from(seeds, monkeypatch)
    return seeds


def read_from(seeds, monkeypatch):
    monkeypatch.setattr(tables, "seeds_folder", lambda: seeds)
    monkeypatch.setattr(evidence, "SEEDS", seeds)
    monkeypatch.setattr(evidence, "DESCRIPTION", seeds / "datapackage.json")


def change(path, *changes):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for row, column, value in changes:
        table.loc[row, column] = value
    table.to_csv(path, index=False)


@pytest.mark.parametrize(
    ("file", "changes", "words"),
    [
        ("data/council_votes.csv", [(0, "draft", "S/1900/1")], "council_votes.csv"),
        (
            "data/council_votes.csv",
            [(3, "source", "nobody1900")],
            "row 5, column source: 'nobody1900' is not in references.bib",
        ),
        ("data/council_votes.csv", [(0, "as_of", "2999-01-01")], "2999-01-01"),
        (
            "data/syria_arrangements.csv",
            [(0, "start", "2031-01-01"), (0, "end", "2030-01-01")],
            "syria_arrangements.csv, row 2",
        ),
        ("claims.csv", [(0, "evidence", "nowhere")], "'nowhere' is neither a work of references.bib nor a table"),
        ("claims.csv", [(0, "rating", "rubbish")], "expected one of supported"),
        (
            "data/council_drafts.csv",
            [(1, "in_favour_count", "sixteen")],
            "row 3, column in_favour_count: expected a whole number",
        ),
    ],
)
def test_a_fault_in_a_table_is_found_and_its_place_is_named(broken, file, changes, words):
    change(broken / file, *changes)
    evidence.refresh()
    assert any(words in fault for fault in evidence.faults())


def test_a_changed_file_a_stray_table_and_a_doubled_work_are_found(broken):
    change(broken / "claims.csv", (0, "claim", "Another claim."))
    (broken / "data/stray.csv").write_text("a\n1\n", encoding="utf-8")
    with (broken / "references.bib").open("a", encoding="utf-8") as file:
        file.write("@misc{unseen1900, author = {{Nobody}}, title = {T}, year = {1900}}\n")
    found = "\n".join(evidence.faults())
    assert "its hash differs" in found
    assert "stray.csv: not described" in found
    assert "unseen1900 has no `seen`" in found


def test_a_section_without_a_claim_is_found(broken):
    claims = pd.read_csv(broken / "claims.csv", dtype=str, keep_default_na=False)
    claims[claims["section"] != "S15"].to_csv(broken / "claims.csv", index=False)
    evidence.refresh()
    assert any("S15" in fault and "no claim" in fault for fault in evidence.faults())


def test_a_body_is_cited_by_its_short_name_and_listed_by_its_full_one():
    from pybtex.database import parse_file

    from military_diplomacy.directives.reference_style import CourseLabels, CourseStyle

    works = parse_file("seeds/references.bib").entries
    assert references.find("kls2018cma").label == "CMA 2018"
    keys = ("kls2018cma", "yonhap2023consider", "yonhap2023shin", "kydd2000trust")
    labels = list(CourseLabels().format_labels([works[key] for key in keys]))
    assert labels == ["CMA 2018", "Yonhap 2023a", "Yonhap 2023b", "Kydd 2000"]
    agreement, _, shin, kydd = (
        CourseStyle().format_entry(label, works[key]).text.render_as("text")
        for label, key in zip(labels, keys, strict=True)
    )
    assert agreement.startswith("Republic of Korea and Democratic People's Republic of Korea. Agreement on")
    assert agreement.endswith("Cited as CMA 2018.")
    assert shin.endswith("Yonhap, 10 October 2023. Cited as Yonhap 2023b."), "the year stands once"
    assert "Cited as" not in kydd
