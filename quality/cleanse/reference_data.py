"""Where reference data comes from: YAML files beside the cleansers, and tables that other packages carry."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C reads the tables eight times as fast, where PyYAML was built with it."""


def reference(name: str) -> Any:
    """Return what the YAML file ``name`` beside the cleansers says."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders


def file_of(package: str, *path: str) -> Path:
    """Return a file inside an installed package, without importing the package, which would load far more.

    Args:
        package: name of a top-level package.
        path: the file's folders and name.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise ModuleNotFoundError(
            f"The package '{package}', whose {path[-1]} is needed, is not installed.", name=package
        )
    return Path(next(iter(places))).joinpath(*path)
