// The four corners of a page on its original, in ten-thousandths of its width and height: top left, top right, bottom right, bottom left. Pure.

import type { ShareView } from '../../../host/desk';

const FULL = 10_000;
/** How far a corner may lie outside the original. */
const OUTSIDE = 500;
/** Nearest that two corners of one side may come. */
const LEAST = 300;
/** One press of an arrow key, and with Shift. */
const STEP = 20;
const LARGE_STEP = 200;

/** Where the handles stand when nothing is known of the page. */
export const INSET: readonly ShareView[] = [
  { x: 300, y: 300 },
  { x: 9700, y: 300 },
  { x: 9700, y: 9700 },
  { x: 300, y: 9700 },
];

/** The whole original. */
export const WHOLE: readonly ShareView[] = [
  { x: 0, y: 0 },
  { x: FULL, y: 0 },
  { x: FULL, y: FULL },
  { x: 0, y: FULL },
];

/** Corners in the order in which they lie on the original, and by how many places they were moved along for it. */
export interface Laid {
  corners: ShareView[];
  turns: number;
}

/** The corners of a page as they lie on the original: a page that was turned has its top left corner elsewhere there. */
export function laid(corners: readonly ShareView[] | null): Laid {
  const given = corners?.length === 4 ? corners : INSET;
  // The side that leads most to the right is the upper one.
  const rightwards = (turns: number) => {
    const [from, to] = [given[turns], given[(turns + 1) % 4]];
    if (!from || !to) return 0;
    return (to.x - from.x) / Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  };
  const turns = [0, 1, 2, 3].reduce((best, each) => (rightwards(each) > rightwards(best) ? each : best));
  return { corners: rolled(given, turns), turns };
}

/** Corners as they lie on the original, in the order of the page again. */
export function unlaid({ corners, turns }: Laid): ShareView[] {
  return rolled(corners, 4 - turns);
}

function rolled(corners: readonly ShareView[], by: number): ShareView[] {
  return corners.map((_, at) => ({ ...(corners[(at + by) % 4] as ShareView) }));
}

/** The corners with one of them at a place (0 to 1 each way); it never crosses its neighbours. */
export function dragged(corners: readonly ShareView[], at: number, place: { x: number; y: number }): ShareView[] {
  return moved(corners, at, { x: place.x * FULL, y: place.y * FULL });
}

/** The corners after an arrow key, in larger steps with Shift; nothing for any other key. */
export function nudged(corners: readonly ShareView[], at: number, key: string, large: boolean): ShareView[] | null {
  const corner = corners[at];
  const step = large ? LARGE_STEP : STEP;
  const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key];
  if (!corner || !by) return null;
  return moved(corners, at, { x: corner.x + (by[0] ?? 0), y: corner.y + (by[1] ?? 0) });
}

function moved(corners: readonly ShareView[], at: number, wish: ShareView): ShareView[] {
  const leftSide = at === 0 || at === 3;
  const topSide = at === 0 || at === 1;
  const across = corners[[1, 0, 3, 2][at] ?? 0];
  const along = corners[[3, 2, 1, 0][at] ?? 0];
  const bound = (value: number, low: number, high: number) => Math.round(Math.min(high, Math.max(low, value)));
  const x = leftSide ? bound(wish.x, -OUTSIDE, (across?.x ?? FULL) - LEAST) : bound(wish.x, (across?.x ?? 0) + LEAST, FULL + OUTSIDE);
  const y = topSide ? bound(wish.y, -OUTSIDE, (along?.y ?? FULL) - LEAST) : bound(wish.y, (along?.y ?? 0) + LEAST, FULL + OUTSIDE);
  return corners.map((corner, index) => (index === at ? { x, y } : { ...corner }));
}
