"""Discord: how messages look there, how members and servers talk with Slugline, and what is on the wire.

Two clients of discord.py serve one process. One never connects: it logs in and posts (`rest`), so that a process may
be a pure sender, and so that whatever happens to the gateway happens to no message. The other is the gateway's
(`gateway`): it is started anew by our own supervisor, and hears commands and servers that come and go.
"""
