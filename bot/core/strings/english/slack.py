"""What only Slack needs said."""

from __future__ import annotations

NO_LINK = "there is no link in that message"
STILL_AT_IT = "Still at it; the answer follows here."
WORKING = "One moment…"
DONE = "Done."
CLOSE = "Close"
TOO_LATE = "Slack let no form be opened any more; press to go on"
GO_ON = "Open the form"
CANNOT_ANSWER = "Slugline cannot answer here"
NEW_WATCH = "New watch"
ADD_WATCH = "Add watch"
NEW_SCHEDULE = "New schedule"
ADD_SCHEDULE = "Add schedule"
CHANGE_SETTING = "Change a setting"
HELP = "Help"
READ = "Read it"
CUT_SHORT = "No more than this fits here. Say the command in a channel, and all of it is answered there."
HERE_ARE_FILES = "The files of Slugline's answer:"
INSTALLED = "Slugline is installed"
INVITE = "Invite it to a channel with /invite @slugline, then say /slugline help there."
NOT_INSTALLED = "Slugline was not installed"
START_AGAIN = "Start again from the page that you came from."


def other_workspace(served: str) -> str:
    return f"this Slugline serves the workspace {served} only; install one of your own here"


def not_installed_because(reason: str) -> str:
    return f"Slack or Slugline refused it: {reason}."


def continued(headline: str) -> str:
    return f"{headline}, continued"
