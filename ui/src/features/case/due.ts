// A due date in words first: today, overdue, days left.

import type { TextId, TextValues } from '../../i18n/words.svelte';
import { shortDate } from '../../i18n/dates';

/** The two lines of a due cell; `null` where no clock runs. */
export interface DueWords {
  main: { id: TextId; values?: TextValues } | { text: string };
  note: { id: TextId; values?: TextValues } | null;
}

export function dueWords(due: string | null, daysLeft: number | null, today: string): DueWords | null {
  if (!due && daysLeft === null) return null;
  const date = shortDate(due, today);
  if (daysLeft === null) return { main: { text: date }, note: null };
  if (daysLeft < 0) return { main: { id: 'due.overdue', values: { n: -daysLeft } }, note: date ? { id: 'due.was', values: { date } } : null };
  if (daysLeft === 0) return { main: { id: 'due.today' }, note: null };
  return { main: { text: date }, note: { id: 'due.left', values: { n: daysLeft } } };
}
