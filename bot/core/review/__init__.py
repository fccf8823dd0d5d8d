"""The editor's desk as decisions: what may be done with a draft, what is risky about it, and when a digest may go."""
