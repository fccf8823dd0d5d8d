"""What only Slack needs said."""

from __future__ import annotations

NO_LINK = "there is no link in that message"
WORKING = "One moment…"
DONE = "Done."
CLOSE = "Close"
TOO_LATE = "Slack let no form be opened any more; press to go on"
GO_ON = "Open the form"
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


def not_installed_because(reason: str) -> str:
    return f"Slack or Slugline refused it: {reason}."


def continued(headline: str) -> str:
    return f"{headline}, continued"


# --- what Slack shows of the app, and what whoever installs it is asked for -----------------------------------

ABOUT = "News about AI and people's work, explained with evidence"
COMMAND = "News about AI and people's work, with evidence"
ANALYSE = "Analyse this link"
ANALYSE_HINT = "What the linked article says, with evidence"
NEW_WATCH_HINT = "Be told when an article matches"
PURPOSES = {
    "chat:write": "post digests and alerts where Slugline was invited, and answer",
    "commands": "/slugline and the shortcuts",
    "users:read": "see who is an admin, and in whose time zone to answer",
    "files:write": "hand over files that were asked for, such as lists of feeds and charts",
    "channels:history": "find out in public channels whether a message whose sending broke off is there",
    "groups:history": "find that out in private channels that Slugline was invited to",
    "im:history": "find that out in members' private messages with Slugline",
    "im:write": "know where a member's private messages with Slugline are, to find that out there",
    "chat:write.public": "post in public channels without an invitation",
}
"""By scope. Slack has its own limits: 24 characters for a shortcut's name, 150 for what it does."""


# --- why nothing can be posted there, and how to mend it ------------------------------------------------------

CLOSED = {
    "channel_not_found": "Slugline does not see this channel: invite it there with /invite @slugline",
    "not_in_channel": "Slugline is not in this channel: invite it there with /invite @slugline",
    "is_archived": "the channel is archived: unarchive it, or post elsewhere",
    "user_not_found": "this member is not in the workspace any more",
    "cannot_dm_bot": "this member is an app, which gets no messages",
    "messages_tab_disabled": "Slugline's Messages tab is off: switch it on in the app's settings under App Home",
    "restricted_action": "the workspace's settings do not let Slugline post there: ask an admin",
    "restricted_action_read_only_channel": "only some may post in this channel: ask an admin to let Slugline",
    "restricted_action_non_threadable_channel": "the workspace's settings allow no threads in this channel",
    "restricted_action_thread_only_channel": "the workspace's settings allow only threads in this channel",
    "restricted_action_thread_locked": "the thread is locked",
    "team_access_not_granted": "the organisation has not given Slugline access to this workspace: ask its admin",
    "team_not_found": "the workspace is not there any more",
    "ekm_access_denied": "the organisation's admins have suspended access to this channel",
    "access_denied": "the workspace's settings do not let Slugline in: ask an admin",
    "no_permission": "the workspace's settings do not let Slugline post there: ask an admin",
}
"""After these refusals of Slack's nothing can be posted at that place until somebody mends it."""
OUT = {
    "invalid_auth": "Slack does not know Slugline's token: install the app again",
    "not_authed": "Slack does not know Slugline's token: install the app again",
    "token_revoked": "Slugline's token was revoked: install the app again",
    "token_expired": "Slugline's token has expired: install the app again",
    "account_inactive": "Slugline was removed from the workspace: install it again",
    "org_login_required": "the workspace is moving to an organisation: wait until that is done",
}
"""After these nothing can be posted in that workspace."""

NOT_INSTALLED_ANY_MORE = "Slugline is not installed in this workspace any more; install it again"
NOT_RENEWED_YET = "the workspace's token has ended and another process has not renewed it"
NOT_RENEWABLE = "the workspace's token has ended and there is none to renew it with; install Slugline again"
TOKEN_EXPIRED = (
    "Slack says that SLUGLINE_SLACK_BOT_TOKEN has expired: switch token rotation off for an app of one workspace,"
    " install it again and set the new token"
)
NOT_REACHED_YET = "Slack was not reached yet"
READING_WAITS = "reading the channel back has to wait"
TOO_MUCH = "more was said in the channel since than can be read back"


def token_of_another(name: str, place: str, asked: str) -> str:
    return (
        f"this Slugline serves the workspace {name} ({place}): SLUGLINE_SLACK_BOT_TOKEN is that one's token,"
        f" not {asked}'s"
    )


def not_renewed(reason: str) -> str:
    return f"the workspace's token has ended and could not be renewed ({reason})"


def not_editable(code: str) -> str:
    return f"the message cannot be edited any more ({code})"


def refused(code: str, details: str) -> str:
    return f"Slack refused it: {code} ({details})" if details else f"Slack refused it: {code}"


def some_refused(count: int, of: int, reason: str) -> str:
    return f"Slack refused {count} of {of} blocks, shown as plain words: {reason}"


def all_refused(reason: str) -> str:
    return f"Slack refused the blocks, shown as plain words: {reason}"


def not_handed_over(names: str, reason: str) -> str:
    return f"{names} could not be handed over: {reason}"


def no_scope(scope: str, purpose: str) -> str:
    """With the line of the manifest that adds it."""
    why = f" ({purpose})" if purpose else ""
    return (
        f"Slugline was not given the scope {scope}{why}: add the line `- {scope}` under oauth_config.scopes.bot in the"
        " app's manifest and install it again"
    )
