import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { en } from '../../src/i18n/en';
import { fill } from '../../src/i18n/words.svelte';
import { zh, type TextId } from '../../src/i18n/zh';

const SOURCE = new URL('../../src', import.meta.url).pathname;
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(svelte|ts)$/.test(name));
const texts = files.filter((name) => !name.startsWith('i18n/') && !name.startsWith('host/bindings')).map((name) => ({ name, text: readFileSync(join(SOURCE, name), 'utf8') }));
const ids = Object.keys(zh) as TextId[];
const placeholders = (text: string) => new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]));

describe('texts', () => {
  it('exist in both languages and are not empty', () => {
    expect(Object.keys(en).sort()).toEqual([...ids].sort());
    for (const id of ids) expect(en[id].trim() !== '' && zh[id].trim() !== '', id).toBe(true);
  });
  it('say the same values in both languages', () => {
    // English may also choose a form by the number, which Chinese does not need.
    for (const id of ids) expect(new Set([...placeholders(en[id])].filter((name) => name !== 'n' || zh[id].includes('{n}'))), id).toEqual(placeholders(zh[id]));
  });
  it('have no Chinese character in English, except the name of the language', () => {
    for (const id of ids) if (id !== 'act.language') expect(/\p{Script=Han}/u.test(en[id]), id).toBe(false);
  });
  it('use full-width punctuation in Chinese', () => {
    for (const id of ids) expect(/\p{Script=Han}[,;!?]/u.test(zh[id]), `${id}: ${zh[id]}`).toBe(false);
  });
  it('are each used somewhere', () => {
    const all = texts.map((file) => file.text).join('\n');
    // Ids built at run time from a closed word of the host are used by their beginning.
    const built = [...all.matchAll(/`([a-z_.]+\.)\$\{/g)].map((match) => match[1] ?? '');
    const unused = ids.filter((id) => !all.includes(`'${id}'`) && !built.some((beginning) => id.startsWith(beginning)));
    expect(unused).toEqual([]);
  });
});

it('keeps Chinese out of the components: every text has an id', () => {
  // The masks know the units that may be typed into a date; the others name keys and languages.
  const allowed = new Set(['components/keys/chord.ts', 'host/desk.ts', 'routes/AppBar.svelte', 'features/intake/review/Preview.svelte', 'features/intake/form/masks.ts']);
  const found = texts.filter((file) => !allowed.has(file.name) && /\p{Script=Han}/u.test(file.text.replace(/\/\/.*$|<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//gm, '')));
  expect(found.map((file) => file.name)).toEqual([]);
});

it('keeps Tauri behind the host folder', () => {
  expect(texts.filter((file) => !file.name.startsWith('host/') && file.text.includes('@tauri-apps')).map((file) => file.name)).toEqual([]);
});

it('writes no style attribute, which the policy of the window forbids', () => {
  expect(texts.filter((file) => file.name.endsWith('.svelte') && /\sstyle(=|:)/.test(file.text.replace(/<style[\s\S]*<\/style>/, ''))).map((file) => file.name)).toEqual([]);
});

it('takes colours and pixel sizes from the tokens', () => {
  const colour = /#[0-9a-f]{3,8}\b|rgba?\(|hsl\(/i;
  const found = texts.filter((file) => file.name.endsWith('.svelte') && colour.test(/<style>([\s\S]*)<\/style>/.exec(file.text)?.[1] ?? ''));
  expect(found.map((file) => file.name)).toEqual([]);
});

describe('fill', () => {
  it('puts values in and chooses by number', () => {
    expect(fill('{n} {n|case|cases}', { n: 1 })).toBe('1 case');
    expect(fill('{n} {n|case|cases}', { n: 3 })).toBe('3 cases');
    expect(fill('{at} 起无应答', { at: '14:20' })).toBe('14:20 起无应答');
  });
  it('leaves a value that was not given in sight', () => {
    expect(fill('{n} 件')).toBe('{n} 件');
  });
});
