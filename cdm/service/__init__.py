"""The one layer between the hub and its users: rights, masks and audit; the API and the pages only ask it.

``Service(hub).desk(principal)`` returns a :class:`Desk`; its results are frozen pydantic models, masked for that
principal. No route and no page reads the store or the pipeline past it.
"""

from __future__ import annotations

from cdm.service.desk import Desk
from cdm.service.service import Service

__all__ = ["Desk", "Service"]
