// A value as people read it: the name of a choice, the word for a sex; anything else as it is.

import type { FieldView } from '../../../host/desk';
import { say, t } from '../../../i18n/words.svelte';

export function shown(value: string, field: FieldView | null): string {
  const option = field?.options.find((each) => each.value === value);
  if (option) return say(option.label);
  if (value === 'female') return t('value.female');
  if (value === 'male') return t('value.male');
  return value;
}
