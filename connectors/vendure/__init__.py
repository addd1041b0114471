"""Connector for Vendure, the shop: customers and placed orders over its admin API (GraphQL, Vendure 3)."""
