"""Tables that other packages carry, read as files: importing the packages would load far more."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def file_of(package: str, *path: str) -> Path:
    """Return a file inside an installed package, without importing the package.

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
