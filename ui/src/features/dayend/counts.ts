// Whether what was counted in the drawer agrees with the book. The host checks again; this only says it before the signature.

import type { DayBlank } from '../../host/desk';

const counted = (text: string | undefined): number | null => (text !== undefined && /^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : null);

/** Every kind of blank was counted, and every count is the book's. */
export function countsSettled(blanks: readonly DayBlank[], counts: Readonly<Record<string, string>>): boolean {
  return blanks.every((blank) => counted(counts[blank.kind]) === blank.closing);
}

/** Kinds whose count was typed and differs. */
export function wrongCounts(blanks: readonly DayBlank[], counts: Readonly<Record<string, string>>): string[] {
  return blanks.filter((blank) => (counts[blank.kind] ?? '').trim() !== '' && counted(counts[blank.kind]) !== blank.closing).map((blank) => blank.kind);
}
