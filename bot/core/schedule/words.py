"""Plain words for when a digest is due, read as cron; and cron told as a sentence.

What is read is always said back as `sentence` has it, so that nobody finds out on Friday that "at 5" was in the
morning. A sentence is itself read as the same cron. What cron cannot say (every second week) is refused with what it
can; nothing is approximated.

A line is days and times in either order, each once: "weekdays at 9", "16:00 every Friday", "on the 1st and 15th at
noon in March", "every 2 hours from 8 to 20 on weekdays".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cronsim import CronSim, CronSimError

from bot.core import strings
from bot.core.schedule.cron import SOME_DAY, checked, is_cron
from bot.core.schedule.fault import WhenError
from bot.core.schedule.sentence import EVEN_HOURS, EVEN_MINUTES, WEEKEND, WORKING, ordered, sentence
from bot.core.schedule.vocabulary import (
    COUNTS,
    DAYS,
    EVERY_DAY,
    FILLER,
    LAST,
    MONTHS,
    ORDINALS,
    OTHER,
    WEEKEND_NAMES,
    WORKDAY_NAMES,
    Kind,
    Token,
    refused,
    tokens,
)

LIMIT = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class When:
    """`cron` has five fields, numbers only where it was made of words; `said` is the sentence for people."""

    cron: str
    said: str


def read_when(text: str) -> When:
    """Plain words or cron. Raises WhenError, which points at the place."""
    if len(text) > LIMIT:
        raise WhenError(text, 0, len(text), strings.times.TOO_LONG, strings.times.RIGHT)
    if not text.strip():
        raise WhenError(text, 0, len(text), strings.times.NOTHING, strings.times.RIGHT)
    cron = checked(text) if is_cron(text) else _Reader(text).cron()
    return When(cron, sentence(cron))


_Fault = tuple[str, str]


@dataclass(slots=True)
class _Found:
    """What was said so far."""

    days: tuple[str, str] | None = None  # cron's day of the month and day of the week
    months: str | None = None
    minute: str | None = None
    hour: str | None = None
    asked: _Fault | None = None  # weekly or monthly, which a day must follow


class _Reader:
    """One line, from its first word to its last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._at = 0
        self._found = _Found()

    def cron(self) -> str:
        found = self._found
        while (token := self._peek()) is not None:
            self._clause(token)
        if found.hour is None:
            if found.days is not None or found.months is not None:
                raise self._fault_at_end(strings.times.NO_TIME, strings.times.NO_TIME_RIGHT)
            wrong, right = found.asked or (strings.times.NOTHING, strings.times.RIGHT)
            raise WhenError(self._text, 0, len(self._text), wrong, right)
        if found.days is None and found.asked is not None:
            raise self._fault_at_end(*found.asked)
        date, weekday = found.days or ("*", "*")
        cron = f"{found.minute} {found.hour} {date} {found.months or '*'} {weekday}"
        try:
            next(CronSim(cron, SOME_DAY))
        except (CronSimError, StopIteration):
            raise WhenError(self._text, 0, len(self._text), strings.times.NEVER, strings.times.RIGHT) from None
        return cron

    # --- clauses

    def _clause(self, token: Token) -> None:
        word = token.word
        if token.kind is Kind.AND or (token.kind is Kind.WORD and word in FILLER):
            self._at += 1
            if word in ("every", "each"):
                self._every()
            return
        if (fault := refused(word)) is not None:
            raise self._fault(token, *fault)
        if word.isdecimal() and (following := self._peek(1)) is not None and following.word in MONTHS:
            self._at += 1
            self._set_days(token, (self._dates([(token, int(word))]), "*"))
        elif token.kind is Kind.NUMBER or word in ("noon", "midnight"):
            self._times(token)
        elif token.kind is Kind.ORDINAL or word in ORDINALS or word == LAST:
            self._ordinals(token)
        elif word in EVERY_DAY:
            self._at += 1
            self._set_days(token, ("*", "*"))
        elif (
            word in DAYS
            or word in WORKDAY_NAMES | WEEKEND_NAMES
            or (word in ("working", "business", "work") and self._day_follows())
        ):
            self._weekdays(token)
        elif word in MONTHS:
            self._months(token)
        elif word in ("hourly", "hour"):
            self._at += 1
            self._hours(token, 1)
        elif word in ("weekly", "week"):
            self._at += 1
            self._found.asked = (strings.times.WEEKLY, strings.times.WEEKLY_RIGHT)
        elif word in ("monthly", "month"):
            self._at += 1
            self._found.asked = (strings.times.MONTHLY, strings.times.MONTHLY_RIGHT)
        else:
            right = strings.times.NO_ZONE_HERE_RIGHT if "/" in word else strings.times.RIGHT
            wrong = (
                strings.times.NO_ZONE_HERE
                if "/" in word
                else strings.times.not_understood(self._text[token.start : token.end])
            )
            raise self._fault(token, wrong, right)

    def _every(self) -> None:
        """What only "every" can begin: a count of something, and what cron cannot count."""
        token = self._peek()
        if token is None:
            return
        following = self._peek(1)
        unit = following.word if following is not None else ""
        if token.word in OTHER and not (unit in DAYS and self._of_the_month(2)):
            if unit in ("day", "days"):
                raise self._fault(token, strings.times.EVERY_FEW_DAYS, strings.times.EVERY_FEW_DAYS_RIGHT)
            if unit in ("month", "months"):
                raise self._fault(token, strings.times.EVERY_FEW_MONTHS, strings.times.EVERY_FEW_MONTHS_RIGHT)
            if unit in ("hour", "hours"):
                self._at += 2
                self._hours(token, 2)
                return
            raise self._fault(token, strings.times.EVERY_SECOND, strings.times.EVERY_SECOND_RIGHT)
        count = int(token.word) if token.word.isdecimal() else COUNTS.get(token.word)
        if count is None or following is None:
            return
        match unit.rstrip("s"):
            case "minute" | "min":
                self._at += 2
                self._minutes(token, count)
            case "hour" | "hr":
                self._at += 2
                self._hours(token, count)
            case "day" | "weekday" if count > 1:
                raise self._fault(token, strings.times.EVERY_FEW_DAYS, strings.times.EVERY_FEW_DAYS_RIGHT, following)
            case "week" if count > 1:
                raise self._fault(token, strings.times.EVERY_SECOND, strings.times.EVERY_SECOND_RIGHT, following)
            case "month" | "quarter" if count > 1:
                raise self._fault(
                    token, strings.times.EVERY_FEW_MONTHS, strings.times.EVERY_FEW_MONTHS_RIGHT, following
                )
            case "day" | "week" | "month":
                self._at += 1

    # --- days

    def _weekdays(self, first: Token) -> None:
        days: set[int] = set()
        while True:
            days |= self._day_or_range()
            following = self._peek()
            if (following is None or following.word not in DAYS) and not self._another(_is_day):
                break
        self._set_days(first, ("*", _numbers(days) if len(days) < 7 else "*"))

    def _day_or_range(self) -> set[int]:
        token = self._next()
        if token.word in ("working", "business", "work"):
            self._at += 1
            return set(WORKING)
        if token.word in WORKDAY_NAMES:
            return set(WORKING)
        if token.word in WEEKEND_NAMES:
            return set(WEEKEND)
        day, dash, last = DAYS[token.word], self._peek(), self._peek(1)
        if dash is None or dash.kind is not Kind.DASH or last is None or last.word not in DAYS:
            return {day}
        self._at += 2
        end = DAYS[last.word]
        return {(day + step) % 7 for step in range((end - day) % 7 + 1)}

    def _ordinals(self, first: Token) -> None:
        """The 1st and 15th; the first and third Monday; the last Friday; the last day."""
        numbers: list[tuple[Token, int | None]] = []
        while True:
            token = self._next()
            last = token.word == LAST
            number = ORDINALS.get(token.word) or (None if last else int(token.word[:-2]))
            numbers.append((token, number))
            if not self._another(_is_ordinal):
                break
        noun = self._peek()
        if noun is not None and noun.word in DAYS:
            self._at += 1
            self._nth(first, numbers, noun)
        elif noun is not None and (
            noun.word in WORKDAY_NAMES or (noun.word in ("working", "business") and self._day_follows())
        ):
            self._at += 1 + (noun.word in ("working", "business"))
            if any(number is not None for _, number in numbers):
                raise self._fault(first, strings.times.NEAREST_WEEKDAY, strings.times.NEAREST_WEEKDAY_RIGHT, noun)
            self._set_days(first, ("LW", "*"))
        else:
            if noun is not None and noun.word in ("day", "days"):
                self._at += 1
            elif any(token.kind is not Kind.ORDINAL for token, _ in numbers):
                raise self._fault(first, strings.times.MONTHLY, strings.times.MONTHLY_RIGHT)
            self._set_days(first, (self._dates(numbers), "*"))
        self._skip_of_the_month()

    def _nth(self, first: Token, numbers: Sequence[tuple[Token, int | None]], noun: Token) -> None:
        which: list[tuple[int | None, int]] = []
        day = DAYS[noun.word]
        for token, number in numbers:
            if number is not None and not 1 <= number <= 5:
                raise self._fault(token, strings.times.fifth(token.word), strings.times.FIFTH_RIGHT)
            which.append((number, day))
        while self._another(_is_ordinal):
            token, named = self._next(), self._peek()
            number = ORDINALS.get(token.word) or (None if token.word == LAST else int(token.word[:-2]))
            if named is None or named.word not in DAYS or (number is not None and not 1 <= number <= 5):
                raise self._fault(token, strings.times.fifth(token.word), strings.times.FIFTH_RIGHT)
            self._at += 1
            which.append((number, DAYS[named.word]))
        self._set_days(
            first, ("*", ",".join(f"{day}L" if nth is None else f"{day}#{nth}" for nth, day in ordered(which)))
        )

    def _dates(self, numbers: Sequence[tuple[Token, int | None]]) -> str:
        dates: set[int] = set()
        for token, number in numbers:
            if number is None:
                continue
            if not 1 <= number <= 31:
                raise self._fault(token, strings.times.no_day_of_month(token.word), strings.times.DAY_OF_MONTH_RIGHT)
            dates.add(number)
        last = ["L"] if any(number is None for _, number in numbers) else []
        return ",".join([*map(str, sorted(dates)), *last])

    def _set_days(self, token: Token, days: tuple[str, str]) -> None:
        if self._found.days is not None:
            raise self._fault(token, strings.times.DAYS_TWICE, strings.times.ONE_SCHEDULE)
        self._found.days = days

    def _months(self, first: Token) -> None:
        if self._found.months is not None:
            raise self._fault(first, strings.times.MONTHS_TWICE, strings.times.ONE_SCHEDULE)
        months: set[int] = set()
        while True:
            start = MONTHS[self._next().word]
            dash, last = self._peek(), self._peek(1)
            if dash is not None and dash.kind is Kind.DASH and last is not None and last.word in MONTHS:
                self._at += 2
                end = MONTHS[last.word]
                months |= {(start + step - 1) % 12 + 1 for step in range((end - start) % 12 + 1)}
            else:
                months.add(start)
            if not self._another(lambda token: token.word in MONTHS):
                break
        self._found.months = ",".join(map(str, sorted(months))) if len(months) < 12 else "*"

    # --- times

    def _times(self, first: Token) -> None:
        read: list[tuple[int, int, bool]] = []
        while True:
            read.append(self._time(self._next()))
            if not self._another(lambda token: token.kind is Kind.NUMBER or token.word in ("noon", "midnight")):
                break
        last = self._tokens[self._at - 1]
        if len({half for _, _, half in read}) > 1 and any(not half and hour <= 12 for hour, _, half in read):
            raise self._fault(first, strings.times.HALVES, strings.times.HALVES_RIGHT, last)
        hours, minutes = {hour for hour, _, _ in read}, {minute for _, minute, _ in read}
        if len({(hour, minute) for hour, minute, _ in read}) != len(hours) * len(minutes):
            raise self._fault(first, strings.times.CROSSED, strings.times.CROSSED_RIGHT, last)
        self._set_times(first, _listed(minutes), _listed(hours))

    def _time(self, token: Token) -> tuple[int, int, bool]:
        """Hour, minute, and whether it said which half of the day."""
        if token.word in ("noon", "midnight"):
            return (12 if token.word == "noon" else 0), 0, True
        found = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d\d)|h)?\s?(?:([ap])\.?m\.?)?", token.word)
        if found is None:
            raise self._fault(token, strings.times.no_time_of_day(token.word), strings.times.TIME_RIGHT)
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
            raise self._fault(token, strings.times.no_time_of_day(token.word), strings.times.TIME_RIGHT)
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return hour, minute, half is not None or found[2] is not None

    def _set_times(self, token: Token, minute: str, hour: str) -> None:
        if self._found.hour is not None:
            raise self._fault(token, strings.times.TIMES_TWICE, strings.times.ONE_SCHEDULE)
        self._found.minute, self._found.hour = minute, hour

    def _minutes(self, token: Token, count: int) -> None:
        if count == 60:
            self._hours(token, 1)
            return
        if count not in EVEN_MINUTES:
            wrong = strings.times.uneven(count, "minutes")
            raise self._fault(token, wrong, strings.times.even("minutes", EVEN_MINUTES))
        span = self._from_to()
        self._set_times(token, f"*/{count}", "*" if span is None else f"{span[0]}-{span[1]}")

    def _hours(self, token: Token, count: int) -> None:
        if count != 1 and count not in EVEN_HOURS:
            if count == 24:
                self._set_days(token, ("*", "*"))
                return
            raise self._fault(token, strings.times.uneven(count, "hours"), strings.times.even("hours", EVEN_HOURS))
        span = self._from_to()
        hours = "*" if span is None else f"{span[0]}-{span[1]}"
        self._set_times(token, "0", hours if count == 1 else f"{hours}/{count}")

    def _from_to(self) -> tuple[int, int] | None:
        """Whole hours, both included."""
        begins, first, dash, last = (self._peek(step) for step in range(4))
        if begins is None or begins.word not in ("from", "between"):
            return None
        joined = dash is not None and (dash.kind is Kind.DASH or dash.word == "and")
        if first is None or last is None or not joined:
            raise self._fault(begins, strings.times.HOURS_ONLY, strings.times.HOURS_ONLY_RIGHT)
        self._at += 4
        (start, minute, _), (end, other, _) = self._time(first), self._time(last)
        if minute or other or start >= end:
            raise self._fault(first, strings.times.HOURS_ONLY, strings.times.HOURS_ONLY_RIGHT, last)
        return start, end

    # --- the words themselves

    def _peek(self, ahead: int = 0) -> Token | None:
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else None

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _another(self, fits: Callable[[Token], bool]) -> bool:
        """Whether a list goes on; what joins its members is then behind us."""
        ahead = self._at
        while ahead < len(self._tokens):
            token = self._tokens[ahead]
            if token.kind is Kind.AND or (ahead > self._at and token.word in ("at", "on", "the", "every")):
                ahead += 1
                continue
            if ahead > self._at and fits(token):
                self._at = ahead
                return True
            return False
        return False

    def _day_follows(self) -> bool:
        following = self._peek(1)
        return following is not None and following.word in ("day", "days")

    def _of_the_month(self, ahead: int) -> bool:
        words = [token.word for step in range(3) if (token := self._peek(ahead + step)) is not None]
        return words[:2] in (["of", "month"], ["in", "month"]) or (
            words[:1] in (["of"], ["in"])
            and words[1:2] in (["the"], ["every"], ["each"], ["a"])
            and words[2:] == ["month"]
        )

    def _skip_of_the_month(self) -> None:
        if self._of_the_month(0):
            while self._next().word != "month":
                pass
        elif (token := self._peek()) is not None and token.word in ("monthly",):
            self._at += 1

    def _fault(self, first: Token, wrong: str, right: str, last: Token | None = None) -> WhenError:
        return WhenError(self._text, first.start, (last or first).end, wrong, right)

    def _fault_at_end(self, wrong: str, right: str) -> WhenError:
        return WhenError(self._text, len(self._text), len(self._text), wrong, right)


def _is_day(token: Token) -> bool:
    return token.word in DAYS or token.word in WORKDAY_NAMES | WEEKEND_NAMES


def _is_ordinal(token: Token) -> bool:
    return token.kind is Kind.ORDINAL or token.word in ORDINALS or token.word == LAST


def _numbers(days: set[int]) -> str:
    return "1-5" if days == WORKING else _listed(days)


def _listed(numbers: set[int]) -> str:
    return ",".join(map(str, sorted(numbers)))
