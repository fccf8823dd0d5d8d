"""When digests are due: plain words and cron (`words`), the moments that follow (`slots`), zones and quiet hours."""
