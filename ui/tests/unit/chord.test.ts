import { describe, expect, it } from 'vitest';

import { belongsToField, chordOf, isBrowserAccelerator, shownChord, type Stroke } from '../../src/components/keys/chord';

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({ key, code: '', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });

describe('chordOf', () => {
  const check = (given: Stroke, expected: string) => expect(chordOf(given)).toBe(expected);

  it('names function keys, with Shift where it counts', () => {
    check(stroke('F9'), 'F9');
    check(stroke('F5', { shiftKey: true }), 'Shift+F5');
  });
  it('takes digits from the key row and the number pad alike', () => {
    check(stroke('1', { code: 'Digit1' }), '1');
    check(stroke('1', { code: 'Numpad1' }), '1');
    check(stroke('¡', { code: 'Digit1', altKey: true }), 'Alt+1');
  });
  it('writes letters in upper case and drops the Shift that made a character', () => {
    check(stroke('k', { ctrlKey: true }), 'Ctrl+K');
    check(stroke('+', { ctrlKey: true, shiftKey: true, code: 'Equal' }), 'Ctrl++');
    check(stroke('=', { ctrlKey: true, code: 'Equal' }), 'Ctrl++');
    check(stroke('-', { ctrlKey: true, code: 'Minus' }), 'Ctrl+-');
  });
  it('is empty for a modifier alone and for keys of the input method', () => {
    check(stroke('Shift', { shiftKey: true }), '');
    check(stroke('Process'), '');
    check(stroke('Unidentified'), '');
  });
  it('gives space and escape their names', () => {
    check(stroke(' '), 'Space');
    check(stroke('Esc'), 'Escape');
    check(stroke('Delete', { ctrlKey: true }), 'Ctrl+Delete');
  });
});

describe('belongsToField', () => {
  it('leaves characters and editing keys to the field', () => {
    for (const chord of ['A', '1', 'Space', 'Delete', 'Backspace', 'Ctrl+Z', 'ArrowLeft']) expect(belongsToField(chord, false), chord).toBe(true);
  });
  it('keeps function keys, Enter and the arrows between rows for the screen', () => {
    for (const chord of ['F9', 'Enter', 'ArrowDown', 'Ctrl+K', 'Escape', 'Alt+1']) expect(belongsToField(chord, false), chord).toBe(false);
  });
  it('lets Enter make a new line where there are lines', () => {
    expect(belongsToField('Enter', true)).toBe(true);
    expect(belongsToField('F9', true)).toBe(false);
  });
});

it('switches off what a browser would do on its own', () => {
  for (const chord of ['F5', 'F7', 'Ctrl+R', 'Ctrl+P', 'Ctrl+F', 'Shift+F5']) expect(isBrowserAccelerator(chord), chord).toBe(true);
  for (const chord of ['Ctrl+C', 'Ctrl+V', 'Enter', 'A']) expect(isBrowserAccelerator(chord), chord).toBe(false);
});

it('shows a chord as it is printed on the keys', () => {
  expect(shownChord('Shift+F9', 'zh')).toBe('Shift F9');
  expect(shownChord('Enter', 'zh')).toBe('回车');
  expect(shownChord('Enter', 'en')).toBe('Enter');
  expect(shownChord('Ctrl++', 'en')).toBe('Ctrl +');
  expect(shownChord('Ctrl+ArrowLeft', 'zh')).toBe('Ctrl ←');
});
