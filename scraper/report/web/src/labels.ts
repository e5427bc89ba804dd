// Names on the map: countries, and the cities that the places themselves name.
import { turnsOf, worldPixels, type Colours, type View } from './basemap';
import type { PlaceTable } from './places';

interface City {
  name: string;
  x: number;
  y: number;
  count: number;
}

interface CountryLabel {
  name: string;
  x: number;
  y: number;
  width: number;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

// Where a city is follows from its places: the median is not moved by one that is far off.
export class CityLabels {
  readonly cities: City[];

  constructor(table: PlaceTable, xs: Float64Array, ys: Float64Array) {
    const members = new Map<string, { xs: number[]; ys: number[] }>();
    const names = table.column('addr_city');
    const countries = table.column('addr_country');
    names.forEach((name, i) => {
      if (!name || Number.isNaN(xs[i])) return;
      const key = `${name}\n${countries[i] ?? ''}`;
      let city = members.get(key);
      if (!city) members.set(key, (city = { xs: [], ys: [] }));
      city.xs.push(xs[i]);
      city.ys.push(ys[i]);
    });
    this.cities = [...members]
      .map(([key, city]) => ({
        name: key.split('\n')[0].slice(0, 40),
        x: median(city.xs),
        y: median(city.ys),
        count: city.xs.length,
      }))
      .sort((a, b) => b.count - a.count)
      .slice(0, 5000);
  }
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const placesFrom = 11.5; // names of places that stand alone, from a town's size on

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// Labels that would lie on another one or on a place are left out.
export function drawLabels(
  context: CanvasRenderingContext2D,
  view: View,
  countries: CountryLabel[],
  cities: CityLabels,
  colours: Colours,
  spots: { x: number; y: number; radius: number; name: string }[],
  covered: Box[], // by what lies on the map
): void {
  const taken: Box[] = spots
    .slice(0, 2000)
    .map(({ x, y, radius: r }) => ({ left: x - r, top: y - r, right: x + r, bottom: y + r }))
    .concat(covered);
  const scale = worldPixels(view);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  // Around (px, py), unless something is there.
  const putAt = (name: string, px: number, py: number): boolean => {
    const half = context.measureText(name).width / 2;
    const box = { left: px - half - 4, top: py - 9, right: px + half + 4, bottom: py + 9 };
    if (box.left < 0 || box.top < 0 || box.right > view.width || box.bottom > view.height) return false;
    if (taken.some((other) => overlap(box, other))) return false;
    taken.push(box);
    context.lineWidth = 3;
    context.strokeStyle = colours.halo;
    context.strokeText(name, px, py);
    context.fillStyle = colours.label;
    context.fillText(name, px, py);
    return true;
  };
  // At the first of these heights above (x, y) where there is room.
  const put = (name: string, x: number, y: number, lifts: number[]): void => {
    for (const turn of turnsOf(view)) {
      const px = view.width / 2 + (x + turn - view.x) * scale;
      const py = view.height / 2 + (y - view.y) * scale;
      lifts.some((lift) => putAt(name, px, py - lift));
    }
  };
  if (view.zoom >= 4.5) {
    context.font = '500 12.5px system-ui, sans-serif';
    let shown = 0;
    const called = new Set<object>(); // clusters that bear a name: that of the city most are in
    for (const city of cities.cities) {
      if (shown >= 60) break;
      const px = view.width / 2 + (city.x - view.x) * scale;
      const py = view.height / 2 + (city.y - view.y) * scale;
      if (px < 0 || py < 0 || px > view.width || py > view.height) continue;
      // The cluster that most of its places are in.
      const cluster = spots.find((spot) => Math.hypot(spot.x - px, spot.y - py) < spot.radius);
      if (cluster && called.has(cluster)) continue;
      if (cluster) called.add(cluster);
      const above = cluster ? py - cluster.y : 0;
      const away = (cluster?.radius ?? 6) + 11;
      // Above or below it; somewhere near it, where that is still the same town.
      const steps = view.zoom < 10 ? [1, -1] : [1, -1, 2, -2, 3, -3, 4, -4];
      put(city.name, city.x, city.y, steps.map((step) => above + step * away));
      ++shown;
    }
  }
  if (view.zoom < 7) {
    context.font = 'italic 400 12px Georgia, serif';
    for (const country of countries) {
      if (country.width * scale > 70) put(country.name, country.x, country.y, [0]);
    }
  }
  const named = spots.filter(({ name }) => name);
  if (named.length > 0) {
    context.font = '400 12px system-ui, sans-serif';
    for (const { name, x, y, radius } of named.slice(0, 200)) {
      const away = radius + 7 + context.measureText(name).width / 2;
      if (!putAt(name, x + away, y)) putAt(name, x - away, y);
    }
  }
}
