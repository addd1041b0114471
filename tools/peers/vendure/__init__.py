"""Vendure 3, the shop."""
