"""The sample week's outlets as a real web server on loopback, for `slugline demo` and end-to-end tests."""

from __future__ import annotations

from adapters.sample.files import sample_week
from adapters.sample.server import SampleServer, serve_sample

__all__ = ["SampleServer", "sample_week", "serve_sample"]
