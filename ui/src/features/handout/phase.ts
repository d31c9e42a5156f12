// How far the handing out of one licence is, from what the host says about the matter and the prints of its licence.

import type { CaseView, DocumentView, MatterView } from '../../host/desk';
import { printState } from '../case/prints';

/** `waiting`: nothing to hand out yet · `serial`: a blank is to be taken · `printing` · `look`: the sheet is to be looked at · `done`. */
export type Phase = 'waiting' | 'serial' | 'printing' | 'look' | 'done';

/** The document that carries a matter's licence. */
export function licenceOf(view: CaseView, matter: MatterView): DocumentView | null {
  if (!matter.licence_no) return null;
  return view.documents.find((document) => document.number === matter.licence_no) ?? null;
}

export function phaseOf(view: CaseView, matter: MatterView): Phase {
  if (matter.state === 'delivered') return 'done';
  const licence = licenceOf(view, matter);
  const print = licence ? printState(licence) : 'none';
  if (print === 'pending' || print === 'sent' || print === 'uncertain') return 'printing';
  if (print === 'confirmed') return 'look';
  return matter.licence_printable ? 'serial' : 'waiting';
}

/** Whether the serial may be taken: it is the next blank, or it was typed twice alike. */
export function serialSettled(typed: string, again: string, next: string | null): boolean {
  const serial = typed.trim();
  return serial !== '' && (serial === next || serial === again.trim());
}
