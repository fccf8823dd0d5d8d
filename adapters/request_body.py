"""What was sent with an HTTP request, within a bound: anybody may send anything to the addresses that platforms use."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request


async def read_body(request: Request, largest: int) -> bytes | None:
    """None where it is more than `largest` bytes, or was not sent to its end."""
    held = bytearray()
    try:
        async for chunk in request.stream():
            held += chunk
            if len(held) > largest:
                return None
    except ClientDisconnect:
        return None
    return bytes(held)
