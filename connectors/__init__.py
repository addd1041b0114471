"""Read one source system: pages of raw records and a resumable cursor. Nothing is interpreted here.

Start at :mod:`connectors.contract` for the seam, :mod:`connectors.registry` for how a source is opened, and
:mod:`connectors.conformance` for the tests every connector passes.
"""
