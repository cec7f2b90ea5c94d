"""What a reader does with the timeline: predict, filter, zoom, walk, read, download; by mouse, by touch, by keyboard."""

import csv
import io
import re

import pandas as pd
import pytest
import traitlets
from test_light_pages import ONLY_COLOUR, faults_of_accessibility
from waiting import settle

from military_diplomacy import tables
from military_diplomacy.widgets import Timeline

KOREA = "book/cases/korean-peninsula.html"
CUT = "9 June 2020: North cuts all lines"


@pytest.fixture
def opened(visit):
    """Open the chapter's timeline, the prediction skipped."""

    def open_timeline(book, skip=True, **options):
        watched = visit(book + KOREA, book, **options)
        timeline = watched.page.locator(".md-w:has(.md-timeline)")
        timeline.wait_for()
        if skip:
            timeline.get_by_role("button", name="Skip").click()
        return watched, timeline

    return open_timeline


def said(timeline):
    return timeline.locator(".md-say").inner_text()


def span(timeline):
    return re.search(r"shown, (\w+ \d{4}) to (\w+ \d{4})", said(timeline)).groups()


def ticks(timeline):
    return timeline.locator(".md-axis span").all_inner_texts()


def test_a_reader_predicts_exercises_and_finds_other_reasons(book, opened):
    watched, timeline = opened(book, skip=False)
    assert not timeline.locator(".md-timeline").is_visible(), "the prediction comes first"
    timeline.get_by_label("Most").check()
    timeline.get_by_role("button", name="Show me").click()
    assert (
        timeline.locator(".md-verdict")
        .inner_text()
        .startswith("Not as you predicted. Two: talks called off on 16 May 2018")
    )
    for lane in (
        "Agreements and measures",
        "Talks and channels",
        "Exercises held or halted",
        "Missile and satellite tests",
        "Incidents",
    ):
        timeline.get_by_role("button", name=lane).click()
    assert said(timeline).startswith("13 of 73 events shown")
    timeline.get_by_role("button", name="Later event").click()
    assert "because of the Max Thunder air exercise" in said(timeline)
    timeline.get_by_role("button", name="Later event").click()
    assert "citing leaflets that activists in the South send" in said(timeline)

    timeline.get_by_label("Who is involved").select_option("UN Command")
    timeline.get_by_role("button", name="Closer").click()
    timeline.get_by_role("button", name="Start again").click()
    assert not timeline.locator(".md-timeline").is_visible(), "Start again asks again"
    timeline.get_by_role("button", name="Skip").click()
    assert said(timeline).startswith("73 of 73 events shown, January 2018 to December 2024.")
    assert watched.faults == []


def test_the_prediction_says_what_the_table_says():
    events = tables.load("korea_events").set_index("id")
    cuts = events[events["date"].between("2018-01-01", "2024-12-31") & (events["kind"] == "withdrawal")]
    assert len(cuts) == 13
    assert list(cuts.index[cuts["summary"].str.contains("exercise|drill", case=False)]) == [
        "KE-2018-05-16-maxthunder",
        "KE-2021-08-10-lines",
        "KE-2023-04-07-lines",  # "Seoul names no cause and points to the drills"
        "KE-2024-01-08-bufferzones",  # its own drills, to be resumed after the shelling
        "KE-2024-06-04-full",  # the same, after the balloons
    ]
    assert "points to the drills" in cuts.loc["KE-2023-04-07-lines", "summary"]
    lines = cuts[cuts.index.str.endswith("-lines")]
    assert list(lines.index[lines["actors"].str.contains("USA")]) == ["KE-2021-08-10-lines"]


def test_the_timeline_shows_what_one_actor_is_involved_in(served, opened):
    watched, timeline = opened(served)
    who = timeline.get_by_label("Who is involved")
    assert who.locator("option").all_inner_texts() == [
        "anyone", "North Korea", "South Korea", "United States", "UN Command", "Japan", "Russia"
    ]  # fmt: skip
    who.select_option("UN Command")
    assert 0 < timeline.locator(".md-mark").count() < 10
    timeline.locator(".md-mark").first.click()
    assert "UN Command" in said(timeline).split("\n")[0]
    timeline.get_by_label("From", exact=True).select_option("2021")
    timeline.get_by_label("to", exact=True).select_option("2021")
    assert said(timeline).startswith("0 of 73 events shown, January 2021 to December 2021. Switch a kind on")
    assert timeline.get_by_role("button", name="Download").get_attribute("aria-disabled") == "true"
    timeline.get_by_role("button", name="Show all").click()
    assert who.input_value() == ""
    assert timeline.locator(".md-mark").count() == 73
    assert watched.faults == []


