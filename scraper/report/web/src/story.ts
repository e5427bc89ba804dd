// The crawl's story, and what the last pass changed.
import { bars, tallyBar, timeline, type Part } from './charts';
import type { Change, Report, Run } from './content';
import { changedFields } from './details';
import { h, link } from './dom';
import { bytes, count, counted, duration, field, moment, percent, reason } from './format';

type Cell = Node | string;

function section(title: string, ...children: (Node | string | null | false)[]): HTMLElement {
  return h('section', { class: 'block' }, h('h2', {}, title), ...children);
}

function table(caption: string, heads: [text: string, numeric: boolean][], rows: Cell[][]): HTMLElement {
  const cls = (i: number) => (heads[i][1] ? 'number' : null);
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, h('table', { class: 'rows' },
    h('thead', {}, h('tr', {}, ...heads.map(([text], i) => h('th', { scope: 'col', class: cls(i) }, text)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {},
      ...row.map((cell, i) => i === 0 ? h('th', { scope: 'row', class: cls(i) }, cell) : h('td', { class: cls(i) }, cell)))))));
}

function figures(report: Report, current: number): HTMLElement {
  const run = report.runs[0];
  const tile = (value: string, label: string) => h('div', {}, h('dd', {}, value), h('dt', {}, label));
  const took = (one: Run) => Date.parse(one.finished_at ?? one.saved_at) - Date.parse(one.started_at);
  const errors = report.pages.http_statuses.reduce((n, [status, c]) => n + (status >= 400 || status === 0 ? c : 0), 0);
  return h('dl', { class: 'figures' },
    tile(count(current), current === 1 ? 'place' : 'places'),
    tile(count(report.pages.count), report.pages.count === 1 ? 'page' : 'pages'),
    tile(count(report.host_count), report.host_count === 1 ? 'host' : 'hosts'),
    tile(percent(errors, report.pages.count), 'of pages failed'),
    run ? tile(took(run) < 1000 ? '< 1 s' : duration(took(run)), 'the last run took') : null,
    run ? tile(bytes(run.bytes), 'read in it') : null,
    report.queued > 0 ? tile(count(report.queued), 'URLs still wait') : null);
}

function pagesOverTime(report: Report): HTMLElement {
  const { start, bucket, tallies } = report.pages.timeline;
  const all = tallies.reduce((n, t) => n + t[0] + t[1] + t[2], 0);
  return section('Pages over time',
    tallies.length >= 4
      ? timeline(start, bucket, tallies)
      : h('p', {}, all === 0
        ? 'No page has been fetched yet.'
        : `${counted(all, 'page')} within ${counted(Math.max(1, tallies.length * bucket), 'second')}.`));
}

function fillRates(report: Report, current: number): HTMLElement {
  const rows = report.pages.filled
    .filter(([, n]) => n > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([name, n]) => ({ label: field(name), value: n, title: `${name}: ${counted(n, 'place')}` }));
  return section('What is known of the places',
    rows.length ? h('p', { class: 'lead' }, 'The share of the places that have each field.') : null,
    rows.length ? bars(rows, current) : h('p', {}, 'No places yet.'));
}

function formats(report: Report, current: number): HTMLElement {
  const rows = report.pages.formats.map((f) => ({ label: f.format, value: f.places, note: count(f.places),
    title: `${counted(f.observations, 'observation')} on ${counted(f.pages, 'page')}` }));
  return section('Formats found',
    rows.length ? h('p', { class: 'lead' }, `How many places each format stated, in ${counted(report.observations, 'observation')}.`) : null,
    rows.length ? bars(rows, Math.max(current, ...rows.map((r) => r.value))) : h('p', {}, 'No page has stated a place in any format.'));
}

const kindOf = (status: number): Part =>
  status === 0 || status >= 400 ? 'error' : status >= 300 && status !== 304 ? 'redirect' : 'ok';

function endings(report: Report): HTMLElement | null {
  const statuses = report.pages.http_statuses.map(([status, n]) => ({
    label: status === 0 ? 'no response' : `HTTP ${status}`, value: n, note: count(n), kind: kindOf(status) })).sort((a, b) => b.value - a.value);
  if (!statuses.length) return null;
  const errors = [...report.pages.errors].sort((a, b) => b[1] - a[1])
    .map(([error, n]) => ({ label: error, value: n, note: count(n), kind: 'error' as const }));
  return section('How fetches ended', bars(statuses, report.pages.count),
    errors.length ? h('h3', {}, 'Errors') : null, errors.length ? bars(errors, errors[0].value) : null);
}

function politeness(report: Report): HTMLElement {
  const { hosts, requests, refused, early, most_in_flight, min_gap_ms } = report.politeness;
  if (hosts === 0) return section('Politeness kept', h('p', {}, 'No host has been asked for anything in this pass.'));
  const kept = early === 0 ? 'None began before it was allowed.' : `${counted(early, 'request')} began before they were allowed.`;
  return section('Politeness kept',
    h('p', {}, `${counted(requests, 'request')} to ${counted(hosts, 'host')} in this pass, at most ${count(most_in_flight)} at a time to one host`,
      min_gap_ms === null ? '. ' : `, never closer together than ${duration(min_gap_ms)}. `,
      kept, ` ${refused === 0 ? 'No host asked to slow down.' : `${counted(refused, 'answer')} asked to slow down (429 or 503).`}`));
}

