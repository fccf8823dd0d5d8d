"""How the schema came to be, one file a step; run by `adapters.storage.migrating`.

There are no steps back: what a newer version wrote, an older one cannot judge. The way back is a backup.

**Expand, then contract.** Where several processes share a database the first new one migrates it while old ones still
run, so from the first release on a migration only *expands*: new tables, new indexes that are not unique, new columns
that may be NULL or have a default, rules made looser. Whoever does not know of it neither reads nor writes any of
that, and goes on. What old code needs (a column it reads, a name it uses) is taken away a release later, by a
migration that *contracts*. That one begins a new epoch, which its revision and all after it carry as a letter: 0020,
0021b (contracts), 0022b, 0023c (contracts again). An old process that finds itself in a later epoch ends
(`bot.app.presence`), and one that starts refuses any revision it does not know. `tests/adapters/test_migrations.py`
holds each step to this.
"""
