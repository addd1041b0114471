"""Connector for databases: any SQLAlchemy URL, a table or a query."""
