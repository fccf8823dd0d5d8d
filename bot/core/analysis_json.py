"""An analysis as JSON, for `--format json` and for whoever measures: every claim with its citations spelled out."""

from __future__ import annotations

from typing import Any

from bot.core.analysis import Analysis, Claim


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """Plain dicts, lists, strings, numbers and None, ready for `json.dumps`; times in ISO 8601.

    `story` and `background` are lists of paragraphs, a paragraph a list of claims; a claim is
    `{text, citations: [{id, outlet, url, sentence}]}`, with `by_editor: true` where an editor put it so.
    """
    sources = {source.article: source for source in analysis.sources}
    evidence = {one.id: one for one in analysis.evidence}

    def claim(said: Claim) -> dict[str, Any]:
        citations = []
        for number in said.evidence:
            one = evidence[number]
            source = sources[one.article]
            citations.append({"id": number, "outlet": source.outlet, "url": source.url, "sentence": one.sentence})
        whose = {"by_editor": True} if said.by_editor else {}
        return {"text": said.text, "citations": citations, **whose}

    return {
        "id": analysis.story,
        "version": analysis.version,
        "headline": analysis.headline,
        "deck": claim(analysis.deck) if analysis.deck else None,
        "byline": "Slugline",
        "first_seen": analysis.first_seen.isoformat(),
        "last_updated": analysis.last_updated.isoformat(),
        "reading_minutes": analysis.reading_minutes,
        "story": [[claim(said) for said in paragraph.claims] for paragraph in analysis.told],
        "why_this_matters": [claim(said) for said in analysis.why],
        "background": [[claim(said) for said in paragraph.claims] for paragraph in analysis.background],
        "earlier": [
            {
                "story": one.story,
                "headline": one.headline,
                "outlet": one.outlet,
                "url": one.url,
                "published": one.published.isoformat(),
            }
            for one in analysis.earlier
        ],
        "key_perspectives": [
            {"side": one.side.value, "speaker": one.speaker, **claim(one.claim)} for one in analysis.perspectives
        ],
        "not_heard": [side.value for side in analysis.not_heard],
        "what_to_watch": [
            {**claim(one.claim), "due": one.due.isoformat() if one.due else None} for one in analysis.watch
        ],
        "sources": [
            {
                "outlet": source.outlet,
                "title": source.title,
                "url": source.url,
                "published": source.published.isoformat(),
                "owner": source.owner,
                "independent": source.independent,
                "quoted": source.quoted,
                "note": source.note,
            }
            for source in analysis.sources
        ],
        "disclosure": {
            "engine": analysis.disclosure.engine,
            "reviewed_by": analysis.disclosure.reviewed_by,
            "text_sent_to": analysis.disclosure.text_sent_to,
            **({"overdue": True} if analysis.disclosure.overdue else {}),
        },
    }
