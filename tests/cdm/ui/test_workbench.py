"""The workbench in a browser: signing in and out, language, light and dark, navigation, finding a customer."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from workbench import Workbench


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
