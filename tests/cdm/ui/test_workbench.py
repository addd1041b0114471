"""The workbench in a browser: signing in and out, language, light and dark, navigation, finding a customer."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from workbench import Workbench, sign_in


def test_nobody_gets_in_without_a_password(opened, workbench: Workbench):
    page = opened(path="/customers?entity=person")
    expect(page).to_have_url(re.compile(r"/sign-in\?then="))
    page.locator("input[name=name]").fill("li")
    page.locator("input[name=password]").fill("not the password")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    page.locator("input[name=name]").fill("nobody")
    page.locator("input[name=password]").fill("not the password")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    page.goto(f"{workbench.url}/runs")
    expect(page).to_have_url(re.compile(r"/sign-in\?then="))


def test_a_one_time_password_is_replaced_at_the_first_sign_in(opened, workbench: Workbench):
    from cdm.pipeline.hub import open_hub, utc_now
    from cdm.security import Role
    from cdm.security.users import Users

    with open_hub(workbench.hub) as hub:
        once = Users(hub.store, utc_now).add("newcomer", Role.STEWARD, "tests")
    page = opened(path="/sign-in")
    sign_in(page, "newcomer", once)
    expect(page).to_have_url(f"{workbench.url}/password")
    page.goto(f"{workbench.url}/customers")
    expect(page).to_have_url(f"{workbench.url}/password")
    expect(page.get_by_text("A one-time password works once.")).to_be_visible()
    change_password(page, once, "short", "short")
    expect(page).to_have_url(f"{workbench.url}/password")  # the browser itself refuses so short a one
    change_password(page, once, "nine green boats", "nine green goats")
    expect(page.get_by_role("alert")).to_have_text("The two new passwords differ.")
    change_password(page, once, "nine green boats", "nine green boats")
    expect(page.get_by_role("alert")).to_have_text("Your password was changed.")
    page.get_by_role("link", name="Back to the dashboard").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def change_password(page: Page, old: str, new: str, again: str) -> None:
    for name, typed in {"old": old, "new": new, "again": again}.items():
        page.locator(f"input[name={name}]").fill(typed)
    page.locator("button[type=submit]").click()


def test_signing_out_ends_every_open_page(opened, workbench: Workbench):
    page = opened("li", "/customers")
    other = page.context.new_page()
    other.goto(f"{workbench.url}/")
    other.get_by_role("button", name="User menu").click()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("alert")).to_have_text("You have signed out.")
    page.locator("main input[name=q]").fill("wang")
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_role("alert")).to_contain_text("session has ended")


def test_language_and_theme_are_switched_and_kept(opened, workbench: Workbench):
    page = opened("li")
    root = page.locator("html")
    expect(root).to_have_attribute("lang", "en-US")
    expect(root).to_have_attribute("data-theme", "light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    expect(root).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    expect(root).to_have_attribute("lang", "zh-CN")
    page.get_by_role("link", name="客户", exact=True).click()
    expect(page.get_by_role("heading", name="客户", exact=True)).to_be_visible()
    expect(root).to_have_attribute("data-theme", "dark")


def test_a_browser_that_prefers_chinese_and_dark_gets_both(opened):
    page = opened(path="/sign-in", language="zh-CN", theme="dark")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_dashboard_tells_what_the_hub_holds(opened, workbench: Workbench):
    from cdm.pipeline.hub import open_hub

    with open_hub(workbench.hub) as hub:
        golden = sum(live for live, _ in hub.store.golden.count().values())
        waiting = sum(hub.store.candidates.count().values())
    page = opened("li")
    expect(page.locator("[data-tile=golden] .figure")).to_have_text(f"{golden:,}")
    expect(page.locator("[data-tile=waiting] .figure")).to_have_text(f"{waiting:,}")
    scores = page.get_by_role("region", name="Scores by source and dimension")
    for subject in ("Golden records", "erp", "sales", "shop"):
        expect(scores.get_by_role("row").filter(has_text=subject)).to_be_visible()
    expect(page.get_by_text("Match and merge").first).to_be_visible()


def test_a_viewer_is_shown_no_more_than_a_viewer_may_see(opened):
    page = opened("zhao", "/customers")
    names = page.get_by_role("navigation", name="Main navigation")
    expect(names.get_by_role("link", name="Customers")).to_be_visible()
    expect(names.get_by_role("link", name="Review")).to_have_count(0)
    expect(page.locator("tbody tr").first).to_be_visible()
    assert not re.search(r"\+861\d{10}", page.locator("tbody").inner_text())
    page.locator("tbody tr a").first.click()
    expect(page.get_by_text("Golden values")).to_be_visible()
    expect(page.locator("[data-step=edit]")).to_have_count(0)


def test_pages_work_by_keyboard_alone(opened):
    page = opened("li")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_an_address_that_leads_nowhere_says_so(opened, workbench: Workbench):
    page = opened("li", "/customers/00000000-0000-7000-8000-000000000000")
    expect(page.get_by_role("alert")).to_contain_text("Not found")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_the_sign_in_leads_nowhere_else(opened, workbench: Workbench):
    page = opened(path="/sign-in?then=//elsewhere.example/")
    sign_in(page, "li")
    expect(page).to_have_url(f"{workbench.url}/")
