// Places that are near each other on the screen, as one.
//
// Positions are in the unit square of Web Mercator. A grid of cells at the given zoom gathers them,
// then each cell takes in neighbours whose centre has come too near: linear in the places, so that a
// filter may change with every key. Clusters stay put while the map moves.

export interface Cluster {
  x: number;
  y: number;
  count: number;
  first: number; // one of the places
  box: [west: number, north: number, east: number, south: number];
}

const cellPixels = 64;
const nearPixels = 44;

function merge(into: Cluster, other: Cluster): void {
  const count = into.count + other.count;
  into.x = (into.x * into.count + other.x * other.count) / count;
  into.y = (into.y * into.count + other.y * other.count) / count;
  into.count = count;
  into.box = [
    Math.min(into.box[0], other.box[0]),
    Math.min(into.box[1], other.box[1]),
    Math.max(into.box[2], other.box[2]),
    Math.max(into.box[3], other.box[3]),
  ];
}

function gather(indices: ArrayLike<number>, xs: Float64Array, ys: Float64Array, cells: number) {
  const grid = new Map<number, Cluster>();
  for (let i = 0; i < indices.length; ++i) {
    const place = indices[i];
    const x = xs[place];
    const y = ys[place];
    if (Number.isNaN(x)) continue;
    const key = Math.floor(y * cells) * cells + Math.floor(x * cells);
    const found = grid.get(key);
    if (!found) {
      grid.set(key, { x, y, count: 1, first: place, box: [x, y, x, y] });
      continue;
    }
    found.count += 1;
    found.x += (x - found.x) / found.count;
    found.y += (y - found.y) / found.count;
    const box = found.box;
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return grid;
}

export function cluster(
  indices: ArrayLike<number>,
  xs: Float64Array,
  ys: Float64Array,
  zoom: number,
): Cluster[] {
  const world = 256 * 2 ** zoom;
  const cells = Math.ceil(world / cellPixels);
  const grid = gather(indices, xs, ys, cells);
  const near = nearPixels / world;
  const taken = new Set<Cluster>();
  const result: Cluster[] = [];
  for (const [key, cell] of [...grid].sort((a, b) => b[1].count - a[1].count)) {
    if (taken.has(cell)) continue;
    taken.add(cell);
    for (const step of [-cells - 1, -cells, 1 - cells, -1, 1, cells - 1, cells, cells + 1]) {
      const other = grid.get(key + step);
      if (!other || taken.has(other)) continue;
      if (Math.hypot(other.x - cell.x, other.y - cell.y) > near) continue;
      taken.add(other);
      merge(cell, other);
    }
    result.push(cell);
  }
  return result;
}
