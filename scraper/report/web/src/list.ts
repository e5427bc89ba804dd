// The places found, a button each; more of them come as the end is scrolled to.
import { h } from './dom';
import { category, counted } from './format';
import type { PlaceTable } from './places';

const batch = 60;

export class PlaceList {
  readonly element = h('ol', { class: 'list', 'aria-label': 'Places' });
  private readonly end = h('li', { class: 'end', 'aria-hidden': 'true' });
  private found: Uint32Array = new Uint32Array();
  private shown = 0;
  private selected = -1;
  private readonly observer: IntersectionObserver;

  constructor(
    private readonly table: PlaceTable,
    private readonly open: (place: number) => void,
  ) {
    // The page scrolls on a phone, the list's column elsewhere.
    const early = { rootMargin: '600px', scrollMargin: '600px' } as IntersectionObserverInit;
    this.observer = new IntersectionObserver((seen) => seen.some((e) => e.isIntersecting) && this.grow(), early);
    this.element.addEventListener('keydown', (event) => this.key(event));
  }

  show(found: Uint32Array): void {
    this.found = found;
    this.shown = 0;
    this.element.replaceChildren(this.end);
    this.grow();
  }

  get length(): number {
    return this.shown;
  }

  // For paper, where nobody scrolls.
  growTo(count: number): void {
    while (this.shown < Math.min(count, this.found.length)) this.grow();
    const rest = this.found.length - this.shown;
    this.end.textContent = rest > 0 ? `and ${counted(rest, 'more place')}` : '';
  }

  select(place: number): void {
    this.selected = place;
    for (const row of this.element.querySelectorAll('button')) mark(row, place);
  }

  focus(place: number): void {
    this.element.querySelector<HTMLButtonElement>(`button[data-place="${place}"]`)?.focus();
  }

  private grow(): void {
    const end = Math.min(this.shown + batch, this.found.length);
    const rows = document.createDocumentFragment();
    for (; this.shown < end; ++this.shown) rows.append(this.row(this.found[this.shown]));
    this.element.insertBefore(rows, this.end);
    // Asked anew, since an end that has stayed in sight is told of only once.
    this.observer.unobserve(this.end);
    if (end < this.found.length) this.observer.observe(this.end);
  }

  // Up and down go from row to row.
  private key(event: KeyboardEvent): void {
    const item = (event.target as HTMLElement).closest('li');
    const to = event.key === 'ArrowDown' ? item?.nextElementSibling : event.key === 'ArrowUp' ? item?.previousElementSibling : null;
    const row = to?.querySelector('button');
    if (!row) return;
    event.preventDefault();
    row.focus();
  }

  focusFirst(): void {
    this.element.querySelector('button')?.focus();
  }

  private row(place: number): HTMLElement {
    const { table } = this;
    const tag = table.string('category', place);
    const share = Number(table.value('completeness', place));
    const meter = h('span', { class: 'meter', title: `${Math.round(100 * share)} % complete` }, h('i'));
    (meter.firstChild as HTMLElement).style.width = `${100 * share}%`;
    const kind = table.kind(place);
    const gone = table.value('gone_since', place) !== null;
    const button = h(
      'button',
      { type: 'button', class: gone ? 'row gone' : 'row', 'data-place': place, onclick: () => this.open(place) },
      h('span', { class: 'name', dir: 'auto' }, table.string('name', place) || 'No name'),
      gone ? h('span', { class: 'badge gone' }, 'gone') : kind ? h('span', { class: 'badge' }, kind) : meter,
      h('span', { class: 'where', dir: 'auto' },
        [tag && category(tag), table.address(place)].filter(Boolean).join(' \u00b7 ') || '\u00a0'),
    );
    mark(button, this.selected);
    return h('li', {}, button);
  }
}

function mark(row: HTMLElement, selected: number): void {
  if (row.dataset.place === String(selected)) row.setAttribute('aria-current', 'true');
  else row.removeAttribute('aria-current');
}
