import { describe, expect, it } from 'vitest';

import { grouped, halfWidth, typed } from '../../src/features/intake/form/masks';

const check = (mask: string, cases: readonly (readonly [string, string])[]) => {
  for (const [text, expected] of cases) {
    expect(typed(mask, text, 64), `${mask}: ${text}`).toBe(expected);
    expect(typed(mask, expected, 64), `${mask}: ${expected} typed again stays`).toBe(expected);
  }
};

describe('typed', () => {
  it('leaves free text alone, within its bound', () => {
    check('', [['云溪市 南塘', '云溪市 南塘'], ['O’Brien', 'O’Brien']]);
    expect(typed('', '𠮷'.repeat(5), 3)).toBe('𠮷'.repeat(3));
  });
  it('keeps what a number may have, in half width and upper case', () => {
    check('6-8-4', [['３３０３２４ 19960512 998x', '33032419960512998X'], ['330324-19960512', '33032419960512'], ['身份证', '']]);
  });
  it('puts dashes into days', () => {
    check('date', [['20261109', '2026-11-09'], ['2026119', '2026-11-09'], ['2026-11-1', '2026-11-1'], ['2026-11-15', '2026-11-15'], ['2026-1-15', '2026-01-15'], ['2026/1/9', '2026-01-09'], ['2026年11月9日', '2026-11-09'], ['2026', '2026'], ['20261', '2026-1'], ['2026-', '2026-'], ['abc', '']]);
  });
  it('lets every day be typed key by key, with dashes or without', () => {
    const byKey = (keys: string) => [...keys].reduce((text, key) => typed('date', text + key, 64), '');
    for (const day of ['01', '03', '09', '10', '15', '28', '31']) for (const month of ['01', '10', '12']) {
      expect(byKey(`2026${month}${day}`), `${month}${day}`).toBe(`2026-${month}-${day}`);
      expect(byKey(`2026-${month}-${day}`), `${month}-${day}`).toBe(`2026-${month}-${day}`);
    }
  });
  it('knows a day with a time', () => {
    check('datetime', [['2026-11-09T03:26', '2026-11-09T03:26'], ['2026-11-09 03:26', '2026-11-09T03:26'], ['202611090326', '2026-11-09T03:26'], ['20261109', '2026-11-09']]);
  });
  it('keeps amounts, counts and phones free of anything else', () => {
    check('money', [['￥12,000.05元', '12,000.05']]);
    check('integer', [['３２０ 克', '320'], ['-1', '-1']]);
    check('phone', [['138 0000-0000', '138 0000-0000'], ['(0577)88', '057788']]);
  });
  it('never fails, whatever is typed', () => {
    for (const text of ['\u202e周', '👨‍👩‍👧‍👦', '\u0000', "'; DROP TABLE", '\ud800']) for (const mask of ['', '6-8-4', 'date', 'datetime', 'money', 'integer', 'phone', 'address']) expect(typeof typed(mask, text, 20)).toBe('string');
  });
});

describe('grouped', () => {
  it('shows long numbers in groups and amounts in thousands', () => {
    expect(grouped('6-8-4', '330324199605129988')).toBe('330324 19960512 9988');
    expect(grouped('4-4-4-4-3', '6217000000000006')).toBe('6217 0000 0000 0006');
    expect(grouped('3-4-4', '138000')).toBe('138 000');
    expect(grouped('money', '1234567.8')).toBe('1,234,567.8');
    expect(grouped('money', '999')).toBe('');
    expect(grouped('', '周知夏')).toBe('');
  });
});

it('makes half-width forms of full-width ones', () => {
  expect(halfWidth('ＡＢ１２　（）')).toBe('AB12 ()');
});
