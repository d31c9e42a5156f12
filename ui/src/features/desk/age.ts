// How long ago something was, in words.

import { t } from '../../i18n/words.svelte';

/** How old something is: minutes up to two hours, hours up to two days, then days. */
export function age(minutes: number): string {
  if (minutes < 120) return t('board.age.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t('board.age.hours', { n: hours }) : t('board.age.days', { n: Math.floor(hours / 24) });
}
