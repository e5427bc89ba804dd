// The page: places with their map, the crawl, the changes.
import { BasemapLayer, mercatorX, mercatorY } from './basemap';
import { isServed, readBasemap, readReport, readVersion, type Change, type Report } from './content';
import { details } from './details';
import { h } from './dom';
import { Filters } from './filters';
import { counted, moment } from './format';
import { CityLabels } from './labels';
import { PlaceList } from './list';
import { PlaceMap, type Camera, type Positions } from './map';
import { PlaceTable } from './places';
import { changes, crawl } from './story';

const views = ['places', 'crawl', 'changes'] as const;
type ViewName = (typeof views)[number];
const mostPrinted = 240;
const covering = matchMedia('(max-width: 55.99rem)');

function positionsOf(table: PlaceTable): Positions & { any: boolean } {
  const xs = new Float64Array(table.count).fill(NaN);
  const ys = new Float64Array(table.count).fill(NaN);
  const lats = table.column('lat');
  const lons = table.column('lon');
  let any = false;
  lats.forEach((lat, i) => {
    const lon = lons[i];
    if (lat === null || lon === null || lon === undefined) return;
    xs[i] = mercatorX(Number(lon));
    ys[i] = mercatorY(Number(lat));
    any = true;
  });
  return { xs, ys, any };
}

// What a reader has in front of them, when the database behind the page has changed.
interface Standing {
  map: Camera | null;
  scroll: number; // of the list
  page: number; // how far it is scrolled
  shown: number; // rows of it
  focus: string; // id of the control
  caret: number | null;
  row: number; // that has the focus; -1: none
}

class Page {
  private readonly alive = new AbortController(); // until another page takes over
  private readonly side = h('div', { class: 'side' });
  private readonly table: PlaceTable;
  private readonly positions: ReturnType<typeof positionsOf>;
  private readonly filters: Filters;
  private readonly list: PlaceList;
  private readonly map: PlaceMap | null;
  private readonly found = h('p', { class: 'found', role: 'status' });
  private readonly nothing = h('p', { class: 'empty', hidden: true });
  private readonly panel = h('aside', { class: 'details', 'aria-label': 'Details', hidden: true });
  private readonly sections: Record<ViewName, HTMLElement>;
  private readonly tabs: Record<ViewName, HTMLAnchorElement>;
  private readonly current: number; // places that are not gone
  private readonly changeOf = new Map<string, Change>();
  private passing: Uint32Array = new Uint32Array();
  private selected = -1;
  private view: ViewName = 'places';

  constructor(private readonly report: Report) {
    this.table = new PlaceTable(report.places, report.changes);
    this.positions = positionsOf(this.table);
    const gone = this.table.column('gone_since');
    this.current = this.table.count - gone.filter((g) => g !== null).length;
    for (const change of report.changes?.rows ?? []) this.changeOf.set(change.id, change);
    const { side } = this;
    this.filters = new Filters(this.table, { map: this.positions.any, changes: this.changeOf.size > 0 }, () => this.search(), this.alive.signal);
    this.list = new PlaceList(this.table, (place) => this.select(place));
    this.map = this.positions.any ? this.makeMap() : null;
    const bar = h('div', { class: 'bar', hidden: this.table.count === 0 }, this.found, this.filters.extras);
    this.filters.element.hidden = this.table.count === 0;
    side.append(this.filters.element, bar, this.nothing, this.list.element);
    this.sections = {
      places: h('section', { id: 'places', class: this.map ? 'places' : 'places nomap', 'aria-label': 'Places' }, side, this.map?.element, this.panel),
      crawl: h('section', { id: 'crawl', 'aria-label': 'The crawl', hidden: true }),
      changes: h('section', { id: 'changes', 'aria-label': 'Changes', hidden: true }),
    };
    const tab = (name: ViewName, text: string) =>
      h('a', { href: `#view=${name}`, onclick: (event: Event) => { event.preventDefault(); this.show(name); this.remember(); } }, text);
    this.tabs = { places: tab('places', 'Places'), crawl: tab('crawl', 'The crawl'), changes: tab('changes', 'Changes') };
    this.listen();
  }

