"""Run by Tryton's own Python: a company with a chart of accounts, something to sell, and the key of the REST API."""

from __future__ import annotations

import os
import sys
from decimal import Decimal

from proteus import Model, config
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company


def main(configuration: str, database: str) -> None:
    """Set the database up once; a second call finds the key and leaves all as it is."""
    session = config.set_trytond(database, user="admin", config_file=configuration)
    application = Model.get("res.user.application")
    if application.find([("application", "=", "rest")]):
        return
    party = Model.get("party.party")(name="示例集团有限公司")
    party.save()
    create_company(party, currency=_currency())
    create_chart()
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    _product("测试商品", Decimal("99.50"))
    _countries()
    user = Model.get("res.user")(session.user)
    application(user=user, application="rest", key=os.environ["TRYTON_KEY"]).save()


def _currency() -> object:
    currency = Model.get("currency.currency")(name="人民币", symbol="¥", code="CNY", numeric_code="156")
    currency.rounding, currency.digits = Decimal("0.01"), 2
    currency.save()
    return currency


def _product(name: str, price: Decimal) -> None:
    accounts = get_accounts()
    category = Model.get("product.category")(name="商品", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.save()
    (unit,) = Model.get("product.uom").find([("symbol", "=", "u")], limit=1)
    template = Model.get("product.template")(name=name, default_uom=unit, type="goods", salable=True, list_price=price)
    template.account_category = category
    template.save()


def _countries() -> None:
    for code, name in (("CN", "中国"), ("DE", "Deutschland"), ("IE", "Ireland")):
        Model.get("country.country")(code=code, name=name).save()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
