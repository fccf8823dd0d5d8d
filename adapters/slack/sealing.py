"""Tokens sealed for the database, with a key that is never in it.

Fernet (https://github.com/fernet/spec): AES-CBC with an HMAC, so that what was changed is noticed. Several keys may be
given: the first seals, all of them open, so a key is changed by putting the new one in front and, once a process has
begun with both and sealed everything anew, taking the old one out.
"""

from __future__ import annotations

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.core.errors import InputError


class Sealer:
    """`keys` are Fernet keys, 32 bytes in URL-safe base64, the newest first. Raises InputError for what is no key."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        try:
            self._newest = Fernet(keys[0])
            self._keys = MultiFernet([Fernet(key) for key in keys])
        except (ValueError, IndexError):
            raise InputError(f"a key to seal tokens with is 32 bytes in URL-safe base64; make one so: {MAKE}") from None

    def seal(self, values: dict[str, str]) -> bytes:
        return self._keys.encrypt(json.dumps(values).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """Raises InputError where none of the keys fits."""
        try:
            values = json.loads(self._keys.decrypt(sealed))
        except InvalidToken:
            raise InputError("stored tokens cannot be read with this key; was it changed?") from None
        return {str(key): str(value) for key, value in values.items()}

    def anew(self, sealed: bytes) -> bytes | None:
        """The same sealed with the newest key; None where it is already, or none of the keys fits."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            try:
                return self._keys.rotate(sealed)
            except InvalidToken:
                return None
        return None


MAKE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
