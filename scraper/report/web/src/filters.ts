// What the reader asks for: words, category, host, completeness, status, order.
import { histogram } from './charts';
import { h } from './dom';
import { category, count } from './format';
import { noFilter, type Filter, type Order, type PlaceTable, type Status } from './places';

const mostOptions = 400;

export class Filters {
  readonly element: HTMLElement;
  filter: Filter = noFilter();
  order: Order = 'name';
  inView = false; // only what the map shows
  readonly search = h('input', {
    type: 'search', id: 'search', placeholder: 'Name, address, telephone \u2026', autocomplete: 'off', spellcheck: 'false',
    'aria-label': 'Search the places', 'aria-keyshortcuts': '/',
  });
  private readonly categories: HTMLSelectElement;
  private readonly hosts: HTMLSelectElement;
  private readonly status: HTMLSelectElement;
  private readonly orders: HTMLSelectElement;
  private readonly least = h('input', { type: 'range', id: 'completeness', min: 0, max: 100, step: 5, value: 0 });
  private readonly leastText = h('output', { for: 'completeness' }, 'any');
  private readonly view = h('input', { type: 'checkbox', id: 'in-view' });
  private readonly crowd = h('button', { type: 'button', class: 'chip', hidden: true });
  private readonly clear = h('button', { type: 'button', class: 'clear', hidden: true }, 'Clear');
  private readonly disclosure: HTMLDetailsElement;

  constructor(table: PlaceTable, has: { map: boolean; changes: boolean }, private readonly changed: () => void, signal: AbortSignal) {
    const option = (value: string, text: string) => h('option', { value }, text);
    const choices = (rows: [string, number][], name: (value: string) => string) =>
      rows.slice(0, mostOptions).map(([value, n]) => option(value, `${name(value)} (${count(n)})`));
    const tags = table.tally(table.column('category'));
    const twice = new Set(tags.map(([tag]) => category(tag)).filter((name, i, all) => all.indexOf(name) !== i));
    const tagName = (tag: string) => (twice.has(category(tag)) ? `${category(tag)} [${tag.split('=')[0]}]` : category(tag));
    this.categories = h('select', { id: 'category' }, option('', 'All categories'), ...choices(tags, tagName));
    this.hosts = h('select', { id: 'host' }, option('', 'All hosts'), ...choices(table.tally(table.hosts), (v) => v));
    const kinds: [Status, string][] = [['current', 'Places now']];
    if (has.changes) kinds.push(['new', 'New in the last pass'], ['changed', 'Changed in the last pass']);
    if (table.column('gone_since').length > 0) kinds.push(['gone', 'Gone'], ['all', 'All, gone ones too']);
    this.status = h('select', { id: 'status' }, ...kinds.map(([value, text]) => option(value, text)));
    const orders: [Order, string][] = [['name', 'by name'], ['completeness', 'most complete'], ['newest', 'newest']];
    this.orders = h('select', { id: 'order', 'aria-label': 'Order' }, ...orders.map(([value, text]) => option(value, text)));
    // A choice of one thing is none.
    const labelled = (text: string, control: HTMLSelectElement, least: number) => control.options.length < least ? null : h('div', { class: 'control' }, h('label', { for: control.id }, text), control);
    this.disclosure = h('details', { class: 'filters' }, h('summary', {}, 'Filters'),
      h('div', { class: 'controls' },
        labelled('Category', this.categories, 3), labelled('Host', this.hosts, 3), labelled('Status', this.status, 2),
        h('div', { class: 'control range' },
          h('label', { for: 'completeness' }, 'Completeness ', this.leastText),
          histogram(table.column('completeness') as number[], 20), this.least)));
    if (matchMedia('(min-width: 56rem)').matches) this.disclosure.open = true;
    this.element = h('form', { class: 'search', role: 'search' }, this.search, this.disclosure);
    this.extras = h('div', { class: 'extras' }, this.crowd, this.clear,
      has.map && h('label', { class: 'check' }, this.view, 'In the map\u2019s view'), this.orders);
    this.listen(signal);
  }

  readonly extras: HTMLElement;

  private listen(signal: AbortSignal): void {
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.search.addEventListener('input', () => this.read());
    for (const control of [this.categories, this.hosts, this.status, this.orders, this.view]) {
      control.addEventListener('change', () => this.read());
    }
    this.least.addEventListener('input', () => this.read());
    this.clear.addEventListener('click', () => {
      this.reset();
      this.search.focus();
    });
    this.crowd.addEventListener('click', () => this.only(null, 0));
    document.addEventListener('keydown', (event) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.search.focus();
      this.search.select();
    }, { signal });
  }

  reset(): void {
    this.search.value = '';
    this.categories.value = '';
    this.hosts.value = '';
    this.status.value = 'current';
    this.least.value = '0';
    this.filter.only = null;
    this.read();
  }

  // Just these places, which lie at one point of the map.
  only(mask: Uint8Array | null, places: number): void {
    this.filter.only = mask;
    this.crowd.textContent = `${count(places)} at one point \u2715`;
    this.read();
  }

  read(): void {
    const least = Number(this.least.value) / 100;
    this.filter = {
      text: this.search.value,
      category: this.categories.value,
      host: this.hosts.value,
      status: this.status.value as Status,
      completeness: least,
      only: this.filter.only,
    };
    this.order = this.orders.value as Order;
    this.inView = this.view.checked;
    this.refresh();
    this.changed();
  }

  private refresh(): void {
    const { category: tag, host, status, completeness, only, text } = this.filter;
    this.leastText.textContent = completeness === 0 ? 'any' : `\u2265 ${Math.round(100 * completeness)} %`;
    this.crowd.hidden = only === null;
    this.clear.hidden = !(tag || host || status !== 'current' || completeness || text || only);
  }

  // "q=bakery&category=shop%3Dbakery", for the address bar.
  write(to: URLSearchParams): void {
    const { text, category: tag, host, status, completeness } = this.filter;
    if (text) to.set('q', text);
    if (tag) to.set('category', tag);
    if (host) to.set('host', host);
    if (status !== 'current') to.set('status', status);
    if (completeness) to.set('complete', String(Math.round(100 * completeness)));
    if (this.order !== 'name') to.set('order', this.order);
  }

  restore(from: URLSearchParams): void {
    const choose = (select: HTMLSelectElement, value: string | null) => {
      if (value && [...select.options].some((o) => o.value === value)) select.value = value;
    };
    this.search.value = from.get('q') ?? '';
    choose(this.categories, from.get('category'));
    choose(this.hosts, from.get('host'));
    choose(this.status, from.get('status'));
    choose(this.orders, from.get('order'));
    this.least.value = from.get('complete') ?? '0';
    this.read();
  }
}
