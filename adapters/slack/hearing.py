"""Bolt's app, and what of it is ours: nothing is looked up before something is acknowledged, and how long that took."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse


class Unhurried(AsyncAuthorize):
    """Lets everything in that was signed, and looks nothing up."""

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


class Timed(AsyncApp):
    """What Bolt answers is the acknowledgement, over a socket as by HTTP."""

    acknowledged: Callable[[float], None]

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        began = asyncio.get_running_loop().time()
        answer = await super().async_dispatch(req)
        self.acknowledged(asyncio.get_running_loop().time() - began)
        return answer
