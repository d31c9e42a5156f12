// The status line, folded from the host's last word. Pure: the word and its age go in, segments come out.
// Nothing is computed that the host did not say; without a word for three seconds nothing of it is shown.

import type { CentreState, DeviceState, DeviceStatus, StatusView, StoreState, Words } from '../../host/desk';
import { clock } from '../../i18n/dates';
import type { TextId, TextValues } from '../../i18n/words.svelte';

/** No word from the host for longer than this, and the line says only that. */
export const SILENCE_MS = 3000;

/** How a segment is drawn: shape and colour go together. */
export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'quiet';

/** One part of the line. */
export interface Segment {
  id: 'store' | 'centre' | 'scanner' | 'printer';
  /** The host's own closed word. */
  state: StoreState | CentreState | DeviceState;
  tone: Tone;
  text: TextId;
  values?: TextValues;
  /** A second, weaker word: since when. */
  note?: TextId;
  noteValues?: TextValues;
  /** The host's full sentence about a fault. */
  words?: Words | null;
}

/** The line, or how long the host has been silent. */
export type StatusLine = { silent: true; silentS: number } | { silent: false; segments: Segment[] };

/** Folds the last word, `ageMs` old, into the line. */
export function foldStatus(status: StatusView | null, ageMs: number): StatusLine {
  if (!status || ageMs > SILENCE_MS) return { silent: true, silentS: Math.floor(ageMs / 1000) };
  return { silent: false, segments: [store(status), centre(status), device('scanner', status.scanner), device('printer', status.printer)] };
}

function store(status: StatusView): Segment {
  const { state, words } = status.store;
  const drawn: Record<StoreState, [Tone, TextId]> = {
    safe: ['ok', 'status.store.safe'],
    saving: ['busy', 'status.store.saving'],
    low_space: ['warn', 'status.store.low_space'],
    failed: ['bad', 'status.store.failed'],
  };
  const [tone, text] = drawn[state];
  return { id: 'store', state, tone, text, words: words ?? null };
}

function centre(status: StatusView): Segment {
  const { state, waiting_cases: cases, waiting_entries: entries, waiting_pages: pages, last_answer_at: answered, silent_since: since } = status.centre;
  const id = 'centre' as const;
  const silence = since ? { note: 'status.centre.since' as const, noteValues: { at: clock(since) } } : {};
  switch (state) {
    case 'current':
      return answered
        ? { id, state, tone: 'ok', text: 'status.centre.current_at', values: { at: clock(answered) } }
        : { id, state, tone: 'ok', text: 'status.centre.current' };
    case 'sending':
      return { id, state, tone: 'busy', text: 'status.centre.sending', values: { n: cases, entries, pages } };
    case 'waiting':
      return cases > 0
        ? { id, state, tone: 'warn', text: 'status.centre.waiting', values: { n: cases }, ...silence }
        : { id, state, tone: 'warn', text: 'status.centre.waiting_entries', values: { n: entries + pages }, ...silence };
    case 'unconnected':
      return { id, state, tone: 'warn', text: 'status.centre.unconnected', ...silence };
  }
}

function device(id: 'scanner' | 'printer', status: DeviceStatus): Segment {
  const tones: Record<DeviceState, Tone> = { ready: 'ok', busy: 'busy', needs_hand: 'warn', offline: 'bad', unconfirmed: 'quiet', missing: 'quiet' };
  return { id, state: status.state, tone: tones[status.state], text: `status.device.${status.state}`, words: status.words };
}

/** Whether the devices may fold into one word when room is short: all of them ready. */
export function devicesFold(line: StatusLine): boolean {
  return !line.silent && line.segments.every((segment) => (segment.id !== 'scanner' && segment.id !== 'printer') || segment.state === 'ready');
}
