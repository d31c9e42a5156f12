// What the last attempt to print a document came to, and what may be done about it.

import type { DocumentView, PrintStateView, PrintView } from '../../host/desk';

/** The last attempt, if any. */
export function lastPrint(document: DocumentView): PrintView | null {
  return document.prints[document.prints.length - 1] ?? null;
}

/** State of a document: that of its last print, or `none` before the first. */
export function printState(document: DocumentView): PrintStateView | 'none' {
  return lastPrint(document)?.state ?? 'none';
}

/** Whether a sheet of it was confirmed once: every further print is a duplicate and needs a reason. */
export function wasPrinted(document: DocumentView): boolean {
  return document.prints.some((print) => print.state === 'confirmed');
}

/** The document to look at first: one that asks for a person, then one under way, then the first. */
export function firstDocument(documents: readonly DocumentView[]): DocumentView | null {
  return (
    documents.find((document) => printState(document) === 'uncertain') ??
    documents.find((document) => lastPrint(document)?.words) ??
    documents.find((document) => ['pending', 'sent'].includes(printState(document))) ??
    documents[0] ??
    null
  );
}
