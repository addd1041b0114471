"""Tryton 8, the ERP."""
