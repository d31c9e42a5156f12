// Texts of the window by id, in the language its reader chose; switched at run time.

import type { Words } from '../host/desk';

import { en } from './en';
import { zh, type TextId } from './zh';

export type { TextId };

/** Languages of the window. */
export type Language = 'zh' | 'en';

/** Values put into a text at `{name}`. */
export type TextValues = Record<string, string | number>;

const TEXTS: Record<Language, Record<TextId, string>> = { zh, en };
const KEPT = 'language';

let chosen = $state<Language>(kept());

function kept(): Language {
  return globalThis.localStorage?.getItem(KEPT) === 'en' ? 'en' : 'zh';
}

/** The language now. */
export function language(): Language {
  return chosen;
}

/** Chooses the language and keeps the choice on this PC. */
export function chooseLanguage(next: Language): void {
  chosen = next;
  globalThis.localStorage?.setItem(KEPT, next);
}

/** Puts values into a text; a text in English may offer a singular: `{n|case|cases}`. */
export function fill(text: string, values: TextValues = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && many !== undefined) return Number(value) === 1 ? one : many;
    return String(value);
  });
}

/** The text with this id. */
export function t(id: TextId, values?: TextValues): string {
  return fill(TEXTS[chosen][id], values);
}

/** A bilingual word of the host. */
export function say(words: Words | null | undefined): string {
  return words ? words[chosen] || words.zh : '';
}
