"""A reader answers each kind of question with the keyboard, is told what was wrong and where to read on, and finds it again."""

KOREA = "book/cases/korean-peninsula.html"


def test_a_range_is_judged_and_found_again(book, visit):
    watched = visit(book + KOREA, book)
    page, form = watched.page, watched.page.locator("#q-breaches")
    status, note = form.get_by_role("status"), form.locator(".md-feedback:visible")
    assert form.get_by_text("K3: Compare counts of incidents by their counting rules.").is_visible()
    low, high = form.get_by_label("From"), form.get_by_label("to", exact=True)

    def bet(first, last):
        low.fill(str(first))
        high.fill(str(last))
        high.press("Enter")

    bet(20, 60)
    bet(50, 20)
    assert "lower one first" in status.inner_text()
    assert note.count() == 0, "no note of the answer before"
    bet(20, 60)
    assert status.inner_text() == "Too low."
    assert "The idea behind it: A count changes only when what happens changes." in note.inner_text()
    assert note.get_by_role("link").get_attribute("href") == "#quiet-rules"
    bet(0, 1_000_000)
    assert "too wide" in status.inner_text()
    bet(9000, 9500)
    assert status.inner_text() == "Too high."
    bet(2000, 4000)
    assert "too wide" in status.inner_text(), "2,000 is more than the question allows"
    bet(3000, 4400)
    assert status.inner_text() == "It lies in your range."
    page.reload(wait_until="load")
    assert low.input_value() == "3000"
    assert "Nearly 3,600" in note.inner_text()
    assert watched.faults == []


def test_steps_are_put_in_order_with_the_keyboard(book, visit):
    watched = visit(book + KOREA, book)
    page, form = watched.page, watched.page.locator("#q-order-2018")
    status, note = form.get_by_role("status"), form.locator(".md-feedback:visible")
    check = form.get_by_role("button", name="Check")

    def earlier(words, times):
        button = form.get_by_role("button", name=f"Earlier: {words}")
        button.focus()
        for _ in range(times):
            page.keyboard.press("Enter")
            assert button.evaluate("button => document.activeElement === button"), "a moved step keeps the focus"

    check.click()  # signed, inspected, wargames, effect, test-halt
    assert "Not yet" in status.inner_text()
    assert "The tests stopped because the exercises did" in note.inner_text()
    earlier("Pyongyang declares", 4)
    assert status.inner_text() == "Now 1 of 5."
    check.click()
    assert "The military agreement stopped the exercises" in note.inner_text()
    earlier("Washington announces", 2)
    earlier("The buffer zones", 1)
    check.click()
    assert status.inner_text() == "Right."
    page.reload(wait_until="load")
    assert form.locator("li").first.get_attribute("data-id") == "test-halt"
    assert status.inner_text() == "Right."
    form.get_by_role("button", name="Start again").click()
    assert form.locator("li").first.get_attribute("data-id") == "signed"
    assert note.count() == 0
    assert watched.faults == []


def test_without_javascript_questions_can_be_read_and_their_answers_shown(served, visit):
    page = visit(served + KOREA, served, java_script_enabled=False).page
    form = page.locator("#q-order-2018")
    assert form.locator("li:visible").count() == 5
    assert page.locator("form.md-ask button:visible, .md-feedback:visible").count() == 0
    form.get_by_text("Show the answer").click()
    assert form.get_by_text("In order: Pyongyang declares that it halts nuclear").is_visible()
    assert form.locator(".md-feedback:visible").count() == 1
    choice = page.locator("#q-singapore-halt")
    choice.locator("summary").press("Enter")
    assert choice.locator(".md-feedback:visible").count() == 4
    assert choice.locator(".md-feedback[data-right]").inner_text().startswith("Yes. It was announced on 12 June")


def test_paper_holds_the_answers_and_the_screen_does_not(served, visit):
    page = visit(served + KOREA, served).page
    answers = page.locator(".md-feedback:visible, .md-key:visible")
    assert answers.count() == 0
    page.evaluate(
        "addEventListener('beforeprint', () => { window.printed = [...document.querySelectorAll('.md-feedback')]"
        ".filter(note => note.checkVisibility()).length })"
    )
    page.pdf()
    assert page.evaluate("printed") >= 10
    assert answers.count() == 0


def test_a_cited_work_is_shown_on_hover_on_focus_and_on_a_tap(served, visit):
    page = visit(served + KOREA, served, viewport={"width": 320, "height": 664}, has_touch=True).page
    link = page.locator("article .md-lead a.reference.internal").first
    link.hover()
    tip = page.get_by_role("tooltip")
    tip.wait_for()
    assert "Gamel" in tip.inner_text()
    page.mouse.move(0, 0)
    tip.wait_for(state="hidden")
    page.locator("article .md-lead").evaluate("lead => { lead.tabIndex = -1; lead.focus(); }")
    page.keyboard.press("Tab")
    tip.wait_for()
    page.keyboard.press("Escape")
    assert tip.count() == 0
    box, top = page.get_by_role("dialog", name="Cited work"), page.evaluate("scrollY")
    link.tap()
    assert box.get_by_role("link").first.get_attribute("href").startswith("http")
    page.wait_for_timeout(400)
    assert box.is_visible() and page.evaluate("[scrollY, document.documentElement.scrollWidth]") == [top, 320]
    link.tap()
    assert box.count() == 0
    link.tap()
    page.get_by_role("heading", level=1).tap()
    assert box.count() == 0
    link.tap()
    box.get_by_role("link", name="In the list").tap()
    page.wait_for_function("top => scrollY > top + 5000", arg=top)
    assert box.count() == 0


def test_claims_open_to_their_reason(served, visit):
    page = visit(served + KOREA, served).page
    claim = page.locator("#claim-S12a-4")
    reason = claim.get_by_text("Exercises were held, but by one side against the other")
    assert not reason.is_visible()
    claim.locator("summary").press("Enter")
    assert reason.is_visible()
    assert claim.get_by_role("link").count() >= 2
