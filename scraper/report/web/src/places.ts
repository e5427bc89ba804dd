// The places as the page asks for them: by column, by words, by what the filters let through.
import type { Changes, Places } from './content';
import { hostOf } from './format';

export interface Origin {
  url: string;
  format: string;
  path: string;
  fields: string[];
}

export type Status = 'current' | 'gone' | 'all' | 'new' | 'changed';
export type Order = 'name' | 'completeness' | 'newest';

export interface Filter {
  text: string;
  category: string; // '': any, here and below
  host: string;
  completeness: number; // at least; 0 ... 1
  status: Status;
  only: Uint8Array | null; // 1 for each place that may pass
}

export const noFilter = (): Filter => ({
  text: '',
  category: '',
  host: '',
  completeness: 0,
  status: 'current',
  only: null,
});

// Lower case without diacritics, so that "cafe" finds "Café".
export function folded(text: string): string {
  const lower = text.toLowerCase();
  // eslint-disable-next-line no-control-regex
  return /[^\x00-\x7f]/.test(lower) ? lower.normalize('NFD').replace(/\p{M}+/gu, '') : lower;
}

const searched = [
  'name',
  'branch',
  'brand',
  'addr_full',
  'addr_street',
  'addr_housenumber',
  'addr_postcode',
  'addr_city',
  'category',
  'phone',
  'ref',
];

export class PlaceTable {
  readonly count: number;
  readonly hosts: string[]; // of the first origin of each place
  private readonly text: string; // all places, folded, a line each
  private readonly ends: Uint32Array; // of the lines
  private readonly kinds = new Map<number, 'new' | 'changed'>();
  private readonly indices = new Map<string, number>();
  private readonly orders = new Map<Order, Uint32Array>();

  constructor(
    private readonly places: Places,
    changes: Changes | null,
  ) {
    this.count = places.count;
    const hostOfUrl = places.origins.urls.map(hostOf);
    this.hosts = places.origins.of.map((origin) => hostOfUrl[origin[0]] ?? '');
    this.ends = new Uint32Array(this.count);
    this.text = this.searchText();
    const ids = this.column('id');
    for (let i = 0; i < this.count; ++i) this.indices.set(ids[i] as string, i);
    for (const change of changes?.rows ?? []) {
      const index = this.indices.get(change.id);
      if (index === undefined) continue;
      if (change.kind === 'new') this.kinds.set(index, 'new');
      else if (change.kind !== 'gone') this.kinds.set(index, 'changed');
    }
  }

  private searchText(): string {
    const columns = searched.map((name) => this.column(name)).filter((c) => c.length > 0);
    const lines: string[] = [];
    let end = 0;
    for (let i = 0; i < this.count; ++i) {
      let line = '';
      for (const column of columns) if (column[i] !== null) line += `${column[i]} `;
      line = folded(line).replace(/\n/g, ' ');
      lines.push(line);
      end += line.length + 1;
      this.ends[i] = end;
    }
    return lines.join('\n') + '\n';
  }

  column(name: string): (string | number | null)[] {
    return this.places.columns[name] ?? [];
  }

  value(name: string, index: number): string | number | null {
    return this.places.columns[name]?.[index] ?? null;
  }

  string(name: string, index: number): string {
    return String(this.value(name, index) ?? '');
  }

  indexOf(id: string): number | undefined {
    return this.indices.get(id);
  }

  kind(index: number): 'new' | 'changed' | undefined {
    return this.kinds.get(index);
  }

  origins(index: number): Origin[] {
    const { urls, formats, paths, of } = this.places.origins;
    const numbers = of[index] ?? [];
    const origins: Origin[] = [];
    for (let i = 0; i < numbers.length; i += 4) {
      origins.push({
        url: urls[numbers[i]],
        format: formats[numbers[i + 1]],
        path: paths[numbers[i + 2]],
        fields: this.places.fields.filter((_, bit) => numbers[i + 3] & (1 << bit)),
      });
    }
    return origins;
  }

  address(index: number): string {
    const get = (name: string) => this.string(name, index);
    const street = [get('addr_street'), get('addr_housenumber')].filter(Boolean).join(' ');
    const city = [get('addr_postcode'), get('addr_city')].filter(Boolean).join(' ');
    return [street, city].filter(Boolean).join(', ') || get('addr_full');
  }

  // Values of a column and how many places have them, most first.
  tally(values: readonly (string | number | null)[], mask?: Uint8Array): [string, number][] {
    const counts = new Map<string, number>();
    values.forEach((value, i) => {
      if (value === null || value === '' || (mask && !mask[i])) return;
      counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    });
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  // The places that pass, in order.
  find(filter: Filter, order: Order): Uint32Array {
    const mask = this.mask(filter);
    const sorted = this.sorted(order);
    const found = new Uint32Array(this.count);
    let n = 0;
    for (const index of sorted) if (mask[index]) found[n++] = index;
    return found.slice(0, n);
  }

  mask(filter: Filter): Uint8Array {
    const mask = this.matching(folded(filter.text).split(/\s+/).filter(Boolean));
    const categories = this.column('category');
    const completeness = this.column('completeness');
    const gone = this.column('gone_since');
    for (let i = 0; i < this.count; ++i) {
      if (!mask[i]) continue;
      const passes =
        (filter.category === '' || categories[i] === filter.category) &&
        (filter.host === '' || this.hosts[i] === filter.host) &&
        (completeness[i] as number) >= filter.completeness - 1e-9 &&
        this.hasStatus(i, filter.status, gone.length > 0 && gone[i] !== null) &&
        (filter.only === null || filter.only[i] === 1);
      if (!passes) mask[i] = 0;
    }
    return mask;
  }

  private hasStatus(index: number, status: Status, gone: boolean): boolean {
    if (status === 'all') return true;
    if (status === 'gone') return gone;
    return !gone && (status === 'current' || this.kinds.get(index) === status);
  }

  // All words somewhere in the place. The longest is looked for in all the text at once.
  private matching(words: string[]): Uint8Array {
    const mask = new Uint8Array(this.count);
    if (words.length === 0) return mask.fill(1);
    const [longest, ...others] = [...words].sort((a, b) => b.length - a.length);
    let at = this.text.indexOf(longest);
    while (at >= 0) {
      const line = this.lineAt(at);
      const text = others.length ? this.text.slice(this.ends[line - 1] ?? 0, this.ends[line]) : '';
      if (others.every((word) => text.includes(word))) mask[line] = 1;
      at = this.text.indexOf(longest, this.ends[line]);
    }
    return mask;
  }

  private lineAt(position: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private sorted(order: Order): Uint32Array {
    const known = this.orders.get(order);
    if (known) return known;
    const sorted = Uint32Array.from({ length: this.count }, (_, i) => i);
    if (order === 'name') {
      // A place without a name comes last.
      const keys = Array.from({ length: this.count }, (_, i) => folded(this.string('name', i)) || '\uffff');
      sorted.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
    } else {
      const byName = this.sorted('name');
      const rank = new Uint32Array(this.count);
      byName.forEach((index, i) => (rank[index] = i));
      const column = this.column(order === 'newest' ? 'first_seen' : 'completeness');
      sorted.sort((a, b) => {
        const x = column[a] as string | number;
        const y = column[b] as string | number;
        return x > y ? -1 : x < y ? 1 : rank[a] - rank[b];
      });
    }
    this.orders.set(order, sorted);
    return sorted;
  }
}
