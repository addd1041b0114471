"""Connector for Tryton, the ERP: parties and sales over its REST API (Tryton 8.0 and later)."""
