import { describe, expect, it } from 'vitest';

import { INSET, WHOLE, dragged, laid, nudged, unlaid } from '../../src/features/intake/papers/corners';

describe('corners of a page', () => {
  it('follow the pointer but never cross each other', () => {
    const corners = dragged(WHOLE, 0, { x: 0.2, y: 0.1 });
    expect(corners[0]).toEqual({ x: 2000, y: 1000 });
    expect(dragged(corners, 0, { x: 2, y: 2 })[0]).toEqual({ x: 9700, y: 9700 });
    expect(dragged(corners, 2, { x: -1, y: -1 })[2]).toEqual({ x: 300, y: 300 });
    expect(dragged(corners, 1, { x: 9, y: 0 })[1]).toEqual({ x: 10_500, y: 0 });
  });

  it('move by arrow keys, in larger steps with Shift', () => {
    expect(nudged(INSET, 3, 'ArrowUp', false)?.[3]).toEqual({ x: 300, y: 9680 });
    expect(nudged(INSET, 1, 'ArrowLeft', true)?.[1]).toEqual({ x: 9500, y: 300 });
    expect(nudged(INSET, 1, 'Enter', false)).toBeNull();
  });

  it('start where the page was found, and a little inside when that is not known', () => {
    const found = [{ x: 900, y: 1250 }, { x: 8850, y: 900 }, { x: 9050, y: 8600 }, { x: 1100, y: 8950 }];
    expect(laid(found)).toEqual({ corners: found, turns: 0 });
    expect(laid(null).corners).toEqual(INSET);
    expect(laid([]).corners).toEqual(INSET);
  });

  it('of a turned page stand as they lie on the original and go back in its own order', () => {
    const lying = [{ x: 1000, y: 1200 }, { x: 8800, y: 900 }, { x: 9000, y: 8600 }, { x: 1100, y: 9000 }];
    for (const turns of [0, 1, 2, 3]) {
      const ofPage = lying.map((_, at) => lying[(at - turns + 4) % 4]!);
      const start = laid(ofPage);
      expect(start).toEqual({ corners: lying, turns });
      expect(unlaid(start)).toEqual(ofPage);
      const moved = dragged(start.corners, 0, { x: 0.2, y: 0.2 });
      expect(unlaid({ corners: moved, turns })[turns]).toEqual({ x: 2000, y: 2000 });
    }
  });
});