  private makeMap(): PlaceMap {
    return new PlaceMap(this.positions, new CityLabels(this.table, this.positions.xs, this.positions.ys), {
      select: (place) => this.select(place),
      crowd: (places) => {
        const mask = new Uint8Array(this.table.count);
        for (const place of places) mask[place] = 1;
        this.filters.only(mask, places.length);
      },
      moved: () => this.filters.inView && this.listFound(),
      name: (place) => this.table.string('name', place) || 'No name',
    }, this.alive.signal);
  }

  leave(): Standing {
    this.alive.abort();
    const focused = document.activeElement as HTMLElement | null;
    return {
      map: this.map?.camera ?? null,
      scroll: this.side.scrollTop,
      page: scrollY,
      shown: this.list.length,
      focus: focused?.id ?? '',
      caret: focused === this.filters.search ? this.filters.search.selectionStart : null,
      row: Number(focused?.dataset.place ?? -1),
    };
  }

  private return(to: Standing): void {
    if (to.map && this.map) this.map.camera = to.map;
    this.list.growTo(to.shown);
    this.side.scrollTop = to.scroll;
    scrollTo(0, to.page);
    if (to.row >= 0) this.list.focus(to.row);
    else if (to.focus) document.getElementById(to.focus)?.focus({ preventScroll: true });
    if (to.caret !== null) this.filters.search.setSelectionRange(to.caret, to.caret);
  }

  mount(standing?: Standing): void {
    const app = document.getElementById('app')!;
    const { report } = this;
    const last = report.runs[0];
    const facts = [counted(this.current, 'place'), `${counted(report.pages.count, 'page')} from ${counted(report.host_count, 'host')}`,
      last ? (last.outcome ? `last run ${moment(last.finished_at ?? last.saved_at)}` : 'a run goes on') : 'no run yet'];
    app.replaceChildren(
      h('a', { class: 'skip', href: '#search' }, 'Skip to the search'),
      h('header', { class: 'top' },
        h('div', {}, h('h1', { dir: 'auto' }, report.job || report.database), h('p', { class: 'facts' }, facts.join(' \u00b7 '))),
        h('nav', { 'aria-label': 'Parts of the report' }, ...views.map((name) => this.tabs[name]))),
      h('main', {}, ...views.map((name) => this.sections[name])),
      h('footer', {}, `Made ${moment(report.made_at)} from ${report.database} by placer ${report.program_version}. `,
        isServed ? 'Read from the database as it is now.' : 'This file needs no network; it sends nothing anywhere.'),
      lost);
    app.removeAttribute('aria-busy');
    this.restore(standing === undefined);
    this.map?.resize();
    if (standing) this.return(standing);
  }

  setBasemap(layer: BasemapLayer): void {
    this.map?.setBasemap(layer);
  }

  get hasMap(): boolean {
    return this.map !== null;
  }

  private search(): void {
    this.passing = this.table.find(this.filters.filter, this.filters.order);
    this.map?.show(this.passing);
    this.listFound();
    this.remember();
  }

  // The list: what passes the filters and, where asked for, lies in the map's view.
  private listFound(): void {
    const map = this.map;
    const found = this.filters.inView && map ? this.passing.filter((place) => map.contains(place)) : this.passing;
    this.list.show(found);
    this.found.textContent = counted(found.length, 'place');
    this.nothing.hidden = found.length > 0;
    this.nothing.textContent = this.table.count === 0
      ? this.report.pages.count === 0
        ? 'No places yet: nothing has been fetched.'
        : 'No places: none of the pages that were read states one.'
      : 'No place is like that.';
  }

