"""Users and tokens, as an administrator manages them in a browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from workbench import Workbench, sign_in

from cdm.pipeline.hub import open_hub, utc_now
from cdm.security import Scope
from cdm.security.tokens import Tokens

Open = Callable[..., Page]


def dialog(page: Page) -> Locator:
    return page.locator(".q-dialog .dialog")


def told_once(page: Page) -> str:
    """Read the secret that is shown, and close it."""
    secret = page.locator("[data-secret] output").inner_text()
    page.locator("[data-close]").click()
    expect(page.locator("[data-secret]")).to_have_count(0)
    return secret


def test_a_user_is_added_signs_in_is_changed_and_deactivated(opened: Open, workbench: Workbench) -> None:
    page = opened("wang", "/access")
    page.locator("[data-add=user]").click()
    dialog(page).locator("input").fill("wang")
    dialog(page).locator("[data-act]").click()
    expect(dialog(page).locator(".note.error")).to_contain_text("There is a user 'wang' already.")
    dialog(page).locator("input").fill("Chen.Jing")
    dialog(page).locator("select").select_option("steward")
    dialog(page).locator("[data-act]").click()
    password = told_once(page)
    row = page.locator("tr[data-user='chen.jing']")
    expect(row).to_contain_text("Steward")
    expect(row).to_contain_text("One-time password")

    new = opened(path="/sign-in")
    sign_in(new, "chen.jing", password)
    new.wait_for_url("**/password")

    row.locator("[data-step=change]").click()
    dialog(page).locator("select").select_option("viewer")
    dialog(page).locator("[data-act]").click()
    expect(row).to_contain_text("Viewer")
    row.locator("[data-step=reset]").click()
    dialog(page).locator("[data-act]").click()
    assert told_once(page) != password
    row.locator("[data-step=remove]").click()
    dialog(page).locator("[data-act]").click()
    expect(row).to_contain_text("Deactivated")
    expect(row.locator("[data-step]")).to_have_count(0)
    new.goto(f"{workbench.url}/")
    new.wait_for_url("**/sign-in?**")


def test_the_only_administrator_stays_one(opened: Open) -> None:
    page = opened("wang", "/access", language="zh-CN", theme="dark")
    page.locator("tr[data-user=wang] [data-step=remove]").click()
    dialog(page).locator("[data-act]").click()
    expect(dialog(page).locator(".note.error")).to_contain_text("“wang”是唯一的系统管理员")


def test_a_token_is_created_used_and_revoked(opened: Open, workbench: Workbench) -> None:
    page = opened("wang", "/access")
    page.locator("[data-add=token]").click()
    dialog(page).locator("input[type=text]").fill("webshop")
    dialog(page).locator("[data-act]").click()
    expect(dialog(page).locator(".note.error")).to_contain_text("may do nothing")
    dialog(page).locator("[data-scope=read]").click()
    dialog(page).locator("[data-act]").click()
    secret = told_once(page)
    row = page.locator("tr[data-token]", has_text="webshop")
    expect(row).to_contain_text("Read customers and runs")
    expect(row).to_contain_text("never", ignore_case=True)
    with open_hub(workbench.hub) as hub:
        assert Tokens(hub.store, utc_now).principal(secret).scopes == {Scope.READ}
    row.locator("[data-step=revoke]").click()
    dialog(page).locator("[data-act]").click()
    expect(row).to_contain_text("Revoked")
    expect(row).not_to_contain_text("never", ignore_case=True)  # it was used meanwhile
    expect(row.locator("[data-step]")).to_have_count(0)


def test_only_administrators_manage_users(opened: Open) -> None:
    page = opened("li", "/access")
    expect(page.locator("main [role=alert]").first).to_contain_text("no right to manage")
    assert page.locator("nav a[href='/access']").count() == 0
    assert page.locator("[data-add]").count() == 0
