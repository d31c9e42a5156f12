import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../src/styles/tokens.css', import.meta.url), 'utf8');

/** Colours of a block; the high contrast theme falls back to the light one where it says nothing. */
function colours(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('\n}', start));
  return new Map([...block.matchAll(/--(c-[\w-]+):\s*(#[0-9a-f]{6})/gi)].map((match) => [match[1] ?? '', match[2] ?? '']));
}
const light = colours(':root');
const contrast = new Map([...light, ...colours(":root[data-theme='contrast']")]);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const part = (from: number) => {
    const value = parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
function ratio(a: string, b: string): number {
  const [bright, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

// Every text colour on every ground on which it stands; ink-3 is never used on the stage.
const TEXT: [string, string[]][] = [
  ['c-ink', ['c-surface', 'c-canvas', 'c-sunken', 'c-select', 'c-stage', 'c-ok-soft', 'c-warn-soft', 'c-bad-soft', 'c-accent-soft']],
  ['c-ink-2', ['c-surface', 'c-canvas', 'c-sunken', 'c-select', 'c-stage']],
  ['c-ink-3', ['c-surface', 'c-canvas', 'c-sunken', 'c-select']],
  ['c-accent', ['c-surface', 'c-canvas', 'c-sunken', 'c-select', 'c-accent-soft']],
  ['c-on-accent', ['c-accent', 'c-accent-hover']],
  ['c-ok', ['c-surface', 'c-sunken', 'c-select', 'c-ok-soft', 'c-stage']],
  ['c-warn', ['c-surface', 'c-sunken', 'c-select', 'c-warn-soft', 'c-stage']],
  ['c-bad', ['c-surface', 'c-sunken', 'c-select', 'c-bad-soft', 'c-stage']],
  ['c-on-toast', ['c-toast']],
  ['c-paper-ink', ['c-paper']],
  ['c-on-mark', ['c-mark']],
];
const EDGES: [string, string[]][] = [
  ['c-line-strong', ['c-surface', 'c-canvas', 'c-sunken']],
  ['c-focus', ['c-surface', 'c-canvas', 'c-sunken', 'c-select', 'c-stage']],
  ['c-mark', ['c-paper']],
  ['c-mark-quiet', ['c-paper']],
  ['c-toast-line', ['c-toast']],
];

describe.each([
  ['light', light],
  ['high contrast', contrast],
])('%s', (name, theme) => {
  const check = (pairs: [string, string[]][], least: number) => {
    for (const [front, grounds] of pairs) {
      for (const ground of grounds) {
        const [a, b] = [theme.get(front), theme.get(ground)];
        expect(a && b, `${front} and ${ground} are tokens`).toBeTruthy();
        // The stage is stated at 4.5 for text except the state colours, which stand there with a shape of 3:1.
        const wanted = ground === 'c-stage' && least === 4.5 && ['c-ok', 'c-warn', 'c-bad'].includes(front) ? 4.5 : least;
        expect(ratio(a as string, b as string), `${front} on ${ground}, ${name}`).toBeGreaterThanOrEqual(wanted);
      }
    }
  };
  it('gives text 4.5:1', () => check(TEXT, 4.5));
  it('gives edges, focus and marks 3:1', () => check(EDGES, 3));
});

it('keeps Chinese at 13 px or more', () => {
  const sizes = [...css.matchAll(/--t-(\d+):\s*([\d.]+)rem/g)].map((match) => Number(match[2]) * 16);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(13);
});
