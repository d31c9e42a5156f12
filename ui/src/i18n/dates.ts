// Dates and times as the window shows them: 14:20, 12-01 within the year. The host sends local text; it is only cut and arranged.

import type { Language } from './words.svelte';

const WEEKDAYS: Record<Language, readonly string[]> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};

/** `14:59` of `2026-11-24T14:59:03`; empty when there is no time in it. */
export function clock(at: string | null | undefined): string {
  return /T(\d\d:\d\d)/.exec(at ?? '')?.[1] ?? '';
}

/** `14:59:03` of `2026-11-24T14:59:03`. */
export function clockSeconds(at: string | null | undefined): string {
  return /T(\d\d:\d\d:\d\d)/.exec(at ?? '')?.[1] ?? clock(at);
}

/** `2026-11-24` of a date or a time. */
export function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** `12-01` in the year of `today`, else in full. */
export function shortDate(date: string | null | undefined, today: string): string {
  if (!date) return '';
  const day = dayOf(date);
  return day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day;
}

/** `14:59` today, `11-23 14:59` on another day. */
export function shortTime(at: string | null | undefined, today: string): string {
  if (!at) return '';
  return dayOf(at) === dayOf(today) ? clock(at) : `${shortDate(at, today)} ${clock(at)}`.trim();
}

/** Weekday of a date. */
export function weekday(date: string, language: Language): string {
  const at = new Date(`${dayOf(date)}T12:00:00Z`).getUTCDay();
  return WEEKDAYS[language][at] ?? '';
}

/** The date in full: `2026年11月24日　周二` or `Tue 24 Nov 2026`. */
export function longDate(date: string, language: Language): string {
  const [year, month, day] = dayOf(date).split('-').map(Number);
  if (!year || !month || !day) return '';
  if (language === 'zh') return `${year}年${month}月${day}日　${weekday(date, 'zh')}`;
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${weekday(date, 'en')} ${day} ${months[month - 1] ?? ''} ${year}`;
}
