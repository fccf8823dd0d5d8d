"""English: the language that is complete, and the measure of every other one. A module a subject."""
