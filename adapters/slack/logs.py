"""What Slack's libraries may say in our log: warnings, without what opens anything."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(ticket=)[^&\s'\"]+|\b(xox[a-z]?|xapp|xoxe)[-.][\w.-]+|hooks\.slack\.com/\S+|(with code: )\S+")


class _Scrubbing(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        scrubbed = _SECRET.sub(lambda found: f"{found[1] or found[2] or found[3] or ''}…", message)
        if scrubbed != message:
            record.msg, record.args = scrubbed, ()
        if record.exc_info is not None and record.exc_info[1] is not None and _SECRET.search(str(record.exc_info[1])):
            record.exc_info, record.exc_text = None, None
        return True


def quiet_logger() -> logging.Logger:
    """For slack-bolt and slack-sdk: at DEBUG they write down what Slack hands out, tokens among it."""
    logger = logging.getLogger("slugline.slack")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(each, _Scrubbing) for each in logger.filters):
        logger.addFilter(_Scrubbing())
    return logger
