"""Answers of bounded size and duration."""

from __future__ import annotations

import time
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import Timeout

from connectors import limits
from connectors.errors import SourceTooLarge

WHOLE_ANSWER_SECONDS = 600
"""How long one answer may take in all, however steadily it drips."""
PIECE = 64 * 1024


class BoundedAdapter(HTTPAdapter):
    """Reads the whole answer before it is handed on, so that one that breaks off is asked for again."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send a request and read the answer.

        Raises:
            SourceTooLarge: it is larger than :data:`connectors.limits.MAX_ANSWER_BYTES`, unpacked.
            Timeout: it takes longer than :data:`WHOLE_ANSWER_SECONDS`.
        """
        response = super().send(request, *args, **kwargs)
        deadline = time.monotonic() + WHOLE_ANSWER_SECONDS
        pieces, size = [], 0
        for piece in response.iter_content(PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > limits.MAX_ANSWER_BYTES:
                response.close()
                raise SourceTooLarge(
                    f"An answer has more than {limits.MAX_ANSWER_BYTES // 2**20} MiB.",
                    remedy="Read fewer records at a time: lower CDM_PAGE_SIZE.",
                )
            if time.monotonic() > deadline:
                response.close()
                raise Timeout(f"the answer took longer than {WHOLE_ANSWER_SECONDS} s")
        response._content = b"".join(pieces)
        return response
