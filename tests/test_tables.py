"""Tables as an author and a learner meet them: typed when right, explained when wrong."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from military_diplomacy import references, tables

GOOD = Path("seeds/data/korea_events.csv").read_text(encoding="utf-8")


def test_a_table_is_typed_and_knows_its_sources():
    events = tables.load("korea_events")
    assert pd.api.types.is_datetime64_any_dtype(events["date"])
    assert events["id"].is_unique
    assert len(events) >= 40
    assert events.attrs["title"].startswith("Events on the Korean Peninsula")
    assert set(events["source"]) <= set(events.attrs["sources"]) <= set(references.load())


def test_every_row_has_a_source_that_can_be_opened():
    for key in tables.load("korea_events").attrs["sources"]:
        work = references.find(key)
        assert work.url.startswith("http"), key
        assert work.label
        assert work.title


def test_what_is_unverified_is_left_out_unless_asked_for(tmp_path, monkeypatch):
    seeds = tmp_path / "seeds"
    shutil.copytree("seeds", seeds)
    lines = GOOD.splitlines()
    lines[1] = lines[1].replace(",primary,", ",unverified,").replace(",secondary,", ",unverified,")
    (seeds / "data/korea_events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(tables, "seeds_folder", lambda: seeds)
    assert len(tables.load("korea_events", checked_only=False)) == len(tables.load("korea_events")) + 1


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        (("2018-01-04,day", "2018-13-04,day"), "date", "a date such as 2018-09-19, found '2018-13-04'"),
        (("2018-01-04,day", "4 January 2018,day"), "date", "found '4 January 2018'"),
        (("2018-01-04,day", "1918-01-04,day"), "date", "at least 1994-01-01"),
        (("2018-01-04,day,exercise", "2018-01-04,day,drill"), "kind", "one of agreement, talks, exercise"),
        (("2018-01-04,day,exercise", "2018-01-04,day,"), "kind", "the cell is empty"),
        (("KE-2018-01-09-talks,", "talks,"), "id", "a text that matches"),
        (("KOR USA,exercise,bluehouse", "South Korea,exercise,bluehouse"), "actors", "a text that matches"),
    ],
)
def test_a_wrong_cell_is_named_with_row_column_value_and_expectation(tmp_path, change, column, words):
    path = tmp_path / "korea_events.csv"
    row = next(number for number, line in enumerate(GOOD.splitlines(), start=1) if change[0] in line)
    path.write_text(GOOD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(tables.TableError) as error:
        tables.read(path, tables.describe("korea_events"))
    assert f"korea_events.csv, row {row}, column {column}: expected" in str(error.value)
    assert words in str(error.value)


def test_a_key_that_occurs_twice_is_named(tmp_path):
    path = tmp_path / "korea_events.csv"
    path.write_text(GOOD + GOOD.splitlines()[-1] + "\n", encoding="utf-8")
    with pytest.raises(tables.TableError, match="stands in an earlier row too"):
        tables.read(path, tables.describe("korea_events"))


def test_a_missing_column_and_a_missing_table_are_named(tmp_path):
    path = tmp_path / "korea_events.csv"
    path.write_text(GOOD.replace("date_precision", "precision", 1), encoding="utf-8")
    with pytest.raises(tables.TableError, match="expected the columns"):
        tables.read(path, tables.describe("korea_events"))
    with pytest.raises(KeyError, match="korea_events"):
        tables.load("korea")


def test_the_ministry_s_years_add_up_to_its_sum_for_2010_to_2018():
    """The white paper of 2022 gives only the sums: 264 acts, 27 infiltrations, 237 local provocations."""
    table = tables.load("local_provocations")
    years = table[table["year_start"].between(2010, 2018)]
    counts = ["incidents_count", "infiltrations_count", "local_provocations_count"]
    assert list(years[counts].sum()) == [264, 27, 237]
    assert (table["incidents_count"] == table["infiltrations_count"] + table["local_provocations_count"]).all()


def test_the_description_is_plain_json_with_one_resource_a_table():
    package = json.loads(Path("seeds/datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert all(field.get("description") for field in resource["schema"]["fields"]), resource["name"]