  private select(place: number, focus = true): void {
    this.selected = place;
    this.list.select(place);
    this.map?.select(place);
    const id = this.table.string('id', place);
    const close = h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => this.close() }, '\u2715');
    this.panel.replaceChildren(close, details(this.table, place, this.changeOf.get(id)));
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
    this.sections.places.classList.add('open');
    if (focus) this.panel.querySelector('h2')?.focus({ preventScroll: true });
    // Where the details cover everything, the way back leads out of them.
    if (covering.matches && !history.state?.details) history.pushState({ details: true }, '');
    this.remember();
  }

  private close(): void {
    if (history.state?.details) history.back();
    else this.deselect();
  }

  private deselect(): void {
    const place = this.selected;
    this.selected = -1;
    this.panel.hidden = true;
    this.sections.places.classList.remove('open');
    this.list.select(-1);
    this.map?.select(-1);
    this.list.focus(place);
    this.remember();
  }

  private openById(id: string, focus = true): void {
    const place = this.table.indexOf(id);
    if (place === undefined) return;
    if (focus) this.show('places');
    this.select(place, focus);
  }

  private draw(name: ViewName): void {
    const section = this.sections[name];
    if (name === 'places' || section.hasChildNodes()) return;
    section.append(name === 'crawl' ? crawl(this.report, this.current) : changes(this.report, (id) => this.openById(id)));
  }

  private show(name: ViewName): void {
    this.view = name;
    this.draw(name);
    for (const one of views) {
      this.sections[one].hidden = one !== name;
      if (one === name) this.tabs[one].setAttribute('aria-current', 'page');
      else this.tabs[one].removeAttribute('aria-current');
    }
    document.documentElement.dataset.view = name;
    if (name !== 'places') scrollTo(0, 0);
    else this.map?.resize();
  }

  private remember(): void {
    const hash = new URLSearchParams();
    if (this.view !== 'places') hash.set('view', this.view);
    this.filters.write(hash);
    if (this.selected >= 0) hash.set('place', this.table.string('id', this.selected));
    const text = hash.toString();
    history.replaceState(history.state, '', text ? `#${text}` : location.pathname + location.search);
  }

  private restore(focus: boolean): void {
    const hash = new URLSearchParams(location.hash.slice(1));
    const name = views.find((one) => one === hash.get('view')) ?? 'places';
    const id = hash.get('place');
    this.show(name);
    this.filters.restore(hash);
    this.show(name);
    if (id) this.openById(id, focus);
  }

  private listen(): void {
    const { signal } = this.alive;
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.selected >= 0) this.close();
    }, { signal });
    addEventListener('popstate', () => {
      if (this.selected >= 0 && !history.state?.details) this.deselect();
    }, { signal });
    this.filters.search.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.list.focusFirst();
    });
    let hidden: ViewName[] = [];
    addEventListener('beforeprint', () => {
      hidden = views.filter((name) => this.sections[name].hidden);
      for (const name of views) {
        this.draw(name);
        this.sections[name].hidden = false;
      }
      this.list.growTo(mostPrinted);
    }, { signal });
    addEventListener('afterprint', () => {
      for (const name of hidden) this.sections[name].hidden = true;
    }, { signal });
  }
}

const lost = h('p', { class: 'lost', role: 'status' }); // what to say while the server is away
let shown: Page | null = null;
let basemap: BasemapLayer | null = null;

async function start(): Promise<void> {
  const report = await readReport();
  const page = new Page(report);
  page.mount(shown?.leave());
  shown = page;
  if (!page.hasMap) return;
  basemap ??= new BasemapLayer(await readBasemap());
  page.setBasemap(basemap);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// The page of a server follows the database, and takes at most a tenth of the time for that.
async function follow(known: string): Promise<void> {
  let took = 0;
  for (;;) {
    await pause(Math.max(2000, 10 * took));
    const version = await readVersion().catch(() => undefined);
    if (version === undefined) {
      lost.textContent = `placer serve does not answer any more. This is what the database held; the page goes on when the server does.`;
      known = ''; // another server counts anew
      continue;
    }
    if (version !== known) {
      const began = performance.now();
      await start().then(() => (known = version), () => undefined);
      took = performance.now() - began;
    }
    if (known === version) lost.textContent = '';
  }
}

async function main(): Promise<void> {
  let version = '';
  try {
    if (isServed) version = await readVersion();
    await start();
  } catch (error) {
    document.getElementById('app')!.replaceChildren(h('p', { class: 'notice', role: 'alert' },
      'This report cannot be shown here: ', String(error), '. It needs a browser of 2023 or later.'));
    throw error;
  }
  if (isServed) await follow(version);
}

void main();
