"""Stories of the sample week as Slugline would hold them after reading every feed and page, joined by the truth.

What an outlet withholds is withheld here too: of a paywalled outlet, and of one that reserves its pages, there is the
teaser alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters.sample import sample_week
from bot.core.article import Article, ArticleId, BodySource
from bot.core.feed import FeedId
from bot.core.sample import Edition, PrintedArticle, print_week
from bot.core.story import Coverage, Member, Story, StoryId

NOW = datetime(2025, 11, 24, tzinfo=UTC)
WEEK = sample_week()


def sample_coverage(key: str, edition: Edition = Edition.FIRST) -> Coverage:
    """The story of that key at `NOW`, all its articles, oldest first."""
    printed = [article for article in reversed(print_week(WEEK, NOW, edition)) if article.story == key]
    truth = next(story for story in WEEK.stories if story.key == key)
    copies = {article.outlet: article.copies for article in truth.articles if article.copies}
    ids = {article.outlet.slug: ArticleId(number) for number, article in enumerate(printed, start=1)}
    members = []
    for article in printed:
        wire = copies.get(article.outlet.slug)
        held = _article(ids[article.outlet.slug], article)
        members.append(Member(article=held, copy_of=ids[wire] if wire else None))
    story = Story(
        id=StoryId(1),
        owner=None,
        version=len(members),
        relevance=0.9 if truth.relevant else 0.1,
        relevant=truth.relevant,
        first_seen=printed[0].published,
        last_updated=max(article.changed for article in printed),
    )
    return Coverage(story=story, members=tuple(members))


def _article(number: ArticleId, article: PrintedArticle) -> Article:
    outlet = article.outlet
    url = f"https://{outlet.slug}.example/{article.slug}"
    if outlet.full:
        content, source = "\n\n".join(article.body), BodySource.FEED
    elif outlet.noai or outlet.outlet.paywalled:
        content, source = "", BodySource.TEASER
    else:
        content, source = "\n\n".join(article.body), BodySource.PAGE
    return Article(
        id=number,
        keys=(f"url:{url}",),
        feed=FeedId(1),
        url=url,
        outlet=outlet.outlet,
        title=article.title,
        summary=article.teaser,
        content=content,
        published=article.published,
        first_seen=article.published + timedelta(minutes=5),
        language=outlet.language,
        authors=(article.author,),
        body_source=source,
    )
