// Which shape stands for which of the host's closed words. A word that is not known gets the neutral shape, never a wrong one.

import type { GlyphName } from '../../components/Glyph.svelte';
import type { Alert, FindingView, PageView, PaperState, PrintStateView, SafeTrack, Severity } from '../../host/desk';
import { hasPictures } from '../../host/pictures';

const CASES: Record<string, GlyphName> = {
  draft: 'draft', received: 'wait', supplement: 'notice', not_required: 'skip', rejected: 'bad', withdrawn: 'skip', accepted: 'done',
  accepted_conditional: 'done', in_review: 'busy', suspended: 'pause', ready: 'ready', completed: 'done',
};
const MATTERS: Record<string, GlyphName> = {
  accepted: 'done', accepted_conditional: 'done', in_review: 'busy', suspended: 'pause', granted: 'ready', refused: 'bad', delivered: 'done', withdrawn: 'skip', terminated: 'skip',
};

/** Of a case's state. A wheel turns only where something happens here and now. */
export const caseShape = (state: string): GlyphName => (CASES[state] === 'busy' ? 'wait' : (CASES[state] ?? 'todo'));
/** Of a matter's state. */
export const matterShape = (state: string): GlyphName => (MATTERS[state] === 'busy' ? 'wait' : (MATTERS[state] ?? 'todo'));

/** Of a paper on the checklist. */
export const PAPER_SHAPES: Record<PaperState | 'scanning', GlyphName> = {
  todo: 'todo', scanning: 'busy', to_check: 'warn', ok: 'done', finding: 'bad', may_follow: 'wait', shared_queued: 'wait',
  shared_confirmed: 'link', committed: 'signed', not_needed: 'skip',
};

/** Of a finding. */
export const SEVERITY_SHAPES: Record<Severity, GlyphName> = { error: 'bad', warning: 'warn', note: 'info' };
export const SEVERITY_TONES = { error: 'bad', warning: 'warn', note: 'info' } as const satisfies Record<Severity, string>;

/** Of a print. */
export const PRINT_SHAPES: Record<PrintStateView, GlyphName> = { pending: 'wait', sent: 'busy', confirmed: 'done', spoiled: 'skip', uncertain: 'ask' };

/** Of a page: what its verdict says, heavier if a value on it is wrong; a question where the app only guessed its paper. */
export function pageShape(page: PageView, findings: readonly FindingView[]): GlyphName {
  if (page.removed) return 'skip';
  if (page.reading || !hasPictures(page)) return 'busy';
  const own = findings.filter((finding) => finding.page_id === page.page_id && !finding.overridden);
  if (own.some((finding) => finding.severity === 'error') || page.readings.some((reading) => reading.finding?.severity === 'error' && !reading.confirmed)) return 'bad';
  if (page.guess_percent !== null) return 'ask';
  if (page.verdict !== 'usable' || page.looks_like || own.some((finding) => finding.severity === 'warning')) return 'warn';
  return 'done';
}

/** Nodes of the safe track, PC first. */
export const trackNodes = (safe: SafeTrack) => [safe.here, safe.centre] as const;

/** Whether a due date is set in the colour of alarm. */
export const dueTone = (alert: Alert): 'bad' | 'warn' | '' => (alert === 'red' || alert === 'orange' ? 'bad' : alert === 'yellow' ? 'warn' : '');
