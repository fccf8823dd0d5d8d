"""Discord: how messages look there, and how members and servers talk with Slugline."""