function hosts(report: Report): HTMLElement | null {
  if (!report.hosts.length) return null;
  const most = Math.max(...report.hosts.map(({ pages: [a, b, c] }) => a + b + c));
  const ms = (n: number | null) => (n === null ? '\u2013' : duration(n));
  const rows = report.hosts.map(({ host, pages, places, queued, pace }): Cell[] => {
    const all = pages[0] + pages[1] + pages[2];
    return [host, h('span', { class: 'withbar', title: `${counted(pages[0], 'page')} read, ${counted(pages[1], 'redirect')}, ${counted(pages[2], 'error')}` },
      tallyBar(pages, most), h('span', {}, count(all))),
      count(pages[2]), count(places), count(queued), count(pace.requests), count(pace.refused), ms(pace.min_gap_ms), ms(pace.min_delay_ms),
      pace.latency_ms ? duration(pace.latency_ms) : '\u2013'];
  });
  const more = report.host_count - report.hosts.length;
  return section('Hosts', table('Hosts', [['Host', false], ['Pages', false], ['Errors', true], ['Places', true], ['Queued', true],
    ['Requests', true], ['Refused', true], ['Shortest gap', true], ['Delay asked', true], ['Usual latency', true]], rows),
    more > 0 && h('p', { class: 'muted' }, `and ${counted(more, 'host')} with fewer pages`));
}

function filtered(report: Report): HTMLElement {
  const rows = report.filtered.map(({ reason: name, count: n, example }): Cell[] => [
    h('span', { title: name }, reason(name)), count(n), link(example, example, { class: 'url' })]);
  return section('Links not followed', rows.length
    ? table('Links not followed', [['Why', false], ['URLs', true], ['The first of them', false]], rows)
    : h('p', {}, 'Every link that was found was followed.'));
}

function runs(report: Report): HTMLElement {
  const rows = report.runs.map((run): Cell[] => [String(run.id), moment(run.started_at),
    duration(Date.parse(run.finished_at ?? run.saved_at) - Date.parse(run.started_at)),
    (run.outcome ?? 'running') + (run.pass_end && run.pass_end !== 'complete' ? ` (${run.pass_end})` : ''), run.backend,
    count(run.pages), count(run.errors), count(run.new), count(run.changed), count(run.gone)]);
  return section('Runs', rows.length
    ? table('Runs', [['Run', true], ['Started', false], ['Took', true], ['Outcome', false], ['Backend', false],
      ['Pages', true], ['Errors', true], ['New', true], ['Changed', true], ['Gone', true]], rows)
    : h('p', {}, 'There has been no run yet.'));
}

function alarms(report: Report): HTMLElement | null {
  const rung = report.runs.find((run) => run.pass_end && run.pass_end !== 'partial')?.alarms ?? [];
  if (!rung.length) return null;
  return h('section', { class: 'block alarm', role: 'note' }, h('h2', {}, 'Something fell by more than half'),
    h('p', {}, 'Sites that change their templates do not say so. Compared with the pass before:'),
    h('ul', {}, ...rung.map((text) => h('li', {}, text))));
}

export function crawl(report: Report, current: number): HTMLElement {
  return h('div', { class: 'story' }, figures(report, current), alarms(report), pagesOverTime(report),
    h('div', { class: 'pair' }, fillRates(report, current),
      h('div', {}, formats(report, current), endings(report))),
    politeness(report), filtered(report), runs(report), hosts(report));
}

const marks = { new: '+', gone: '\u2212', back: '\u21ba', changed: '~' };

function changeRow(change: Change, open: (id: string) => void): HTMLElement {
  return h('li', { class: `change ${change.kind}` },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, marks[change.kind]),
    h('div', {}, h('button', { type: 'button', class: 'name', dir: 'auto', onclick: () => open(change.id) }, change.name || 'No name'),
      h('span', { class: 'muted small' }, ` ${change.kind}`), changedFields(change)));
}

export function changes(report: Report, open: (id: string) => void): HTMLElement {
  const found = report.changes;
  if (!found) return h('div', { class: 'story' }, h('p', { class: 'empty' }, 'Nothing to compare yet: no run has come to the end of its pass.'));
  if (found.first_pass) {
    return h('div', { class: 'story' }, h('p', { class: 'empty' },
      `This was the first pass: all ${counted(found.new, 'place')} are new. After the next one, this page shows what is new, different or gone.`));
  }
  const list = h('ol', { class: 'changelist' });
  const more = h('button', { type: 'button', class: 'more' });
  let shown = 0;
  const show = () => {
    for (const end = shown + 100; shown < Math.min(end, found.rows.length); ++shown) list.append(changeRow(found.rows[shown], open));
    more.hidden = shown >= found.rows.length;
    more.textContent = `Show more (${count(found.rows.length - shown)})`;
  };
  more.addEventListener('click', show);
  show();
  const all = found.new + found.gone + found.back + found.changed;
  const tile = (n: number, label: string) => h('div', {}, h('dd', {}, count(n)), h('dt', {}, label));
  return h('div', { class: 'story' },
    h('dl', { class: 'figures' }, tile(found.new, 'new'), tile(found.changed, 'changed'), tile(found.gone, 'gone'), found.back ? tile(found.back, 'back again') : null),
    all === 0 ? h('p', { class: 'empty' }, `Nothing has changed since run ${found.since_run}.`)
      : h('section', { class: 'block' }, h('h2', {}, `Since run ${found.since_run}`), list, more,
        all > found.rows.length && h('p', { class: 'muted' }, `${count(all - found.rows.length)} more are in the database: placer diff lists them.`)));
}
