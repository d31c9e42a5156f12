// How far the handing out of one result is, from what the host says about the matter and the prints of its licence.

import type { CaseView, DocumentView, MatterView } from '../../host/desk';
import { printState } from '../case/prints';

/** `waiting`: not decided · `decide`: may be decided here by mandate · `serial`: a blank is to be taken · `printing` · `look`: at the sheet, then hand over · `hand`: made elsewhere, hand over · `done`. */
export type Phase = 'waiting' | 'decide' | 'serial' | 'printing' | 'look' | 'hand' | 'done';

/** The newest document that carries a matter's licence. */
export function licenceOf(view: CaseView, matter: MatterView): DocumentView | null {
  const own = view.documents.filter((document) => document.licence_of === matter.matter);
  return own[own.length - 1] ?? null;
}

export function phaseOf(view: CaseView, matter: MatterView): Phase {
  // A copy made after the delivery: its sheet has to be looked at like the first one.
  const unlooked = matter.blank !== null && !matter.blank.used;
  if (matter.state === 'delivered' && !unlooked) return 'done';
  if (matter.state !== 'granted' && matter.state !== 'delivered') return matter.window ? 'decide' : 'waiting';
  // A spoiled blank makes the licence printable again, whatever its first print came to.
  if (matter.licence_printable) return 'serial';
  const licence = licenceOf(view, matter);
  if (!licence) return 'hand';
  if (matter.blank?.used) return 'hand';
  const print = printState(licence);
  return print === 'pending' || print === 'sent' || print === 'uncertain' ? 'printing' : 'look';
}

/** Whether the serial may be taken: it is the next blank, or it was typed twice alike. */
export function serialSettled(typed: string, again: string, next: string | null): boolean {
  const serial = typed.trim();
  return serial !== '' && (serial === next || serial === again.trim());
}
