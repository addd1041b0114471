"""A real ERP (Tryton 8) and a real shop (Vendure 3) on loopback, for the connectors' tests and for trying them out.

``python -m tools.peers up --work FOLDER`` installs and starts PostgreSQL, Tryton and Vendure; ``seed`` fills them over
their own APIs; ``down`` stops them. Everything they need lies in the work folder, outside the source tree.
"""
