"""Fill both peers with customers that overlap; doing it twice changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tools.peers.place import Place
from tools.peers.tryton.client import Tryton
from tools.peers.vendure.client import FAILED, Vendure
from tools.peers.vendure.market import open_market, place_order

WORLD = Path(__file__).with_name("world.yaml")
Customer = dict[str, Any]


def seed_peers(place: Place) -> None:
    """Create what :data:`WORLD` describes over the peers' own APIs."""
    world = yaml.safe_load(WORLD.read_text("utf-8"))
    erp, shop = Tryton(place), Vendure(place)
    countries = {code: erp.find("country.country", [["code", "=", code]])[0] for code in ("CN", "DE", "IE")}
    for customer in world["erp"]:
        _party(erp, customer, countries)
    product = open_market(shop)
    for customer in world["shop"]:
        _customer(shop, customer, product)


def _party(erp: Tryton, customer: Customer, countries: dict[str, int]) -> None:
    """Create a party, its sales, and what becomes of it."""
    known = erp.find("party.party", [["code", "=", customer["code"]]])
    if known:
        return
    number = erp.create("party.party", _values(customer, countries))
    for place, quantity in enumerate(customer.get("sales", ()), start=1):
        erp.sell(number, f"{customer['code']}-{place}", quantity)
    if "merged_into" in customer:
        erp.merge(number, erp.find("party.party", [["code", "=", customer["merged_into"]]])[0])
    elif customer.get("inactive"):
        erp.write("party.party", number, {"active": False})


def _values(customer: Customer, countries: dict[str, int]) -> Customer:
    values: Customer = {"code": customer["code"], "name": customer["name"], "addresses": []}
    if "address" in customer:
        address = dict(customer["address"])
        address["country"] = countries[address.pop("country", "CN")]
        values["addresses"] = [["create", [address]]]
    contacts = [{"type": kind, "value": text} for kind, text in customer.get("contacts", {}).items()]
    identifiers = [{"type": kind, "code": text} for kind, text in customer.get("identifiers", {}).items()]
    values["contact_mechanisms"] = [["create", contacts]] if contacts else []
    values["identifiers"] = [["create", identifiers]] if identifiers else []
    return values


def _customer(shop: Vendure, customer: Customer, product: str) -> None:
    """Create a customer with an address and orders."""
    if shop.customer(customer["email"]):
        return
    given = {"firstName": customer["first"], "lastName": customer["last"], "emailAddress": customer["email"]}
    given["phoneNumber"] = customer.get("phone")
    wanted = f"... on Customer {{ id }} {FAILED}"
    number = shop.do("createCustomer", wanted, input=("CreateCustomerInput!", given))["id"]
    if "address" in customer:
        address = {"fullName": f"{customer['last']}{customer['first']}", "countryCode": "CN", **customer["address"]}
        shop.do("createCustomerAddress", customerId=("ID!", number), input=("CreateAddressInput!", address))
    for quantity in customer.get("orders", ()):
        place_order(shop, number, product, quantity)
