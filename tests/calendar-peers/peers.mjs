// Reads a calendar with ical.js (the reader of Thunderbird) and compares it with what went into it.
//
// usage: node peers.mjs FILE.ics EXPECTED.json
// Exit 0 when every field is the same, 1 with one line a difference otherwise.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import ICAL from 'ical.js';

/** RFC 3339: a date, or an instant in UTC worked out by the file's own VTIMEZONE. */
function moment(time) {
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) return `floating ${time.toString()}`;
  return new Date(time.toUnixTime() * 1000).toISOString().replace('.000Z', 'Z');
}

function stamp(event, name) {
  const time = event.getFirstPropertyValue(name);
  return time === null ? null : moment(time);
}

function text(component, name) {
  return component.getFirstPropertyValue(name) ?? '';
}

function alarmMinutes(event) {
  const alarms = event.getAllSubcomponents('valarm');
  if (alarms.length === 0) return null;
  if (alarms.length > 1) return 'several alarms';
  const [alarm] = alarms;
  if (text(alarm, 'action') !== 'DISPLAY' || text(alarm, 'description') === '') {
    return 'an alarm without ACTION or DESCRIPTION';
  }
  return -alarm.getFirstPropertyValue('trigger').toSeconds() / 60;
}

function fields(event) {
  const start = event.getFirstPropertyValue('dtstart');
  return {
    uid: text(event, 'uid'),
    sequence: event.getFirstPropertyValue('sequence'),
    created: stamp(event, 'created'),
    last_modified: stamp(event, 'last-modified'),
    all_day: start.isDate,
    start: moment(start),
    end: moment(event.getFirstPropertyValue('dtend')),
    summary: text(event, 'summary'),
    description: text(event, 'description'),
    location: text(event, 'location'),
    geo: event.getFirstPropertyValue('geo'),
    url: event.getFirstPropertyValue('url'),
    categories: event.getFirstProperty('categories')?.getValues() ?? [],
    status: text(event, 'status'),
    class: text(event, 'class'),
    transparency: text(event, 'transp'),
    alarm_minutes: alarmMinutes(event),
  };
}

function main(file, expectation) {
  const expected = JSON.parse(readFileSync(expectation, 'utf8'));
  const parsed = ICAL.parse(readFileSync(file, 'utf8'));
  const differences = [];
  // Several calendars in one file come as a list of lists.
  if (parsed[0] !== 'vcalendar') throw new Error(`${file}: not one calendar`);
  const calendar = new ICAL.Component(parsed);
  for (const name of ['name', 'x-wr-calname']) {
    // A property that ical.js does not know has the type "unknown" and stays escaped.
    const raw = calendar.getFirstPropertyValue(name);
    const known = calendar.getFirstProperty(name)?.type === 'text';
    const value = raw === null || known ? raw : raw.replace(/\\([\\;,])/g, '$1');
    if (value !== expected.name) differences.push(`${name}: ${value} instead of ${expected.name}`);
  }
  const events = calendar.getAllSubcomponents('vevent');
  const wanted = new Map(expected.events.map((event) => [event.uid, event]));
  if (events.length !== wanted.size) differences.push(`${events.length} events instead of ${wanted.size}`);
  for (const event of events) {
    const found = fields(event);
    const want = wanted.get(found.uid);
    if (want === undefined) {
      differences.push(`${found.uid}: not expected`);
      continue;
    }
    wanted.delete(found.uid);
    for (const [name, value] of Object.entries(found)) {
      if (!isDeepStrictEqual(value, want[name])) {
        differences.push(`${found.uid}: ${name}: ${JSON.stringify(value)} instead of ${JSON.stringify(want[name])}`);
      }
    }
  }
  for (const uid of wanted.keys()) differences.push(`${uid}: missing`);
  for (const line of differences) console.error(`${file}: ical.js: ${line}`);
  if (differences.length > 0) return 1;
  console.log(`${file}: ical.js reads the same ${events.length} events`);
  return 0;
}

const [file, expectation] = process.argv.slice(2);
if (expectation === undefined) {
  console.error('usage: node peers.mjs FILE.ics EXPECTED.json');
  process.exitCode = 2;
} else {
  process.exitCode = main(file, expectation);
}
