"""The marked language (tests/pseudo.py) as a package that another process can import, as a translation is."""

from __future__ import annotations

from tests.pseudo import marked_english

globals().update({name: one for name, one in vars(marked_english()).items() if not name.startswith("_")})
