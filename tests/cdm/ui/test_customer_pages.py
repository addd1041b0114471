"""Finding a customer, and the customer page: provenance, edit and undo, split and undo, as of a day, changes live."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from workbench import Workbench

from cdm.pipeline.hub import Hub, open_hub
from cdm.store.golden_list import GoldenFilter


@dataclass(frozen=True)
class Known:
    """A golden person of several records, with a phone number and an e-mail address of its own."""

    id: str
    name: str
    phone: str
    email: str
    records: int


def some_person(hub: Hub, place: int) -> Known:
    found = [
        one
        for one in hub.store.golden.list(GoldenFilter(entity="person", records_from=2, limit=500))
        if one.fields.get("phone") and one.fields.get("email")
    ][place]
    fields = found.fields
    return Known(found.id, fields["full_name"], fields["phone"][0], fields["email"][0], found.members)


@pytest.fixture
def person(workbench: Workbench, request: pytest.FixtureRequest) -> Known:
    """A customer that no other test of this module touches."""
    names = sorted(item.name for item in request.session.items if item.module is request.module)
    with open_hub(workbench.hub) as hub:
        return some_person(hub, names.index(request.node.name))


def field(page: Page, name: str):
    return page.locator(f"[data-field={name}]")


def act(page: Page) -> None:
    page.locator(".dialog [data-act]").click()
    expect(page.locator(".dialog")).to_have_count(0)


def test_a_customer_is_found_as_one_types(opened, person: Known):
    page = opened("li")
    box = page.get_by_role("searchbox")
    box.press_sequentially(person.phone[-8:], delay=20)
    hit = page.locator(f".found a[href$='{person.id}']")
    expect(hit).to_contain_text(person.name)
    box.fill(person.email)
    expect(page.locator(".found a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=person.name)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/customers/{person.id}$"))


def test_the_list_of_customers_is_searched_and_turned_over(opened, person: Known):
    page = opened("li", "/customers")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    first = rows.first.inner_text()
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile("after="))
    expect(rows.first).not_to_have_text(first)
    box = page.locator("main input[name=q]")
    box.fill(person.email)
    expect(rows).to_have_count(1)
    expect(box).to_have_value(person.email)  # what was typed stays when results come
    box.fill("no such customer anywhere")
    expect(page.get_by_text("No customer matches")).to_be_visible()


def test_every_value_tells_where_it_comes_from(opened, person: Known):
    page = opened("li", f"/customers/{person.id}")
    line = field(page, "phone")
    expect(line).to_contain_text(person.phone)
    line.locator("summary").click()
    expect(line.locator(".origin").first).to_be_visible()
    expect(line.locator(".trace .raw").first).to_be_visible()  # traced back to what stands in the source
    expect(page.locator("[data-record]")).to_have_count(person.records)
    page.locator("[data-record] summary").first.click()
    expect(page.get_by_text("As it stands in the source").first).to_be_visible()


def test_a_value_is_edited_and_taken_back(opened, person: Known):
    page = opened("li", f"/customers/{person.id}")
    line = field(page, "email")
    line.locator("summary").click()
    page.locator("[data-edit=email]").click()
    entry = page.locator("[data-entry=value]")
    expect(entry).to_have_value(re.compile(re.escape(person.email)))
    entry.fill("not an address")
    page.locator(".dialog [data-act]").click()
    expect(page.get_by_role("alert")).to_contain_text("This value cannot be used")
    expect(entry).to_have_value("not an address")  # nothing that was typed is lost
    entry.fill("new.address@example.com")
    page.locator("[data-entry=reason]").fill("called the customer")
    act(page)
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(field(page, "email")).to_contain_text("new.address@example.com")
    expect(page.locator("[data-version='2']")).to_contain_text("li · called the customer")
    page.locator("[data-again]").click()
    act(page)
    expect(field(page, "email")).to_contain_text(person.email)
    expect(field(page, "email")).not_to_contain_text("new.address@example.com")
    expect(page.locator("[data-version='3']")).to_be_visible()
    page.locator("[data-version='2'] .difference summary").click()
    expect(page.locator("[data-version='2'] ins")).to_contain_text("new.address@example.com")


def test_the_slower_of_two_editors_is_told(opened, person: Known):
    first, second = opened("li", f"/customers/{person.id}"), opened("wang", f"/customers/{person.id}")
    for page in (first, second):
        field(page, "email").locator("summary").click()
        page.locator("[data-edit=email]").click()
        expect(page.locator("[data-entry=value]")).to_be_visible()
    first.locator("[data-entry=value]").fill("first@example.com")
    act(first)
    expect(field(first, "email")).to_contain_text("first@example.com")
    second.locator("[data-entry=value]").fill("second@example.com")
    second.locator(".dialog [data-act]").click()
    expect(second.get_by_role("alert")).to_contain_text("conflict")
    expect(second.locator("[data-entry=value]")).to_have_value("second@example.com")


def test_a_customer_is_split_and_the_split_taken_back(opened, person: Known):
    page = opened("li", f"/customers/{person.id}")
    records = page.locator("[data-record]")
    expect(records).to_have_count(person.records)
    page.locator("[data-step=split]").click()
    page.locator(".dialog [data-act]").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick some of the records")
    page.locator(".dialog .q-checkbox").first.click()
    act(page)
    expect(records).to_have_count(person.records - 1)
    page.locator("[data-again]").click()
    act(page)
    expect(records).to_have_count(person.records)


def test_a_customer_is_seen_as_it_was(opened, person: Known):
    page = opened("li", f"/customers/{person.id}?as_of=5")
    expect(page.get_by_text("You see a past state")).to_be_visible()
    expect(page.locator("[data-step=edit]")).to_have_count(0)
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator("[data-step=edit]")).to_be_visible()
    page.goto(f"{page.url}?as_of=yesterday")
    expect(page.get_by_role("alert")).to_contain_text("This is no date")


def test_a_change_shows_on_the_feed_while_it_is_open(opened, person: Known):
    feed, page = opened("li", "/changes"), opened("li", f"/customers/{person.id}")
    lines = feed.locator(".changes > li")
    before = int(lines.first.get_attribute("data-seq") or 0)
    field(page, "email").locator("summary").click()
    page.locator("[data-edit=email]").click()
    page.locator("[data-entry=value]").fill("live@example.com")
    act(page)
    expect(lines.first).to_have_attribute("data-seq", str(before + 1))
    expect(lines.first).to_contain_text(person.name)


def test_a_hidden_value_is_revealed_for_a_reason(opened, workbench: Workbench):
    with open_hub(workbench.hub) as hub:
        found = next(
            one
            for one in hub.store.golden.list(GoldenFilter(entity="person", limit=500))
            if one.fields.get("national_id")
        )
    page = opened("li", f"/customers/{found.id}")
    line = field(page, "national_id")
    expect(line).not_to_contain_text(found.fields["national_id"])
    line.locator("summary").click()
    line.get_by_role("button", name="Show in full").click()
    page.locator(".dialog [data-act]").click()
    expect(page.get_by_role("alert")).to_contain_text("A reason is needed")
    page.locator(".dialog input").fill("the customer is on the telephone")
    page.locator(".dialog [data-act]").click()
    expect(page.locator(".dialog output")).to_have_text(found.fields["national_id"])
    with open_hub(workbench.hub) as hub:
        assert any(one.action == "revealed" and one.subject == found.id for one in hub.store.audit.list())
