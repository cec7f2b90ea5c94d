"""What a reader does with the widget of reassurance: predict, see the prediction overturned, try the rest, start again."""

import re
from pathlib import Path

import pytest

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"


@pytest.fixture(scope="module")
def chapter():
    """The page of the book that holds the widget."""
    for path in sorted((HTML / "book").rglob("*.html")):
        if "screening_stake" in path.read_text(encoding="utf-8"):  # a function of the widget's code
            return path.relative_to(HTML).as_posix()
    pytest.fail("no page of the book uses widgets.Reassurance")


@pytest.fixture
def widget(visit, chapter):
    def open_widget(book, **options):
        watched = visit(book + chapter, book, **options)
        found = watched.page.locator(".md-w", has_text="How much trust does a step build?")
        found.wait_for()
        return watched, found

    return open_widget


def heights(found):
    """Return how high the first line stands at each step, in pixels from the top."""
    points = found.locator("polyline").first.get_attribute("points").split()
    return [float(point.split(",")[1]) for point in points]


def said(found):
    return found.locator(".md-say").inner_text()


def drag(slider, value):
    """Drag a slider from its left end until it says `value`: quickly at first, then bit by bit."""
    slider.scroll_into_view_if_needed()
    mouse, box = slider.page.mouse, slider.bounding_box()
    at = [box["x"] + 8, box["y"] + box["height"] / 2]
    mouse.move(*at)
    mouse.down()
    low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
    at[0] += (box["width"] - 16) * max(0, (value - low) / (high - low) - 0.1)
    mouse.move(*at)
    assert float(slider.input_value()) < value
    while float(slider.input_value()) < value - 1e-9:
        at[0] += 3
        assert at[0] < box["x"] + box["width"], f"the slider does not reach {value}"
        mouse.move(*at)
    mouse.up()


@pytest.mark.parametrize(("book", "width"), [("http", 1280), ("file", 390)], indirect=["book"])
def test_ten_small_steps_build_nothing_and_the_reader_sees_it(book, widget, width):
    watched, found = widget(book, viewport={"width": width, "height": 900}, has_touch=width < 500)
    assert not found.locator(".md-plot").is_visible(), "the prediction comes first"
    found.get_by_role("button", name="Show me").click()
    assert not found.locator(".md-plot").is_visible(), "and nothing is shown without one"
    found.get_by_label("About as much as one large step").check()
    found.get_by_role("button", name="Show me").click()
    assert not found.locator("form").is_visible()
    assert found.locator(".md-verdict").inner_text().startswith("Not as you predicted. The line stays flat at 30.")
    order = [found.locator(part).bounding_box()["y"] for part in (".md-controls", ".md-plot", ".md-say")]
    assert order == sorted(order), "the plot stands beside the sliders that move it"
    flat = heights(found)
    assert len(flat) == 11
    assert len(set(flat)) == 1, "ten kept steps, and the line lies flat"
    assert "30 in 100" in said(found)
    assert "tells nothing" in said(found)

    stake = found.get_by_label("At stake")
    drag(stake, 0.7)
    assert heights(found) == flat, "and stays so"
    drag(stake, 0.75)
    assert stake.get_attribute("aria-valuetext") == "75%"
    risen = heights(found)
    assert risen[0] == flat[0]
    assert risen == sorted(risen, reverse=True)
    assert risen[1] < flat[1] - 20, "the first step at this stake lifts the line"
    assert "since step 2" in said(found)

    drag(found.get_by_label("Seen wrongly"), 0.4)
    assert "since step 8" in said(found)
    found.get_by_label("A breaks").select_option("step 5")
    assert found.locator(".md-cross").count() == 1
    beliefs = dict(re.findall(r"([AB])’s belief in [AB]: (\d+) in 100", said(found)))
    assert int(beliefs["B"]) < int(beliefs["A"]) == 75, "only B, who saw the breach, believes less"
    assert "B’s belief in A: 67 in 100, after falling from " in said(found)
    drag(found.get_by_label("Steps"), 4)
    assert "Each one’s belief in the other" in said(found), "before the breach nothing sets them apart"
    assert watched.faults == []


def test_the_keyboard_alone_is_enough(book, widget):
    watched, found = widget(book)
    press = watched.page.keyboard.press
    found.get_by_role("radio").first.focus()
    for _ in range(3):
        press("ArrowDown")
    assert found.get_by_label("None", exact=True).is_checked()
    press("Tab")
    press("Enter")
    assert found.locator(".md-verdict:focus").inner_text().startswith("As you predicted."), (
        "read out, for it has the focus"
    )
    press("Tab")
    assert found.get_by_label("At stake").evaluate("input => input === document.activeElement")
    press("End")
    assert "since step 2" in said(found)
    press("Home")
    assert "tells nothing" in said(found)
    press("Tab")
    press("PageUp")
    press("Tab")
    press("ArrowLeft")
    assert found.get_by_label("Steps").get_attribute("aria-valuetext") == "9"
    press("Tab")
    press("ArrowDown")
    assert "a step kept or broken tells nothing" in said(found)
    press("Tab")
    press("Enter")
    assert found.get_by_role("radio").first.evaluate("input => input === document.activeElement"), (
        "Start again asks again"
    )
    assert not found.get_by_label("None", exact=True).is_checked()
    assert not found.locator(".md-plot").is_visible()
    found.get_by_role("button", name="Skip").click()
    assert found.locator(".md-verdict").inner_text().startswith("What happens.")
    assert [found.get_by_label(name).input_value() for name in ("At stake", "Seen wrongly", "Steps", "A breaks")] == [
        "0.1", "0", "10", "0"
    ]  # fmt: skip
    assert watched.faults == []


def test_without_javascript_a_table_of_the_model_stands_in_its_place(served, visit, chapter):
    page = visit(served + chapter, served, java_script_enabled=False).page
    table = page.locator(".md-alternative", has_text="How much trust does a step build?")
    rows = [row.inner_text().split("\t") for row in table.locator("tbody tr").all()]
    assert ["75%", "0%", "53 in 100", "75 in 100", "99 in 100", "2"] in rows
    assert [row[-1] for row in rows] == ["never", "never", "2", "3", "8", "never"]
