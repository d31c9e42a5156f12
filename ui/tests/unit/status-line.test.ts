import { describe, expect, it } from 'vitest';

import { devicesFold, foldStatus, SILENCE_MS, type Segment } from '../../src/features/status/status-line';
import type { CentreStatus, DeviceStatus, StatusView, StoreStatus } from '../../src/host/bindings';

const ready: DeviceStatus = { state: 'ready', words: null };
const view = (more: { store?: Partial<StoreStatus>; centre?: Partial<CentreStatus>; scanner?: DeviceStatus; printer?: DeviceStatus } = {}): StatusView => ({
  at: '2026-11-24T14:57:03',
  business_date: '2026-11-24',
  store: { state: 'safe', free_mb: 40_000, words: null, ...more.store },
  centre: { state: 'current', waiting_entries: 0, waiting_cases: 0, waiting_pages: 0, last_answer_at: '2026-11-24T14:56:58', silent_since: null, ...more.centre },
  scanner: more.scanner ?? ready,
  printer: more.printer ?? ready,
  inbox: null,
  clock: null,
  restored: null,
});
function segment(status: StatusView, id: Segment['id']): Segment {
  const line = foldStatus(status, 0);
  if (line.silent) throw new Error('the line is silent');
  return line.segments.find((each) => each.id === id) as Segment;
}

describe('silence', () => {
  it('replaces the whole line when the host has not spoken for three seconds', () => {
    expect(foldStatus(view(), SILENCE_MS + 1)).toEqual({ silent: true, silentS: 3 });
    expect(foldStatus(view(), 4200)).toEqual({ silent: true, silentS: 4 });
  });
  it('is not said while the last word is fresh', () => expect(foldStatus(view(), SILENCE_MS).silent).toBe(false));
  it('is said before the first word', () => expect(foldStatus(null, 0).silent).toBe(true));
});

describe('the centre', () => {
  it('is “received” only with the time of its own answer', () => {
    expect(segment(view(), 'centre')).toMatchObject({ state: 'current', tone: 'ok', text: 'status.centre.current_at', values: { at: '14:56' } });
  });
  it('counts waiting cases as the host counts them, and since when', () => {
    const waiting = view({ centre: { state: 'waiting', waiting_cases: 3, waiting_entries: 41, silent_since: '2026-11-24T14:20:00' } });
    expect(segment(waiting, 'centre')).toMatchObject({ tone: 'warn', text: 'status.centre.waiting', values: { n: 3 }, noteValues: { at: '14:20' } });
  });
  it('names entries when no case waits', () => {
    const waiting = view({ centre: { state: 'waiting', waiting_entries: 2, waiting_pages: 1 } });
    expect(segment(waiting, 'centre')).toMatchObject({ text: 'status.centre.waiting_entries', values: { n: 3 } });
  });
  it('is never “received” when nothing waits and nothing answered', () => {
    expect(segment(view({ centre: { state: 'unconnected', last_answer_at: null } }), 'centre')).toMatchObject({ tone: 'warn', text: 'status.centre.unconnected' });
  });
});

describe('devices', () => {
  it('are ready only by their own word', () => {
    expect(segment(view(), 'scanner')).toMatchObject({ tone: 'ok', text: 'status.device.ready' });
    expect(segment(view({ scanner: { state: 'unconfirmed', words: null } }), 'scanner')).toMatchObject({ tone: 'quiet', text: 'status.device.unconfirmed' });
  });
  it('keep their full sentence', () => {
    const words = { zh: '卡纸，已收 2 页', en: 'Paper jam, 2 pages kept' };
    expect(segment(view({ scanner: { state: 'needs_hand', words } }), 'scanner')).toMatchObject({ tone: 'warn', words });
  });
  it('fold only when all of them are ready', () => {
    expect(devicesFold(foldStatus(view(), 0))).toBe(true);
    expect(devicesFold(foldStatus(view({ printer: { state: 'offline', words: null } }), 0))).toBe(false);
  });
});

it('is alarmed about storage only when storing stopped', () => {
  expect(segment(view(), 'store').tone).toBe('ok');
  expect(segment(view({ store: { state: 'saving' } }), 'store').tone).toBe('busy');
  expect(segment(view({ store: { state: 'failed' } }), 'store').tone).toBe('bad');
});
