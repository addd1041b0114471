"""Connectors for files: workbooks, delimited text, JSON lines and Parquet."""
