// One place: its fields, and for each a number that says which source it came from.
import type { Change } from './content';
import { h, link } from './dom';
import { category, count, date, field, hostOf, moment } from './format';
import type { Origin, PlaceTable } from './places';

// In the order in which people ask; everything else follows.
const leading = [
  'description', 'opening_hours', 'phone', 'email', 'website', 'socials', 'brand', 'branch',
  'operating_status', 'rating', 'price_range', 'category', 'schema_type', 'ref', 'image', 'tags',
];
const shownAbove = ['name', 'addr_full', 'addr_street', 'addr_housenumber', 'addr_unit',
  'addr_postcode', 'addr_city', 'addr_state', 'addr_country', 'lat', 'lon'];
const shownWithin = ['rating_scale', 'rating_count'];

type Content = HTMLElement | string;

function lines(parts: Content[]): HTMLElement {
  return h('ul', { class: 'plain' }, ...parts.map((part) => h('li', {}, part)));
}

// A JSON object of texts, as `socials` and `tags` hold one.
function entries(json: string): [string, string][] {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).map(([key, text]) => [key, String(text)]);
  } catch {
    return [];
  }
}

function content(table: PlaceTable, name: string, index: number): Content {
  const text = table.string(name, index);
  switch (name) {
    case 'phone':
      return lines(text.split(';').map((number) => link(`tel:${number.trim()}`, number.trim())));
    case 'email':
      return link(`mailto:${text}`, text);
    case 'website':
    case 'image':
      return link(text, text, { class: 'url' });
    case 'opening_hours':
      return lines(text.split(';').map((part) => part.trim()));
    case 'category':
      return h('code', {}, text);
    case 'socials':
      return lines(entries(text).map(([key, url]) => link(url, field(key))));
    case 'tags':
      return lines(entries(text).map(([key, value]) => h('code', {}, `${key}=${value}`)));
    case 'operating_status':
      return text.replace(/_/g, ' ');
    case 'rating': {
      const scale = table.string('rating_scale', index);
      const ratings = table.value('rating_count', index);
      return `${text}${scale && ` of ${scale}`}${ratings === null ? '' : ` from ${count(Number(ratings))} ratings`}`;
    }
    default:
      return text;
  }
}

// "1 2": the numbers of the sources that these fields came from. One source needs no number.
function references(origins: Origin[], fields: string[]): HTMLElement | null {
  if (origins.length < 2) return null;
  const numbers = origins.flatMap((origin, i) =>
    origin.fields.some((name) => fields.includes(name)) ? [i + 1] : [],
  );
  const marks = numbers.map((n) =>
    h('a', { href: `#source-${n}`, 'aria-label': `source ${n}`, onclick: (event: Event) => {
      event.preventDefault();
      const source = document.getElementById(`source-${n}`);
      source?.scrollIntoView({ block: 'nearest' });
      source?.focus();
    } }, String(n)),
  );
  return h('sup', { class: 'refs' }, ...marks);
}

function address(table: PlaceTable, index: number): string[] {
  const get = (name: string) => table.string(name, index);
  const unit = get('addr_unit');
  const region = [get('addr_state'), get('addr_country')].filter(Boolean).join(', ');
  const parts = [
    [get('addr_street'), get('addr_housenumber')].filter(Boolean).join(' ') + (unit && `, ${unit}`),
    [get('addr_postcode'), get('addr_city')].filter(Boolean).join(' '),
  ].filter(Boolean);
  if (parts.length === 0 && get('addr_full')) parts.push(get('addr_full'));
  return region ? [...parts, region] : parts;
}

function where(table: PlaceTable, index: number, origins: Origin[]): HTMLElement {
  const parts = address(table, index);
  const lat = table.value('lat', index);
  const lon = table.value('lon', index);
  const block = h('address', {});
  if (parts.length) {
    parts.forEach((part, i) => block.append(...(i ? [h('br'), part] : [part])));
    block.append(references(origins, shownAbove.slice(1, 9)) ?? '');
  }
  if (lat !== null && lon !== null) {
    const at = `${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)}`;
    const map = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`;
    block.append(h('p', { class: 'position' }, link(map, at, { title: 'Show on OpenStreetMap' }),
      references(origins, ['lat', 'lon'])));
  }
  return block;
}

function sources(origins: Origin[]): HTMLElement {
  return h('section', { class: 'sources', 'aria-label': 'Sources' },
    h('h3', {}, origins.length === 1 ? 'Source of all fields' : 'Sources'),
    h('ol', {}, ...origins.map((origin, i) =>
      h('li', { id: `source-${i + 1}`, tabindex: -1 },
        link(origin.url, origin.url, { class: 'url' }),
        h('p', { class: 'small' }, h('strong', {}, origin.format), origin.path && ' at ',
          origin.path && h('code', {}, origin.path)),
        h('p', { class: 'small muted' }, origin.fields.map(field).join(', ')),
      ))));
}

function seen(table: PlaceTable, index: number): HTMLElement {
  const first = table.string('first_seen', index);
  const last = table.string('last_seen', index);
  const missing = table.string('missing_since', index);
  const gone = table.string('gone_since', index);
  const text = first === last
    ? `Seen ${moment(first)}.`
    : `First seen ${date(first)}, last seen ${moment(last)}.`;
  const end = gone ? ` Gone since ${date(gone)}.` : missing ? ` No page states it since ${date(missing)}.` : '';
  return h('p', { class: 'small muted' }, text + end);
}

export function changedFields(change: Change): HTMLElement {
  return h('dl', { class: 'changes' }, ...Object.entries(change.fields).flatMap(([name, [before, after]]) => [
    h('dt', {}, field(name)),
    h('dd', {},
      before === null ? h('span', { class: 'muted' }, 'nothing') : h('del', { dir: 'auto' }, before),
      h('span', { class: 'muted', 'aria-label': 'became' }, ' \u2192 '),
      after === null ? h('span', { class: 'muted' }, 'nothing') : h('ins', { dir: 'auto' }, after)),
  ]));
}

export function details(table: PlaceTable, index: number, change: Change | undefined): HTMLElement {
  const origins = table.origins(index);
  const name = table.string('name', index);
  const tag = table.string('category', index);
  const completeness = Math.round(100 * Number(table.value('completeness', index)));
  const fields = [...leading, ...[...new Set(origins.flatMap((o) => o.fields))].filter(
    (n) => !leading.includes(n) && !shownAbove.includes(n) && !shownWithin.includes(n))];
  const list = h('dl', { class: 'fields' });
  for (const one of fields) {
    if (table.value(one, index) === null) continue;
    list.append(h('dt', {}, field(one)),
      h('dd', { dir: 'auto' }, content(table, one, index), references(origins, [one])));
  }
  const kinds = [tag && category(tag), hostOf(origins[0]?.url ?? '')].filter(Boolean).join(' \u00b7 ');
  return h('article', {},
    h('p', { class: 'over' }, kinds),
    h('h2', { tabindex: -1, dir: 'auto' }, name || 'No name', references(origins, ['name'])),
    table.value('gone_since', index) !== null && h('p', { class: 'badge gone' }, 'Gone'),
    where(table, index, origins),
    list,
    change && Object.keys(change.fields).length > 0 &&
      h('section', {}, h('h3', {}, 'Changed in the last pass'), changedFields(change)),
    sources(origins),
    seen(table, index),
    h('p', { class: 'small muted' }, `${completeness} % of the main fields are known. Id `,
      h('code', {}, table.string('id', index))));
}
