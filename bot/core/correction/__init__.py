"""What becomes of messages that were posted, when what they stand on changes (editorial.md, "Corrections").

`standing` says what became of a cited sentence, `amending` what a told analysis or digest then says instead.
"""
