"""The review in a browser: by mouse, by keyboard, two stewards at once, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import review_hub
from playwright.sync_api import Locator, Page, expect
from workbench import Workbench, add_people, served

from cdm.pipeline.hub import open_hub

Open = Callable[..., Page]
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """A workbench over a hub with a queue; every test leaves the queue as it found it."""
    folder: Path = tmp_path_factory.mktemp("review")
    file = review_hub.make(folder)
    with open_hub(str(file)) as hub:
        add_people(hub)
    with served(f"sqlite:///{file}", folder / "server.log") as one:
        yield one


def shown(page: Page) -> int:
    """The case on the screen."""
    return int(page.locator("h1[data-case]").get_attribute("data-case") or 0)


def is_shown(page: Page, case: int) -> None:
    expect(page.locator("h1[data-case]")).to_have_attribute("data-case", str(case))
    ready(page)


def ready(page: Page) -> None:
    """Wait until keys that decide count."""
    expect(page.locator("body")).to_have_attribute("data-ready", re.compile(r"\d+"))


def is_not_shown(page: Page, case: int) -> None:
    expect(page.locator("h1[data-case]")).not_to_have_attribute("data-case", str(case))
    ready(page)


def act(page: Page, key: str) -> Locator:
    return page.locator(f".rv-actions [data-key='{key}']")


def first_case(opened: Open, who: str = "li", query: str = "", **look: str) -> Page:
    """Open the queue and begin with its first case."""
    page = opened(who, f"/review{query}", **look)
    page.locator("[data-start]").click()
    expect(page.locator(".rv-table tbody tr").first).to_be_visible()
    ready(page)
    return page


def test_a_case_is_merged_and_taken_back_by_mouse(opened: Open) -> None:
    page = first_case(opened)
    case = shown(page)
    left = page.locator("[data-left]").inner_text()
    name = page.locator(".rv-table th.result .rv-ref").inner_text()
    assert name in ("1", "2", "3", "4", "5", "6", "7", "8")
    assert page.locator(".rv-table tr.differs mark").count() > 0
    act(page, "m").click()
    is_not_shown(page, case)
    expect(page.locator("[data-mine]")).to_contain_text("1 done")
    expect(page.locator("[data-left]")).not_to_have_text(left)
    page.locator("[data-again]").click()
    is_shown(page, case)
    expect(page.locator("[data-mine]")).to_contain_text("0 done")
    expect(page.locator("[data-left]")).to_have_text(left)


def test_a_case_is_kept_apart_and_taken_back_by_keyboard(opened: Open) -> None:
    page = first_case(opened)
    case = shown(page)
    page.keyboard.press("n")
    is_not_shown(page, case)
    second = shown(page)
    page.keyboard.press("j")
    is_not_shown(page, second)
    page.keyboard.press("k")
    is_shown(page, second)
    page.keyboard.press("u")
    is_shown(page, case)
    expect(page.locator("[data-mine]")).to_contain_text("0 done")


def test_a_key_pressed_twice_decides_once(opened: Open) -> None:
    page = first_case(opened)
    case = shown(page)
    for _ in range(4):
        page.keyboard.press("n")
    is_not_shown(page, case)
    expect(page.locator("[data-mine]")).to_contain_text("1 done")
    page.keyboard.press("u")
    is_shown(page, case)
    expect(page.locator("[data-mine]")).to_contain_text("0 done")


def test_customers_are_left_out_of_a_merge(opened: Open) -> None:
    page = first_case(opened)
    columns = page.locator(".rv-table th[data-column]")
    count = columns.count()
    page.keyboard.press("1")
    expect(columns.first).to_have_class(re.compile("out"))
    if count == 2:
        expect(act(page, "m")).to_be_disabled()
    else:
        expect(act(page, "m")).to_contain_text(str(count - 1))
    columns.first.locator(".rv-number").click()
    expect(columns.first).not_to_have_class(re.compile("out"))
    expect(act(page, "m")).to_be_enabled()


def test_keys_do_nothing_while_somebody_types_or_a_dialog_is_open(opened: Open) -> None:
    page = first_case(opened)
    case = shown(page)
    page.locator(".rv-note").click()
    page.keyboard.type("nmu")
    expect(page.locator(".rv-note")).to_have_value("nmu")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("[data-help]")).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    expect(page.locator("[data-help]")).to_have_count(0)
    is_shown(page, case)
    expect(page.locator("[data-mine]")).to_contain_text("0 done")


def test_a_case_is_put_off_with_a_note(opened: Open) -> None:
    page = first_case(opened)
    case = shown(page)
    page.keyboard.press("d")
    dialog = page.locator(".q-dialog .dialog")
    dialog.locator("input[type=date]").fill("2020-01-01")
    dialog.locator("[data-act]").click()
    expect(dialog.locator(".note.error")).to_contain_text("day to come")
    dialog.locator("input[type=date]").fill("2099-12-31")
    dialog.locator("textarea").fill("called, waiting")
    dialog.locator("[data-act]").click()
    is_not_shown(page, case)
    page.goto(f"{page.url.split('/review')[0]}/review?state=deferred")
    line = page.locator(f"tr[data-case='{case}']")
    expect(line).to_contain_text("called, waiting")
    line.locator("a").click()
    is_shown(page, case)
    expect(page.locator(".rv-screen .note.info")).to_contain_text("2099-12-31")
    page.keyboard.press("u")
    expect(page.locator(".rv-screen .note.info")).to_have_count(0)
    is_shown(page, case)


def test_the_slower_of_two_stewards_sees_who_was_quicker(opened: Open) -> None:
    li = first_case(opened, "li")
    case = shown(li)
    wang = opened("wang", f"/review/{case}")
    is_shown(wang, case)
    wang.locator(".rv-note").fill("different phones")
    wang.locator("h1").click()
    wang.keyboard.press("n")
    is_not_shown(wang, case)
    li.keyboard.press("m")
    dialog = li.locator("[data-conflict]")
    expect(dialog).to_contain_text("wang")
    expect(dialog).to_contain_text("decided that they are different customers")
    expect(dialog).to_contain_text("different phones")
    expect(dialog).to_contain_text("Merge")
    dialog.locator("[data-now]").click()
    is_not_shown(li, case)
    expect(li.locator("[data-mine]")).to_contain_text("0 done")
    wang.keyboard.press("u")
    is_shown(wang, case)


def test_chinese_dark_raw_values_and_reasons(opened: Open) -> None:
    page = first_case(opened, language="zh-CN", theme="dark")
    expect(act(page, "m")).to_contain_text("合并")
    expect(page.locator(".rv-sentences li").first).to_contain_text("概率")
    expect(page.locator(".rv-fall .total")).to_contain_text("合计")
    assert page.locator(".rv-fall svg.fall").count() >= 3
    assert page.locator(".rv-table .raw").count() == 0
    page.keyboard.press("r")
    expect(page.locator(".rv-table .raw").first).to_be_visible()
    rows = page.locator(".rv-table tbody tr")
    whole = rows.count()
    page.locator("[data-check='differing']").check()
    expect(page.locator(".rv-table tbody tr.same")).to_have_count(0)
    page.locator("[data-check='differing']").uncheck()
    expect(rows).to_have_count(whole)
    page.locator("[data-check='parts']").check()
    expect(rows).not_to_have_count(whole)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_queue_is_narrowed(opened: Open) -> None:
    page = opened("li", "/review")
    lines = page.locator("tr[data-case]")
    expect(lines.first).to_be_visible()
    whole = lines.count()
    page.locator("select[name=entity]").select_option("organization")
    page.wait_for_url(re.compile("entity=organization"))
    expect(page.locator("tr[data-case]").first).to_contain_text("Organization")
    assert 0 < page.locator("tr[data-case]").count() < whole
    page.locator("select[name=days]").select_option("month")
    page.wait_for_url(re.compile("days=month"))
    page.get_by_role("link", name="Clear filters").first.click()
    expect(lines).to_have_count(whole)


def test_who_may_not_review_is_told_so(opened: Open) -> None:
    page = opened("zhao", "/review")
    expect(page.locator("main [role=alert]")).to_contain_text("no right to review")
    assert page.locator("nav a[href='/review']").count() == 0


def test_the_navigation_counts_what_is_left(opened: Open) -> None:
    page = first_case(opened)
    case = shown(page)
    page.keyboard.press("n")
    is_not_shown(page, case)
    left = page.locator("[data-left]").inner_text().split()[0]
    expect(page.locator("nav a[href='/review'] .count")).to_have_text(left)
    page.keyboard.press("u")
    is_shown(page, case)
    expect(page.locator("nav a[href='/review'] .count")).not_to_have_text(left)
