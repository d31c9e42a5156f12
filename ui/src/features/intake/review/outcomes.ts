// Which outcome is chosen when the review opens, which paper it makes, and what is still missing before F9.

import type { CaseView, FindingView, OutcomeKind, OutcomeView } from '../../../host/desk';
import type { TextId } from '../../../i18n/words.svelte';

/** The outcome to begin with: the one the check proposes, else the first possible, else the first. */
export function firstOutcome(outcomes: readonly OutcomeView[]): OutcomeView | null {
  return outcomes.find((outcome) => outcome.proposed) ?? outcomes.find((outcome) => outcome.possible) ?? outcomes[0] ?? null;
}

/** Kind of the document that an outcome makes, as the host names it; `null` when it makes none. */
export function documentOf(kind: OutcomeKind): string | null {
  switch (kind) {
    case 'accept':
    case 'accept_conditional':
      return 'acceptance-notice';
    case 'supplement':
      return 'supplement-notice';
    case 'refuse':
      return 'refusal-notice';
    case 'not_required':
      return null;
  }
}

/** What the clerk wrote for an outcome. */
export interface Written {
  reason: string | null;
  text: string;
  /** The applicant signed to bring what is missing, and no bad credit entry is open. */
  undertaking: boolean;
}

/** What is missing before the outcome can be decided; `null` when nothing is. */
export function missingFor(outcome: OutcomeView, written: Written): TextId | null {
  if (!outcome.possible) return 'review.missing.possible';
  if (outcome.kind === 'refuse' && outcome.reasons.length > 0 && written.reason === null) return 'review.missing.reason';
  if (outcome.kind === 'accept_conditional' && !written.undertaking) return 'review.missing.undertaking';
  if (outcome.kind === 'not_required' && written.text.trim() === '') return 'review.missing.basis';
  return null;
}

/** The lines of a one-time notice: everything that still stands against acceptance. */
export function deficiencies(view: CaseView): FindingView[] {
  return view.findings.filter((finding) => finding.severity !== 'note' && !finding.overridden);
}
