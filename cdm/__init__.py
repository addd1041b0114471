"""The customer master-data hub: store, identity, survivorship, pipeline, reports and command line."""

__version__ = "0.1.0"
