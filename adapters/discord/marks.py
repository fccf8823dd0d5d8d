"""What the store keeps of the application, by the names of its marks."""

from __future__ import annotations

OURS = "discord:application"
"""The id of the application whose servers and messages the store knows."""
VERIFY_KEY = "discord:verify-key"
"""Its public key, in hexadecimal: with its fellow Discord signs what it sends over HTTP."""
