"""A reader's place and progress: kept in the browser, shown in the sidebar and on the front page, taken along as a file."""

import json

from tools.notebooks import chapters

FRONT, KOREA = "book/index.html", "book/cases/korean-peninsula.html"


def read_some(page, address):
    page.goto(address + KOREA, wait_until="load")
    page.locator("#when-did-it-end").evaluate("element => element.scrollIntoView({ behavior: 'instant' })")
    page.wait_for_timeout(100)


def test_the_card_leads_on_and_the_sidebar_marks_what_was_read(book, visit):
    watched = visit(book + FRONT, book, viewport={"width": 1280, "height": 844})
    page = watched.page
    card, side = page.locator(".md-continue"), page.locator(".bd-links")
    assert card.get_by_role("heading").inner_text() == "Begin with The Korean Peninsula"
    assert "0 of 1 chapter read" in side.inner_text()
    assert page.evaluate("mdChapters") == [path.with_suffix(".html").as_posix() for path in chapters()]
    read_some(page, book)
    assert side.locator("li[data-read=some]").count() == 1
    page.goto(book + FRONT, wait_until="load")
    assert card.get_by_role("heading").inner_text() == "The Korean Peninsula"
    assert "When did it end?" in card.inner_text()
    card.get_by_role("link", name="Continue reading").click()
    page.wait_for_url("**/korean-peninsula.html#when-did-it-end")
    page.clock.install()
    page.reload(wait_until="load")
    page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    page.wait_for_timeout(200)
    page.clock.run_for(60_000)
    assert side.locator("li[data-read=some]").count() == 1, "who jumps to the end has not read it"
    for section in page.locator("article section[id]:has(> h2)").all():
        section.evaluate("section => section.scrollIntoView({ behavior: 'instant' })")
        page.wait_for_timeout(50)
        page.clock.run_for(1000)
    side.locator("li[data-read=all]").wait_for(state="attached")
    page.goto(book + FRONT, wait_until="load")
    assert "1 of 1 chapter read" in card.inner_text()
    assert watched.faults == []


def test_progress_goes_to_another_browser_as_a_file(served, visit, tmp_path):
    page = visit(served + FRONT, served).page
    read_some(page, served)
    page.locator("#q-singapore-halt").get_by_label("On a president’s word").check()
    page.locator("#q-singapore-halt").get_by_role("button", name="Check").click()
    page.goto(served + FRONT, wait_until="load")
    page.get_by_text("Your progress", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert set(json.loads(saved.read_text())) == {"military-diplomacy:answers", "military-diplomacy:progress"}
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("heading", name="Begin with The Korean Peninsula").wait_for()
    page.get_by_role("status").get_by_text("Erased. This browser holds nothing of the course any more.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Your progress"

    other = visit(served + FRONT, served).page
    other.get_by_text("Your progress", exact=True).click()
    foreign = tmp_path / "foreign.json"
    foreign.write_text('{"name": "another course"}')
    other.get_by_label("Open a file").set_input_files(foreign)
    other.get_by_text("foreign.json is no progress of this course").wait_for()
    assert "Nothing was changed" in other.locator(".md-progress").inner_text()
    other.get_by_label("Open a file").set_input_files(saved)
    other.get_by_role("heading", name="The Korean Peninsula", exact=True).wait_for()
    other.get_by_role("status").get_by_text("Opened saved.json.").wait_for()
    other.goto(served + KOREA, wait_until="load")
    assert other.locator("#q-singapore-halt").get_by_role("status").inner_text() == "Right."


def test_a_browser_that_keeps_nothing_says_so(served, browser):
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off'); } })"
    )
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(served + FRONT, wait_until="load")
    assert "does not keep your place" in page.locator(".md-continue").inner_text()
    assert not page.locator(".md-progress").is_visible()
    page.goto(served + KOREA, wait_until="load")
    form = page.locator("#q-singapore-halt")
    form.get_by_label("On the joint statement").check()
    form.get_by_role("button", name="Check").click()
    assert "does not keep answers" in form.get_by_role("status").inner_text()
    context.close()
    assert [error for error in errors if "off" not in error] == []
