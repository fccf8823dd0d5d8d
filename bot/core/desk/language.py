"""Whether the desk can read an article: it reads English, and every judgement of it rests on English words.

An article's language tag is usually its feed's, and often wrong: whole platforms say "en" of everything, and some
English feeds carry the tag of the country they come from. So the words decide, and the tag only where they cannot.
Every language below has a profile of its most frequent words; which profile holds most of a text's distinct words
tells the language in a sentence or two (Grefenstette 1995 compares this with letter trigrams: equally good from about
fifteen words on, and it needs no model). The profiles were written for this module; "ai", which is Italian for "to
the", is in none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from bot.core.desk.lead import lead

WORDS = 200
"""Words that are looked at."""
LEAST = 3
"""Distinct words of a foreign profile from which its language is believed against a tag that says English, or none."""
SCRIPT = 0.4
"""Share of letters outside the Latin alphabet from which a text is not English."""
LONG = 25
"""Words from which a text in which hardly any word is a frequent English one is not English."""
LEAST_SHARE = 0.08

_WORD = re.compile(r"[^\W\d_]{2,}")  # a lone letter is an initial in one language and an article in another

ENGLISH = frozenset(
    """
    about after against all also among an and any are as at back be because been before being between both but by can
    could did do does down during each every few first for from get gets had has have he her here him his how i if in
    into is it its just like made make makes many may might more most much must my new no not now of off on one only or
    other our out over own people said say saying says she should since so some still such than that the their them then
    there these they this those three through to two under until up us use used using was way we were what when where
    which while who whom whose why will with without work would year years yet you your
    against amid ban bill calls case company companies contract court cut cuts data deal file files head hits jobs judge
    law lawsuit layoffs lays makers news pay plan plans report rights rules says seek seeks set sign signs staff strike
    strikes sue sues talks union vote votes wants warns week workers writers
    """.split()
)
"""Frequent words, and those of headlines, which leave the small ones out."""

_PROFILES: Mapping[str, tuple[str, frozenset[str]]] = {
    code: (name, frozenset(words.split()))
    for code, name, words in (
        (
            "fr",
            "French",
            """au aux avec avoir ce cela ces cette ceux chez comme contre dans de depuis des deux donc du elle elles en
            encore entre est et été être eux fait fera font il ils je jusqu la le les leur leurs lors lui mais même
            mis nous on ont ou où par pas peu peut plus pour pourquoi près qu que quel quelle qui sa sans se selon ses
            si son sont sous sur tous tout toute très trop un une vers veut vient vous après aussi avant""",
        ),
        (
            "de",
            "German",
            """aber alle als am an auch auf aus bei beim bis da damit dann das dass dem den denn der des die dies diese
            dieser durch ein eine einem einen einer eines er es für gegen gibt haben hat hatte ich ihr ihre im immer
            in ist ja kann kein keine können man mehr mit muss nach nicht noch nun nur ob oder ohne schon sehr sein
            seine seit sich sie sind so soll sollen über um und uns unter vom von vor war was weil wenn werden wie
            will wir wird wurde wurden zu zum zur zwischen""",
        ),
        (
            "es",
            "Spanish",
            """al algo ante antes así aún años como con contra cuando cual de del desde donde dos durante el ella en
            entre era es esa ese esta este esto está están fue fueron ha han hasta hay la las le les lo los más me mi
            mientras muy no nos otra otro para pero poco por porque puede que quien se según ser si sin sobre son su
            sus también tanto tiene tienen todo todos tras un una uno unos ya""",
        ),
        (
            "it",
            "Italian",
            """ad agli al alla alle anche ancora che chi ci come con contro così cosa da dai dal dalla dalle degli dei
            del della delle dello di dopo dove ed era essere fa fra gli ha hanno il in io la le lo loro ma meno mentre
            molto ne nei nel nella nelle non nostro ogni oltre per perché più prima può quando quello questa questo
            sarà se senza si sia solo sono sotto stato su sua sugli sui sul sulla suo tra tutti un una uno verso""",
        ),
        (
            "pt",
            "Portuguese",
            """ainda ao aos as até com como contra da das de depois desde dizem do dos ela ele eles em entre era essa
            esse esta este está estão foi foram há isso já lhe mais mas mesmo muito na nas não nem no nos nós onde os
            ou para pela pelas pelo pelos pode por porque quando que quem se segundo sem ser seu seus sobre sua suas
            são também tem têm todos um uma após às""",
        ),
        (
            "nl",
            "Dutch",
            """aan al alle als bij dan dat de der deze die dit door een en er geen had heeft het hij hoe hun ik in is ja
            je kan kunnen maar meer met mijn moet na naar niet nog nu of om omdat onder ons ook op over te tegen toch
            tot tussen uit van veel voor waar was wat we wel werd wie wil wordt worden ze zei zich zij zijn zo zonder
            zou""",
        ),
        (
            "sv",
            "Swedish",
            """alla att av bara blev blir de dem den denna det detta du där efter ej ett en er från för ha hade han har
            hon hur in inför inte ja jag kan kommer med men mer mot mycket nu när och om också på sedan sig sin ska
            skulle som till under upp ut utan vad var vara vi vid vill år än är över""",
        ),
        (
            "da",
            "Danish",
            """af alle at blev bliver da de dem den der det dette du efter eller en er et fik for fra få før har have
            havde hun hvad hvis hvor ifølge ikke ind jeg kan kun man med mere men mod ned nu nye når og også om op
            over på siden sig sin skal skulle som så til ud uden under var ved vi vil være år""",
        ),
        (
            "no",
            "Norwegian",
            """alle at av bare ble blir da de den der det dette du eller en er et etter for fra få før ha hadde han har
            hun hva hvis hvor ifølge ikke inn jeg kan kun man med mer men mot må ned nye nå når og også om opp over på
            seg sier sin skal skulle som så til under uten ut var ved vi vil være år""",
        ),
        (
            "pl",
            "Polish",
            """ale bez bo by być co czy dla do gdy go ich ile im jak jako jest jego jej już które który którzy ma mają
            może można na nad nawet nie niż nowe od oraz po pod ponad przed przez przy roku się są także tego tej ten
            to tych tylko tym we wobec za ze że""",
        ),
        (
            "tr",
            "Turkish",
            """ama ancak bir bu çok da daha de değil diye dolayı en gibi göre hem her için ile ise kadar karşı ki mi mı
            ne olan olarak oldu sonra şu tarafından üzerine ve veya ya yapay yeni yok""",
        ),
        (
            "fi",
            "Finnish",
            """ei eivät että he hän ja jo joka jos jotka kanssa kuin kun kuten myös mukaan mutta ne niin nyt on oli olla
            ovat pitää se sekä sen siitä tai tämä tämän vain vielä voi yli""",
        ),
        (
            "id",
            "Indonesian",
            """ada adalah agar akan antara atau bagi bahwa banyak baru belum bisa dalam dan dapat dari dengan di hingga
            ia ini itu jadi juga karena ke kepada lebih mereka oleh pada para saat sebagai secara sudah tak telah
            tentang terhadap tidak untuk yang""",
        ),
        (
            "ro",
            "Romanian",
            """al ale am ar au ca care că ce cei cel cu cum către de despre din după este fi fost iar în la lui mai nu
            pe pentru prin sau se să și sunt su un unei unor va vor""",
        ),
        (
            "cs",
            "Czech",
            """aby ale ani by byl byla být co do jak jako je jeho jejich jen již jsou kde kdy který která která má mají
            na nad ne nebo od po pod podle pro proti před při se si tak také to už ve však za ze že""",
        ),
        (
            "hu",
            "Hungarian",
            """az azt csak de egy el és ez ezt hogy ha is két már még meg mert mint nem nincs után vagy van volt
            szerint""",
        ),
        (
            "vi",
            "Vietnamese",
            """bị các cho chỉ có của cũng đã đang đến để được hay không là làm lại mà một này người những nhiều như ra
            rằng sẽ sự tại theo thì trên trong từ và vào về với""",
        ),
    )
}


def foreign(title: str, text: str, tag: str | None = None) -> str | None:
    """The language of an article the desk cannot read, in words ("French", "xh", "another script"); None where it can.

    `tag` is BCP 47 as the feed or page gives it. Where neither words nor tag tell, it is taken for English.
    """
    code = re.split(r"[-_]", tag.strip().casefold())[0] if tag else ""
    tagged = code not in ("", "en", "und", "mul", "mis", "zxx")
    sample = lead(title, text).text
    letters = [letter for letter in sample if letter.isalpha()]
    strange = sum(letter > "ɏ" for letter in letters)  # the last of Latin Extended-B
    if len(letters) >= 8 and strange > SCRIPT * len(letters) and not _vietnamese(sample):
        return _name(code) if tagged else "another script"
    running = [found[0] for found in islice(_WORD.finditer(sample.casefold()), WORDS)]
    words = set(running)
    english = len(words & ENGLISH)
    name, most = max(((name, len(words & profile)) for name, profile in _PROFILES.values()), key=lambda pair: pair[1])
    if tagged:
        own = len(words & _PROFILES[code][1]) if code in _PROFILES else 0
        if english > most or (english == most and english > own):
            return None
        return _name(code) if own >= most or most < LEAST else name
    if most >= LEAST and most > english:
        return name
    few = sum(word in ENGLISH for word in running) < LEAST_SHARE * len(running)
    return "another language" if len(running) >= LONG and few else None


def _vietnamese(sample: str) -> bool:
    """Its letters with two marks lie beyond the Latin blocks of other languages."""
    return len(set(_WORD.findall(sample.casefold())) & _PROFILES["vi"][1]) >= LEAST


def _name(code: str) -> str:
    return _PROFILES[code][0] if code in _PROFILES else code[:8]
