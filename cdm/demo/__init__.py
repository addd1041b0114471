"""The demo company: customers of a small trading firm, invented, as three systems keep them, with the truth."""

from cdm.demo.generate import generate_demo
from cdm.demo.truth import DemoTruth, TrueRecord, demo_sources

__all__ = ["DemoTruth", "TrueRecord", "demo_sources", "generate_demo"]
