// Small charts in SVG and HTML. Each has its numbers as text beside or below it.
import type { Tally } from './content';
import { h, svg } from './dom';
import { clock, count, counted, percent } from './format';

export interface Bar {
  label: string;
  value: number;
  note?: string;
  title?: string;
  kind?: Part;
}

const parts = ['ok', 'redirect', 'error'] as const;
export type Part = (typeof parts)[number];

// Horizontal bars against a whole, longest first as given.
export function bars(rows: Bar[], whole: number): HTMLElement {
  return h('table', { class: 'bars' }, h('tbody', {}, ...rows.map((row) => {
    const fill = h('span', { class: row.kind ? `fill ${row.kind}` : 'fill' });
    fill.style.width = `${whole ? Math.max(row.value ? 0.6 : 0, (100 * row.value) / whole) : 0}%`;
    return h('tr', { title: row.title },
      h('th', { scope: 'row' }, row.label),
      h('td', { 'aria-hidden': 'true' }, h('span', { class: 'track' }, fill)),
      h('td', { class: 'number' }, row.note ?? percent(row.value, whole)));
  })));
}

// One bar of three parts.
export function tallyBar(tally: Tally, most: number): HTMLElement {
  const bar = h('span', { class: 'stack', 'aria-hidden': 'true' });
  parts.forEach((part, i) => {
    if (tally[i] === 0) return;
    const piece = h('span', { class: part });
    piece.style.width = `${Math.max(1, (100 * tally[i]) / Math.max(1, most))}%`;
    bar.append(piece);
  });
  return bar;
}

function roundUp(n: number): number {
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 2.5, 5, 10].map((f) => f * power).find((step) => step >= n && (step >= 4 || Number.isInteger(step))) ?? n;
}

function unit(bucket: number): string {
  if (bucket === 1) return 'second';
  if (bucket < 60) return `${bucket} s`;
  if (bucket < 3600) return `${Math.round(bucket / 60)} min`;
  return `${Math.round(bucket / 3600)} h`;
}

export function timeline(start: number, bucket: number, tallies: Tally[]): HTMLElement {
  const width = innerWidth < 700 ? 400 : 960; // as wide as it will be seen, or its words would shrink
  const height = width < 500 ? 170 : 200;
  const base = height - 22;
  const sums = tallies.map(([ok, redirect, error]) => ok + redirect + error);
  const top = roundUp(Math.max(1, ...sums));
  const step = width / tallies.length;
  const gap = step > 5 ? 1 : 0;
  const y = (n: number) => base - (n / top) * (base - 14);
  const chart = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'timeline', role: 'img',
    'aria-label': `Pages per ${unit(bucket)}: ${count(sums.reduce((a, b) => a + b, 0))} in all, at most ${count(Math.max(...sums))}` });
  for (const line of [top, top / 2]) {
    chart.append(svg('line', { x1: 0, x2: width, y1: y(line), y2: y(line), class: 'grid' }),
      svg('text', { x: 0, y: y(line) - 4, class: 'axis' },
        line === top ? `${count(line)} per ${unit(bucket)}` : Number.isInteger(line) ? count(line) : ''));
  }
  tallies.forEach((tally, i) => {
    let from = 0;
    const column = svg('g', {}, svg('title', {},
      `${clock(start + i * bucket, bucket < 60)}: ${counted(sums[i], 'page')}, ${counted(tally[2], 'error')}`));
    parts.forEach((part, p) => {
      if (tally[p] === 0) return;
      column.append(svg('rect', { class: part, x: i * step, width: Math.max(0.5, step - gap),
        y: y(from + tally[p]), height: y(from) - y(from + tally[p]) }));
      from += tally[p];
    });
    chart.append(column);
  });
  chart.append(svg('line', { x1: 0, x2: width, y1: base, y2: base, class: 'base' }));
  const ticks = Math.min(width < 500 ? 3 : 6, tallies.length);
  for (let i = 0; i < ticks; ++i) {
    const at = ticks === 1 ? 0 : i / (ticks - 1);
    chart.append(svg('text', { x: at * width, y: height - 5, class: 'axis',
      'text-anchor': i === 0 ? 'start' : i === ticks - 1 ? 'end' : 'middle' },
      clock(start + at * tallies.length * bucket, tallies.length * bucket < 600)));
  }
  return h('figure', {}, chart, h('figcaption', { class: 'legend' },
    ...['Read', 'Redirect', 'Error'].map((name, i) =>
      h('span', {}, h('i', { class: parts[i], 'aria-hidden': 'true' }), name)),
    h('span', { class: 'muted' }, 'times in UTC')));
}

// How many values fall into each of `bins` equal parts of 0 ... 1; those below `from` are pale.
export function histogram(values: ArrayLike<number>, bins: number): SVGElement {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; ++i) counts[Math.min(bins - 1, Math.floor(values[i] * bins))] += 1;
  const top = Math.max(1, ...counts);
  const chart = svg('svg', { viewBox: `0 0 ${bins * 6} 24`, class: 'histogram', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  counts.forEach((n, i) => {
    const height = n === 0 ? 0 : Math.max(1.5, 24 * Math.sqrt(n / top));
    chart.append(svg('rect', { x: i * 6 + 0.5, width: 5, y: 24 - height, height }));
  });
  return chart;
}
