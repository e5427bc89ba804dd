// Dragging, pinching, wheeling and the keyboard, as movements of a map.

export interface Steered {
  panBy(dx: number, dy: number): void;
  zoomAt(px: number, py: number, change: number): void; // keeps that point where it is
  zoomBy(change: number): void;
  fit(): void;
  click(px: number, py: number): void;
  hover(px: number, py: number): void;
  leave(): void;
  occupied(px: number, py: number): boolean; // by something to click
}

export function steer(canvas: HTMLCanvasElement, map: Steered): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const at = (event: PointerEvent | WheelEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, at(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    const now = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') map.hover(now.x, now.y);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    if (other) {
      const ratio = Math.hypot(now.x - other.x, now.y - other.y) /
        Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      map.panBy((before.x - now.x) / 2, (before.y - now.y) / 2);
      map.zoomAt((now.x + other.x) / 2, (now.y + other.y) / 2, Math.log2(ratio));
    } else if (moved > 4) {
      map.panBy(before.x - now.x, before.y - now.y);
    }
  });
  const end = (event: PointerEvent) => {
    const was = pointers.delete(event.pointerId);
    const { x, y } = at(event);
    if (was && event.type === 'pointerup' && moved <= 4) map.click(x, y);
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
  canvas.addEventListener('pointerleave', () => map.leave());
  canvas.addEventListener('dblclick', (event) => {
    const { x, y } = at(event as PointerEvent);
    if (!map.occupied(x, y)) map.zoomAt(x, y, event.shiftKey ? -1 : 1);
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x, y } = at(event);
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      map.zoomAt(x, y, Math.max(-0.75, Math.min(0.75, -pixels / (event.ctrlKey ? 80 : 240))));
    },
    { passive: false },
  );
  canvas.addEventListener('keydown', (event) => press(event, map));
}

function press(event: KeyboardEvent, map: Steered): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const actions: Record<string, () => void> = {
    ArrowLeft: () => map.panBy(-80, 0),
    ArrowRight: () => map.panBy(80, 0),
    ArrowUp: () => map.panBy(0, -80),
    ArrowDown: () => map.panBy(0, 80),
    '+': () => map.zoomBy(1),
    '=': () => map.zoomBy(1),
    '-': () => map.zoomBy(-1),
    '0': () => map.fit(),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
