import { describe, expect, it } from 'vitest';

import { INSET, WHOLE, dragged, nudged } from '../../src/features/intake/papers/corners';

describe('corners of a page', () => {
  it('follow the pointer but never cross each other', () => {
    const corners = dragged(WHOLE, 0, { x: 0.2, y: 0.1 });
    expect(corners[0]).toEqual({ x: 2000, y: 1000 });
    expect(dragged(corners, 0, { x: 2, y: 2 })[0]).toEqual({ x: 9700, y: 9700 });
    expect(dragged(corners, 2, { x: -1, y: -1 })[2]).toEqual({ x: 300, y: 300 });
    expect(dragged(corners, 1, { x: 9, y: 0 })[1]).toEqual({ x: 10_500, y: 0 });
  });

  it('move by arrow keys, finely with Shift', () => {
    expect(nudged(INSET, 3, 'ArrowUp', false)?.[3]).toEqual({ x: 300, y: 9600 });
    expect(nudged(INSET, 1, 'ArrowLeft', true)?.[1]).toEqual({ x: 9680, y: 300 });
    expect(nudged(INSET, 1, 'Enter', false)).toBeNull();
  });
});