def test_the_timeline_comes_closer_down_to_months_and_moves_on(served, opened):
    watched, timeline = opened(served)
    assert ticks(timeline)[0] == "2018"
    wider, closer = (timeline.get_by_role("button", name=name) for name in ("Wider", "Closer"))
    assert wider.get_attribute("aria-disabled") == "true"
    timeline.get_by_role("button", name=CUT).click()
    for _ in range(4):
        closer.click()
    assert span(timeline) == ("March 2020", "August 2020")
    assert ticks(timeline) == ["Mar 2020", "Apr", "May", "Jun", "Jul", "Aug"]
    assert re.search(r"^Event 2 of the 3 shown", said(timeline), re.MULTILINE), "the event chosen stays"
    timeline.get_by_role("button", name="Ahead").click()
    assert span(timeline) == ("June 2020", "November 2020")
    timeline.get_by_role("button", name="Back").click()
    timeline.get_by_role("button", name="Back").click()
    assert span(timeline) == ("December 2019", "May 2020")
    closer.focus()
    for _ in range(9):
        watched.page.keyboard.press("Enter")
    assert closer.get_attribute("aria-disabled") == "true"
    assert len(ticks(timeline)) == 2, "two months and no less"
    wider.focus()
    for _ in range(9):
        watched.page.keyboard.press("Enter")
    assert span(timeline) == ("January 2018", "December 2024")
    timeline.get_by_role("button", name="Ahead").press("Enter")
    assert span(timeline) == ("January 2018", "December 2024"), "no further than the events go"
    assert watched.faults == []


def test_plus_and_minus_zoom_around_the_mark_in_focus(served, opened):
    _, timeline = opened(served)
    press = timeline.page.keyboard.press
    timeline.locator(".md-mark[tabindex='0']").focus()
    press("End")
    for _ in range(3):
        press("+")
    assert span(timeline) == ("February 2024", "December 2024")
    assert timeline.locator(".md-mark:focus").get_attribute("aria-label").startswith("4 December 2024")
    press("ArrowLeft")
    press("-")
    assert timeline.locator(".md-mark:focus").get_attribute("aria-label").startswith("13 November 2024")
    assert span(timeline) == ("March 2023", "December 2024")
    press("Control+-")
    assert span(timeline) == ("March 2023", "December 2024"), "the browser's own zoom is left alone"


def test_a_reader_downloads_what_is_shown_and_opens_it_as_a_table(book, opened):
    watched, timeline = opened(book)
    timeline.get_by_label("Who is involved").select_option("United States")
    timeline.get_by_label("to", exact=True).select_option("2018")
    shown = timeline.locator(".md-mark").count()
    with watched.page.expect_download() as download:
        timeline.get_by_role("button", name=f"Download what is shown ({shown}, CSV)").click()
    assert download.value.suggested_filename == "events-2018-01-01-to-2018-12-31.csv"
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    assert len(rows) == shown
    events = tables.load("korea_events").set_index("id")
    expected = events[events["date"].dt.year.eq(2018) & events["actors"].str.contains("USA")]
    assert {row["id"] for row in rows} == set(expected.index)
    row = next(row for row in rows if row["id"] == "KE-2018-06-12-wargames")
    event = events.loc[row["id"]]
    assert row["title"] == event["title"] == 'Trump announces halt of "war games"'
    assert (row["date"], row["kind"], row["summary"]) == ("2018-06-12", event["kind"], event["summary"])
    assert row["actors"] == "United States; South Korea; North Korea"
    assert row["as_of"] == f"{event['as_of']:%Y-%m-%d}"
    assert re.fullmatch(r"[^<;]+ <https?://[^>]+>; [^<;]+ <https://[^>]+>", row["sources"])
    assert watched.faults == []


