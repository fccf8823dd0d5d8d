"""A small outlet's web site on loopback, in a thread: whatever addresses a test gives it, and 404 for the rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def rss(title: str, *items: str) -> str:
    entries = "".join(
        f"<item><title>{item}</title><guid>{item}</guid><pubDate>Fri, 02 May 2031 10:00:00 GMT</pubDate></item>"
        for item in items
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'


def page(*feeds: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in feeds)
    return f"<!doctype html><html><head><title>An outlet</title>{links}</head><body><p>News</p></body></html>"


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[str]:
    """Its `host:port` while it is up. Paths include their query."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "no such page").encode()
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
