"""What a shop needs before anybody can order: a country, a tax, a product, a way to send it and a way to pay."""

from __future__ import annotations

from typing import Any

from tools.peers.vendure.client import FAILED, Vendure

COUNTRIES = {"CN": "中国", "DE": "Deutschland", "IE": "Ireland"}
ADDRESS = {"fullName": "测试", "streetLine1": "淮海中路 8 号", "city": "上海", "countryCode": "CN"}


def open_market(shop: Vendure) -> str:
    """Set the shop up, unless it is; return the id of the one product variant."""
    variants = shop.ask("query { productVariants { items { id } } }")["productVariants"]["items"]
    if variants:
        return str(variants[0]["id"])
    zone = shop.do("createZone", input=("CreateZoneInput!", {"name": "Welt", "memberIds": _countries(shop)}))["id"]
    tax = shop.do("createTaxCategory", input=("CreateTaxCategoryInput!", {"name": "标准", "isDefault": True}))["id"]
    rate = {"name": "13 %", "enabled": True, "value": 13, "categoryId": tax, "zoneId": zone}
    shop.do("createTaxRate", input=("CreateTaxRateInput!", rate))
    _channel(shop, zone)
    _ways(shop)
    return _product(shop, tax)


def place_order(shop: Vendure, customer: str, variant: str, quantity: int) -> str:
    """Order and pay for a customer, as the shop's staff does on the telephone; return the order's id."""
    order = shop.do("createDraftOrder")["id"]
    line = ("AddItemToDraftOrderInput!", {"productVariantId": variant, "quantity": quantity})
    wanted = f"... on Order {{ id }} {FAILED}"
    shop.do("addItemToDraftOrder", wanted, orderId=("ID!", order), input=line)
    shop.do("setCustomerForDraftOrder", wanted, orderId=("ID!", order), customerId=("ID", customer))
    shop.do("setDraftOrderShippingAddress", orderId=("ID!", order), input=("CreateAddressInput!", ADDRESS))
    ways = shop.ask("query ($o: ID!) { eligibleShippingMethodsForDraftOrder(orderId: $o) { id } }", o=order)
    way = ways["eligibleShippingMethodsForDraftOrder"][0]["id"]
    shop.do("setDraftOrderShippingMethod", wanted, orderId=("ID!", order), shippingMethodId=("ID!", way))
    shop.do("transitionOrderToState", wanted, id=("ID!", order), state=("String!", "ArrangingPayment"))
    payment = {"orderId": order, "method": "dummy", "transactionId": f"t{order}", "metadata": {}}
    shop.do("addManualPaymentToOrder", wanted, input=("ManualPaymentInput!", payment))
    return str(order)


def _countries(shop: Vendure) -> list[str]:
    made = []
    for code, name in COUNTRIES.items():
        words = [{"languageCode": "en", "name": name}]
        given = {"code": code, "enabled": True, "translations": words}
        made.append(shop.do("createCountry", input=("CreateCountryInput!", given))["id"])
    return made


def _channel(shop: Vendure, zone: str) -> None:
    channel = shop.ask("query { activeChannel { id } }")["activeChannel"]["id"]
    given = {"id": channel, "defaultTaxZoneId": zone, "defaultShippingZoneId": zone, "pricesIncludeTax": True}
    given |= {"defaultCurrencyCode": "CNY", "availableCurrencyCodes": ["CNY"]}
    shop.do("updateChannel", f"... on Channel {{ id }} {FAILED}", input=("UpdateChannelInput!", given))


def _ways(shop: Vendure) -> None:
    words = [{"languageCode": "en", "name": "快递", "description": ""}]
    rate = [{"name": "rate", "value": "0"}, {"name": "includesTax", "value": "auto"}, {"name": "taxRate", "value": "0"}]
    shipping: dict[str, Any] = {"code": "express", "fulfillmentHandler": "manual-fulfillment", "translations": words}
    shipping["checker"] = {"code": "default-shipping-eligibility-checker", "arguments": _minimum()}
    shipping["calculator"] = {"code": "default-shipping-calculator", "arguments": rate}
    shop.do("createShippingMethod", input=("CreateShippingMethodInput!", shipping))
    handler = {"code": "dummy-payment-handler", "arguments": [{"name": "automaticSettle", "value": "true"}]}
    payment = {"code": "dummy", "enabled": True, "handler": handler, "translations": words}
    shop.do("createPaymentMethod", input=("CreatePaymentMethodInput!", payment))


def _minimum() -> list[dict[str, str]]:
    return [{"name": "orderMinimum", "value": "0"}]


def _product(shop: Vendure, tax: str) -> str:
    words = [{"languageCode": "en", "name": "测试商品", "slug": "test", "description": ""}]
    product = shop.do("createProduct", input=("CreateProductInput!", {"enabled": True, "translations": words}))["id"]
    variant = {"productId": product, "sku": "T1", "price": 14925, "taxCategoryId": tax, "stockOnHand": 100000}
    variant["translations"] = [{"languageCode": "en", "name": "测试商品"}]
    made = shop.do("createProductVariants", input=("[CreateProductVariantInput!]!", [variant]))
    return str(made[0]["id"])
