import { beforeEach, expect, it, vi } from 'vitest';

import { OpenCase } from '../../src/features/case/open-case.svelte';
import type { CaseView, ScanNews, ScanProfile } from '../../src/host/desk';

/** A host that takes every order; what comes of it is told as news. */
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', { __TAURI_INTERNALS__: { invoke: () => Promise.resolve(null) } });
});

const view = (id: string) => ({ case_id: id, revision: 1, checklist: [], pages: [] }) as unknown as CaseView;

async function scanned(open: OpenCase, source: ScanProfile['source'], state: ScanNews['state'], kept: number): Promise<number> {
  const id = open.view?.case_id ?? '';
  open.scanInto(null, { scanner: null, source, colour: 'colour', dpi: 300, paper: 'a4' });
  await vi.advanceTimersByTimeAsync(1);
  open.hearScan({ case_id: id, material: null, state, pages_kept: kept, percent: 100, words: null, code: null, look: null });
  return open.fronts;
}

it('counts all fronts of a stack, also of one that jammed on the way', async () => {
  const open = new OpenCase();
  open.show(view('a'), 2);
  expect(await scanned(open, 'fronts', 'failed', 2)).toBe(0);
  expect(await scanned(open, 'fronts', 'finished', 3)).toBe(5);
  expect(await scanned(open, 'backs', 'failed', 2)).toBe(5);
  expect(await scanned(open, 'backs', 'finished', 3)).toBe(0);
});

it('keeps a stack that waits for its backs while another case is open', async () => {
  const open = new OpenCase();
  open.show(view('a'), 2);
  expect(await scanned(open, 'fronts', 'finished', 3)).toBe(3);
  open.show(view('b'), 2);
  expect(open.fronts).toBe(0);
  expect(await scanned(open, 'auto', 'finished', 1)).toBe(0);
  open.close();
  open.show(view('a'), 2);
  expect(open.fronts).toBe(3);
  open.fronts = 0;
  expect(open.fronts).toBe(0);
});

it('forgets the fronts when something else is scanned into the same case', async () => {
  const open = new OpenCase();
  open.show(view('a'), 2);
  await scanned(open, 'fronts', 'finished', 3);
  expect(await scanned(open, 'auto', 'failed', 0)).toBe(3);
  expect(await scanned(open, 'flatbed', 'finished', 1)).toBe(0);
});