def test_the_timeline_in_use_breaks_no_rule_and_fits_a_small_phone(served, opened):
    watched, timeline = opened(served, viewport={"width": 320, "height": 700}, color_scheme="light")
    timeline.get_by_role("button", name=CUT).click()
    for _ in range(3):
        timeline.get_by_role("button", name="Closer").click()
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert faults_of_accessibility(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    settle(page)
    assert faults_of_accessibility(page, ONLY_COLOUR) == [], "in the dark scheme"


def events(**changes):
    row = {"id": "A", "date": pd.Timestamp("1994-06-01"), "date_precision": "month", "kind": "talks", "title": "A visit",
           "summary": "Two meet.", "actors": "PRK", "source": "acda1994factsheet", "as_of": pd.Timestamp("1994-10-21")}  # fmt: skip
    return pd.DataFrame([row | changes])


def test_a_timeline_says_what_does_not_fit():
    kinds, names = {"talks": "Talks"}, {"PRK": "North Korea"}
    timeline = Timeline(events(), kinds, names)
    assert (timeline.events[0]["date"], timeline.events[0]["when"]) == ("1994-06", "June 1994"), "no day is made up"
    assert timeline.span == ["1994-01-01", "1994-12-31"]
    for wrong in (["1994", "1995"], ["1995-01-01", "1994-01-01"], ["1994-01-01"]):
        with pytest.raises(traitlets.TraitError, match="span: expected"):
            timeline.span = wrong
    with pytest.raises(ValueError, match=r"without a name: \['KOR'\]"):
        Timeline(events(actors="PRK KOR"), kinds, names)
    with pytest.raises(ValueError, match=r"lacks \['as_of'\]"):
        Timeline(events().drop(columns="as_of"), kinds, names)


def test_the_timeline_filters_by_mouse(served, opened):
    watched, timeline = opened(served)
    everything = timeline.locator(".md-mark").count()
    chip = timeline.get_by_role("button", name="Agreements and measures")
    chip.click()
    assert chip.get_attribute("aria-pressed") == "false"
    fewer = timeline.locator(".md-mark").count()
    assert 0 < fewer < everything
    assert timeline.locator(".md-say").inner_text().startswith(f"{fewer} of {everything} events shown")
    timeline.get_by_label("From", exact=True).select_option("2023")
    assert timeline.locator(".md-mark").count() < fewer
    timeline.get_by_role("button", name="Show all").click()
    assert timeline.locator(".md-mark").count() == everything
    assert watched.faults == []


def test_the_timeline_reads_out_the_event_that_is_clicked(served, opened):
    _, timeline = opened(served)
    timeline.get_by_role("button", name="19 September 2018: Comprehensive Military Agreement signed").click()
    said = timeline.locator(".md-say")
    assert said.get_attribute("aria-live") == "polite"
    assert "19 September 2018" in said.inner_text()
    assert "Comprehensive Military Agreement signed" in said.inner_text()
    assert said.get_by_role("link").first.get_attribute("href").startswith("https://")


def test_the_timeline_is_walked_through_with_the_keyboard(served, opened):
    _, timeline = opened(served)
    page = timeline.page
    only = timeline.locator(".md-mark[tabindex='0']")
    assert only.count() == 1, "one tab stop among the marks"
    only.focus()
    page.keyboard.press("End")
    last = timeline.locator(".md-say strong").first.inner_text()
    page.keyboard.press("ArrowLeft")
    before = timeline.locator(".md-say strong").first.inner_text()
    assert last != before
    assert timeline.locator(".md-mark:focus").get_attribute("aria-label").startswith(before)
    page.keyboard.press("Home")
    assert "2018" in timeline.locator(".md-say strong").first.inner_text()
    later = timeline.get_by_role("button", name="Later event")
    later.focus()
    for _ in range(timeline.locator(".md-mark").count() + 1):
        page.keyboard.press("Enter")
    assert later.evaluate("button => document.activeElement === button"), "the end of the walk keeps the focus"
    timeline.get_by_role("button", name="Talks and channels").focus()
    page.keyboard.press("Space")
    assert timeline.get_by_role("button", name="Talks and channels").get_attribute("aria-pressed") == "false"


def test_events_on_a_phone_are_reached_with_the_step_buttons(served, opened):
    _, timeline = opened(served, viewport={"width": 390, "height": 844}, has_touch=True)
    timeline.get_by_role("button", name="Later event").tap()
    first = timeline.locator(".md-say").inner_text()
    timeline.get_by_role("button", name="Later event").tap()
    assert timeline.locator(".md-say").inner_text() != first
    assert " 2 of " in timeline.locator(".md-say").inner_text().replace("\n", " ")


def test_on_a_phone_the_read_out_is_in_view_wherever_a_mark_is_touched(served, opened):
    _, timeline = opened(served, viewport={"width": 390, "height": 844}, has_touch=True)
    for mark in (timeline.locator(".md-mark").first, timeline.locator(".md-mark").last):
        mark.evaluate("mark => mark.scrollIntoView({ block: 'center' })")
        mark.tap()
        box = timeline.locator(".md-say").bounding_box()
        assert 0 <= box["y"] <= 844 - 100, box
        assert mark.get_attribute("aria-label").split(":")[0] in timeline.locator(".md-say").inner_text()
