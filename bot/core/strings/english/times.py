"""A schedule as a sentence, and what is wrong with words that name no time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

EXAMPLES = "weekdays at 9; every Friday 16:00; daily at 9am and 5pm; first Monday of the month at 9; 0 9 * * 1-5"
RIGHT = f"write it as one of these: {EXAMPLES}"

# --- a schedule as a sentence ----------------------------------------------------------------------------------

EVERY_DAY = "every day"
WEEKDAYS = "on weekdays"
WEEKENDS = "at weekends"
OF_THE_MONTH = "of the month"
LAST_DAY = "on the last day of the month"
LAST_WEEKDAY = "on the last weekday of the month"
EVERY_HOUR = "every hour"
DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
"""By cron's numbers."""
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ORDINALS = ("first", "second", "third", "fourth", "fifth")
LAST = "last"


def listed(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), names[-1]])


def on_days(days: Sequence[int]) -> str:
    return f"on {listed([f'{DAY_NAMES[day]}s' for day in days])}"


def on_nth(which: Sequence[tuple[int | None, int]]) -> str:
    """(ordinal from 1, None for the last; day of the week) each."""
    if len({day for _, day in which}) == 1:
        places = listed([LAST if nth is None else ORDINALS[nth - 1] for nth, _ in which])
        return f"on the {places} {DAY_NAMES[which[0][1]]} {OF_THE_MONTH}"
    names = [f"{LAST if nth is None else ORDINALS[nth - 1]} {DAY_NAMES[day]}" for nth, day in which]
    return f"on the {listed(names)} {OF_THE_MONTH}"


def on_dates(days: Sequence[int]) -> str:
    return f"on the {listed([f'{day}{_ending(day)}' for day in days])} {OF_THE_MONTH}"


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def in_months(months: Sequence[int]) -> str:
    return f" in {listed([MONTH_NAMES[month - 1] for month in months])}"


def at_times(times: Sequence[time]) -> str:
    return f" at {listed([f'{one:%H:%M}' for one in times])}"


def every_minutes(count: int) -> str:
    return f"every {count} minutes"


def every_hours(count: int) -> str:
    return EVERY_HOUR if count == 1 else f"every {count} hours"


def from_to(first: int, last: int) -> str:
    return f" from {first:02}:00 to {last:02}:00"


def as_cron(cron: str, said: str) -> str:
    """An expression for which there are no plain words, and what it comes to."""
    return f"{said[:1].lower()}{said[1:]} (cron {cron})"


# --- what is wrong ---------------------------------------------------------------------------------------------

NOTHING = "there is no time in it"
TOO_LONG = "it is too long to be a time"
NO_TIME = "it says on which days, and not when"
NO_TIME_RIGHT = "add a time of day, such as at 9 or at 16:30"
DAYS_TWICE = "the days are given twice"
TIMES_TWICE = "the time is given twice"
MONTHS_TWICE = "the months are given twice"
ONE_SCHEDULE = "one schedule has one set of days and times; make a second schedule for the others"
HALVES = "of these times some have am or pm and some have not"
HALVES_RIGHT = "say it for each of them, such as 9am and 5pm, or write 9:00 and 17:00"
CROSSED = "these times differ both in hours and in minutes"
CROSSED_RIGHT = (
    "times of one schedule have the same minutes (9:15 and 17:15) or the same hour; make a second schedule"
    " for the others"
)
WEEKLY = "it does not say on which day of the week"
WEEKLY_RIGHT = "name the day, such as every Friday at 16:00"
MONTHLY = "it does not say on which day of the month"
MONTHLY_RIGHT = "name the day, such as on the 1st at 9, or first Monday of the month at 9"
EVERY_SECOND = "every second or third week is nothing that a schedule can count: weeks have no numbers in cron"
EVERY_SECOND_RIGHT = (
    "say which ones of the month, such as first and third Monday of the month at 9, or every Monday at 9"
)
EVERY_FEW_DAYS = "every so many days is nothing that a schedule can count across the end of a month"
EVERY_FEW_DAYS_RIGHT = "name the days, such as Mondays, Wednesdays and Fridays at 9, or on the 1st and 15th at 9"
EVERY_FEW_MONTHS = "every so many months has to say which"
EVERY_FEW_MONTHS_RIGHT = "name them, such as on the 1st at 9 in January, April, July and October"
NEAREST_WEEKDAY = "the first working day of a month is nothing that a schedule can tell"
NEAREST_WEEKDAY_RIGHT = "take the first Monday of the month, the 1st, or the last weekday of the month"
TOO_FEW = "it does not say at which hours"
TOO_FEW_RIGHT = "name them, such as daily at 9 and 17"
ONCE = "a schedule comes again and again; this names one time only"
HOURS_ONLY = "from and to take whole hours of one day"
HOURS_ONLY_RIGHT = "write every hour from 9 to 17, or every 2 hours from 8 to 20"
NO_ZONE_HERE = "a time zone is given apart"
NO_ZONE_HERE_RIGHT = "such as zone:America/New_York"
CRON_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
CRON_RANGES = ("0 to 59", "0 to 23", "1 to 31 or L", "1 to 12", "0 to 7 (Sunday is 0 and 7), 1#2 or 5L")


def not_understood(word: str) -> str:
    return f"{word!r:.40} is not understood as a time"


def no_time_of_day(typed: str) -> str:
    return f"{typed!r:.20} is no time of day"


TIME_RIGHT = "hours go from 0 to 23, or from 1 to 12 with am and pm: 9, 9am, 16:30, noon"


def no_day_of_month(typed: str) -> str:
    return f"no month has a {typed:.10}"


DAY_OF_MONTH_RIGHT = "days of the month go from 1st to 31st"


def fifth(typed: str) -> str:
    return f"no month has a {typed:.20} one"


FIFTH_RIGHT = "they go from first to fifth, and last"


def uneven(count: int, unit: str) -> str:
    return f"{count} {unit} do not go evenly into {'an hour' if unit == 'minutes' else 'a day'}"


def even(unit: str, right: Sequence[int]) -> str:
    return f"every {', '.join(map(str, right[:-1]))} or {right[-1]} {unit} do"


def cron_count(count: int) -> str:
    return f"cron has five fields (minute, hour, day of the month, month, day of the week), and this has {count}"


def cron_field(field: int, typed: str) -> str:
    return f"{typed!r:.40} is no {CRON_FIELDS[field]}"


def cron_right(field: int) -> str:
    return f"it goes from {CRON_RANGES[field]}; five cron fields are such as 0 9 * * 1-5"


NEVER = "that day never comes"
NEVER_RIGHT = "write five cron fields that meet, such as 0 9 * * 1-5"
NICKNAME = "names for cron are not known"


def no_schedule(cron: str) -> str:
    return f"{cron!r:.200} is no schedule; use five cron fields such as 0 9 * * 1-5"


# --- zones and quiet hours -------------------------------------------------------------------------------------


def no_zone(typed: str, hint: str) -> str:
    return f"there is no time zone {typed!r:.80}{hint}; use an IANA name such as Europe/London"


def either_of(names: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(names[:3])}?"


def letters_are_no_zone(typed: str, names: Sequence[str]) -> str:
    return f"{typed:.10} does not say where, nor when the clocks change; use a place, such as {' or '.join(names)}"


def no_quiet_hours(typed: str) -> str:
    return f"{typed!r:.40} names no quiet hours; write them as 22:00-07:00, or none"


def quiet_all_day(typed: str) -> str:
    return f"{typed!r:.40} would be quiet all day; write quiet hours as 22:00-07:00, or none"
