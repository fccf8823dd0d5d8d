"""What people are told of Slack's refusals: what is wrong there, and what mends it."""

from __future__ import annotations

from adapters.slack.api import No
from adapters.slack.manifest import OPTIONAL, SCOPES

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
"""After these nothing can be posted at that place until somebody mends it."""

OUT = {
    "invalid_auth": "Slack does not know Slugline's token: install the app again",
    "not_authed": "Slack does not know Slugline's token: install the app again",
    "token_revoked": "Slugline's token was revoked: install the app again",
    "token_expired": "Slugline's token has expired: install the app again",
    "account_inactive": "Slugline was removed from the workspace: install it again",
    "org_login_required": "the workspace is moving to an organisation: wait until that is done",
}
"""After these nothing can be posted in that workspace."""


def refusal(no: No) -> tuple[str, bool]:
    """In a person's words, and whether the place is closed to us."""
    if no.code == "missing_scope":
        return missing_scope(no.needed), True
    if (said := CLOSED.get(no.code) or OUT.get(no.code)) is not None:
        return said, True
    details = f" ({'; '.join(no.details)[:300]})" if no.details else ""
    return f"Slack refused it: {no.code}{details}", False


def missing_scope(needed: str) -> str:
    """Names the scope, what it is for, and the line of the manifest that adds it."""
    first = needed.split(",")[0].strip() or "a scope"
    purpose = {**SCOPES, **OPTIONAL}.get(first)
    why = f" ({purpose})" if purpose else ""
    return (
        f"Slugline was not given the scope {first}{why}: add the line `- {first}` under oauth_config.scopes.bot in the"
        " app's manifest and install it again"
    )
