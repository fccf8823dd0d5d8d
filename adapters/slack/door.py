"""The app over HTTP: where Slack sends its signed requests, and where a browser comes to install it.

What is larger than Slack ever sends is not read to its end, and what is not signed, or older than five minutes, is not
looked into: nobody without the secret reaches a parser.
https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

from __future__ import annotations

from collections.abc import Mapping

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from adapters.request_body import read_body
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH

LARGEST = 2 * 1024 * 1024
"""Bytes of a request: a view of a hundred blocks, written full, has a sixth of that."""


def door(bolt: AsyncApp, signing_secret: str) -> Router:
    """An ASGI application with Slack's addresses, whole paths and all."""
    flow = bolt.oauth_flow
    verifier = SignatureVerifier(signing_secret)

    async def events(request: Request) -> Response:
        if request.method != "POST":  # Slack looks at the certificate now and then
            return PlainTextResponse("")
        body = await read_body(request, LARGEST)
        if body is None:
            return PlainTextResponse("too large\n", status_code=413)
        if not _is_signed(verifier, body, request.headers):
            return PlainTextResponse("not signed\n", status_code=401)
        try:
            said = to_async_bolt_request(request, body)
        except (UnicodeDecodeError, ValueError, AttributeError):  # signed, and yet nothing that Slack sends
            return PlainTextResponse("not understood\n", status_code=400)
        return to_starlette_response(await bolt.async_dispatch(said))

    async def install(request: Request) -> Response:
        assert flow is not None
        return to_starlette_response(await flow.handle_installation(to_async_bolt_request(request, b"")))

    async def redirect(request: Request) -> Response:
        assert flow is not None
        return to_starlette_response(await flow.handle_callback(to_async_bolt_request(request, b"")))

    routes = [Route(EVENTS_PATH, events, methods=["GET", "POST"])]
    if flow is not None:
        routes += [
            Route(INSTALL_PATH, install, methods=["GET"]),
            Route(REDIRECT_PATH, redirect, methods=["GET"]),
        ]
    return Router(routes)


def _is_signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Anybody may send anything here: a body that is no text, a time that is no number, a signature that is not ASCII.
    Slack's verifier raises for these."""
    try:
        return verifier.is_valid_request(body, dict(headers))
    except (ValueError, TypeError, OverflowError):
        return False
