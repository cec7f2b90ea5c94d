"""What a reader does with the book, in a real browser, over http and from the file system."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from waiting import LIVE, bring_to_life, settle

from military_diplomacy import widgets

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    str(path.relative_to(ROOT / "_build/html"))
    for path in (ROOT / "_build/html").rglob("*.html")
    if not {"_static", "_sources"} & set(path.parts) and path.relative_to(ROOT / "_build/html") != Path("index.html")
)
KOREA = "book/cases/korean-peninsula.html"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_loads_without_a_failed_request_or_an_error(book, visit, name):
    watched = visit(book + name, book)
    bring_to_life(watched.page)
    assert watched.faults == []


def test_the_address_of_the_book_leads_to_its_front_page(book, visit):
    watched = visit(book + "index.html", book)
    watched.page.wait_for_url("**/book/index.html")
    assert watched.faults == []


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_on_a_phone(served, visit, name, width):
    page = visit(served + name, served, viewport={"width": width, "height": 844}).page
    page.evaluate("document.querySelectorAll('article details').forEach(element => { element.open = true })")
    for wait in (settle, bring_to_life):
        wait(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_chart_answers_to_its_control(book, visit):
    watched = visit(book + KOREA, book)
    page = watched.page
    chart = page.locator(".md-chart").filter(has=page.get_by_label("Northern acts counted as"))
    control = chart.get_by_label("Northern acts counted as")
    assert control.is_visible(), "the control is there before the chart is live"
    assert chart.locator("svg:visible").count() == 1, "and so is a picture"

    bars = "svg => [...svg.querySelectorAll('path[fill=\"var(--md-c1)\"]')].map(bar => bar.getAttribute('d')).join()"
    control.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.wait_for_function(LIVE, arg=chart.element_handle())
    drawn = chart.locator("svg:visible").element_handle()
    agreements = drawn.evaluate(bars)
    assert agreements
    control.select_option("Breaches of the 2018 agreement")
    page.wait_for_function(f"([svg, old]) => !['', old].includes(({bars})(svg))", arg=[drawn, agreements])
    assert watched.faults == []


def test_a_chart_on_a_phone_cuts_no_text_off(served, visit):
    page = visit(served + KOREA, served, viewport={"width": 390, "height": 844}).page
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.md-chart svg')].filter(svg => svg.checkVisibility()).flatMap(svg => {
          const { left, right } = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return text.textContent.includes('…') || box.left < left - 1 || box.right > right + 1;
          }).map(text => text.textContent);
        })"""
    )
    assert cut == []


def test_answers_survive_a_reload(book, visit):
    watched = visit(book + KOREA, book)
    page = watched.page
    form = page.locator("#q-singapore-halt")
    wrong, right = form.get_by_label("On the joint statement signed"), form.get_by_label("On a president’s word")
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == "Choose an answer first."
    wrong.check()
    form.get_by_role("button", name="Check").click()
    assert "Not yet" in form.get_by_role("status").inner_text()
    note = form.locator(".md-feedback:visible")
    assert note.count() == 1
    assert note.get_by_role("link").get_attribute("href") == "#two-levers"
    right.check()
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == "Right."
    page.reload(wait_until="load")
    expect(right).to_be_checked()
    assert form.get_by_role("status").inner_text() == "Right."
    form.get_by_role("button", name="Start again").click()
    page.reload(wait_until="load")
    assert not right.is_checked()
    assert watched.faults == []


def test_a_question_with_several_right_options_says_what_is_missing(served, visit):
    page = visit(served + KOREA, served).page
    form = page.locator("#q-end-of-2023")
    form.get_by_label("Pyongyang had declared").check()
    form.get_by_role("button", name="Check").click()
    assert "at least one more" in form.get_by_role("status").inner_text()
    form.get_by_label("Seoul had suspended the clause").check()
    form.get_by_role("button", name="Check").click()
    assert form.get_by_role("status").inner_text() == "Right."


def test_without_javascript_tables_stand_in_place(book, visit):
    page = visit(book + KOREA, book, java_script_enabled=False).page
    rows = page.locator(".md-alternative tbody tr")
    assert rows.count() >= 60
    assert rows.first.is_visible()
    assert page.locator(".md-chart svg:visible").count() == page.locator(".md-figure").count() == 2
    assert page.locator(".md-figure details tbody tr").count() >= 8


@pytest.mark.parametrize(
    "whole, broken",
    [
        ("export default", "throw new Error('broken on purpose'); export default"),
        ('widget-state+json">{', 'widget-state+json">{{'),
    ],
    ids=["code", "state"],
)
def test_a_widget_that_fails_says_so_and_leaves_its_table(served, browser, whole, broken):
    context = browser.new_context()
    page = context.new_page()

    def break_widget(route):
        body = route.fetch().text()
        assert whole in body
        route.fulfill(body=body.replace(whole, broken), content_type="text/html")

    page.route("**/korean-peninsula.html", break_widget)
    page.goto(served + KOREA)
    failed = page.locator(".md-failed").first
    failed.wait_for()
    assert "could not start" in failed.inner_text()
    page.wait_for_function("document.querySelectorAll('.md-failed').length === 2")
    assert page.locator(".md-alternative tbody tr").first.is_visible()
    context.close()


@pytest.mark.parametrize("name", widgets.__all__)
def test_a_widget_reads_no_trait_that_python_does_not_declare(name):
    widget = getattr(widgets, name)
    read = set(re.findall(r'\b(?:model|state)\.(?:get|set)\("(\w+)"', widget._esm))
    assert read
    assert read <= set(widget.class_traits(sync=True))
    page = (ROOT / "_build/html" / KOREA).read_text(encoding="utf-8")
    state = json.loads(re.search(r'widget-state\+json">(.*?)</script>', page, re.DOTALL)[1])["state"]
    assert any(read <= set(model["state"]) for model in state.values())


def test_the_loader_is_small():
    import rjsmin

    small = rjsmin.jsmin((ROOT / "book/assets/loader.js").read_text(encoding="utf-8"))
    assert len(small.encode()) < 8 * 1024
