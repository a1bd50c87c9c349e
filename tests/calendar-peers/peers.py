"""Reads a calendar with Python's icalendar and compares it with what went into it.

usage: peers.py FILE.ics EXPECTED.json
Exit 0 when every field is the same, 1 with one line a difference otherwise.
"""

import json
import re
import sys
from datetime import date, datetime, timedelta, timezone

from icalendar import Calendar


def instant(value):
    """RFC 3339 in UTC, as the expectation says it."""
    if value.tzinfo is None:
        return f"floating {value.isoformat()}"
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(component, name, zones):
    """A date or an instant; a zoned time is worked out twice, by the zone database and by the file's VTIMEZONE."""
    prop = component[name]
    value = prop.dt
    if not isinstance(value, datetime):
        return value.isoformat()
    said = instant(value)
    tzid = prop.params.get("TZID")
    if tzid is not None:
        if tzid not in zones:
            return f"{said}, but the file has no VTIMEZONE {tzid}"
        by_file = instant(value.replace(tzinfo=zones[tzid]))
        if by_file != said:
            return f"{said}, but {by_file} by the VTIMEZONE"
    return said


def text(component, name):
    value = component.get(name)
    return "" if value is None else str(value)


def stamp(component, name):
    value = component.get(name)
    return None if value is None else instant(value.dt)


def alarm_minutes(event):
    alarms = event.walk("VALARM")
    if not alarms:
        return None
    (alarm,) = alarms
    if alarm["ACTION"] != "DISPLAY" or not text(alarm, "DESCRIPTION"):
        return "an alarm without ACTION or DESCRIPTION"
    return int(-alarm["TRIGGER"].dt / timedelta(minutes=1))


def categories(event):
    value = event.get("CATEGORIES")
    return [] if value is None else [str(category) for category in value.cats]


def fields(event, zones):
    geo = event.get("GEO")
    return {
        "uid": text(event, "UID"),
        "sequence": int(event["SEQUENCE"]),
        "created": stamp(event, "CREATED"),
        "last_modified": stamp(event, "LAST-MODIFIED"),
        "all_day": isinstance(event["DTSTART"].dt, date) and not isinstance(event["DTSTART"].dt, datetime),
        "start": moment(event, "DTSTART", zones),
        "end": moment(event, "DTEND", zones),
        "summary": text(event, "SUMMARY"),
        "description": text(event, "DESCRIPTION"),
        "location": text(event, "LOCATION"),
        "geo": None if geo is None else [float(geo.latitude), float(geo.longitude)],
        "url": text(event, "URL") or None,
        "categories": categories(event),
        "status": text(event, "STATUS"),
        "class": text(event, "CLASS"),
        "transparency": text(event, "TRANSP"),
        "alarm_minutes": alarm_minutes(event),
    }


def main(file, expectation):
    with open(file, "rb") as stream:
        calendar = Calendar.from_ical(stream.read())
    with open(expectation, encoding="utf-8") as stream:
        expected = json.load(stream)
    differences = []
    for component in calendar.walk():
        for name, reason in getattr(component, "errors", None) or []:
            differences.append(f"{component.name}: {name} could not be read: {reason}")
    zones = {str(zone["TZID"]): zone.to_tz(lookup_tzid=False) for zone in calendar.walk("VTIMEZONE")}
    for name in ("NAME", "X-WR-CALNAME"):
        # icalendar does not know that these two are texts (RFC 7986 section 5.1) and leaves the escapes.
        value = re.sub(r"\\([\\;,])", r"\1", text(calendar, name)) or None
        if value != expected["name"]:
            differences.append(f"{name}: {value!r} instead of {expected['name']!r}")
    found = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    wanted = {event["uid"]: event for event in expected["events"]}
    if len(calendar.walk("VEVENT")) != len(expected["events"]) or found.keys() != wanted.keys():
        differences.append(f"events: {sorted(found)} instead of {sorted(wanted)}")
    for uid in found.keys() & wanted.keys():
        for name, value in fields(found[uid], zones).items():
            if value != wanted[uid][name]:
                differences.append(f"{uid}: {name}: {value!r} instead of {wanted[uid][name]!r}")
    for line in differences:
        print(f"{file}: icalendar: {line}", file=sys.stderr)
    if differences:
        return 1
    print(f"{file}: icalendar reads the same {len(found)} events")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
