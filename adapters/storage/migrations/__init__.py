"""How the schema came to be, one file a step; run by `adapters.storage.migrating`.

There are no steps back: what a newer version wrote, an older one cannot judge. The way back is a backup.
"""
