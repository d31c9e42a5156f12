import { describe, expect, it } from 'vitest';

import { wishesFrom } from '../../src/features/command/view.svelte';
import { areaOf, enough, stepped } from '../../src/features/intake/papers/scan-choice.svelte';

describe('how to scan', () => {
  it('goes round through what is offered', () => {
    expect(stepped(['a', 'b', 'c'], 'c', 1)).toBe('a');
    expect(stepped(['a', 'b', 'c'], 'a', -1)).toBe('c');
    expect(stepped(['a'], 'a', 1)).toBe('a');
    expect(stepped(['a', 'b'], 'x', 1)).toBe('a');
  });
  it('takes the lowest resolution that is enough, else the highest', () => {
    expect(enough([150, 200, 300, 600], 300)).toBe(300);
    expect(enough([200, 400], 300)).toBe(400);
    expect(enough([100, 240], 300)).toBe(240);
  });
  it('takes the area wished for where there is such a one', () => {
    expect(areaOf(['a4', 'a3', 'whole'], 'a3')).toBe('a3');
    expect(areaOf(['a4', 'whole'], 'a3')).toBe('a4');
    expect(areaOf(['card', 'whole'], 'a4')).toBe('whole');
  });
  it('keeps wishes it understands and no others', () => {
    const usual = { colour: 'colour', dpi: 300, paper: 'a4' };
    expect(wishesFrom(null)).toEqual(usual);
    expect(wishesFrom('{')).toEqual(usual);
    expect(wishesFrom('null')).toEqual(usual);
    expect(wishesFrom('{"colour":"gray","dpi":200,"paper":"a3"}')).toEqual({ colour: 'gray', dpi: 200, paper: 'a3' });
    expect(wishesFrom('{"colour":"red","dpi":"x","paper":"a9"}')).toEqual(usual);
  });
});
