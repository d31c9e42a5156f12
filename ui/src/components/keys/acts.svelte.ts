// What can be done now, and with which key. A screen names its acts once; the buttons, the key list (F1), the palette (Ctrl K)
// and the keyboard all read the same list, so a hint can never promise a key that does something else.

import { untrack } from 'svelte';

import { belongsToField, chordOf, isBrowserAccelerator } from './chord';

/** Something a person can do on the screen. */
export interface Act {
  /** Also the `data-testid` of its button. */
  id: string;
  /** The key; several when one is an alias. Absent for acts that only the palette and a button offer. */
  key?: string | readonly string[];
  label: string;
  run: () => void;
  /** Not possible now: pressing tells this reason instead. */
  blocked?: string | null;
  /** Not offered at all now. */
  off?: boolean;
  /** Left out of the palette (arrows, digits). */
  minor?: boolean;
  /** Possible over an overlay too. */
  always?: boolean;
  /** Repeats while the key is held. */
  repeats?: boolean;
}

interface Layer {
  acts: () => readonly Act[];
  /** Nothing below it gets a key, except what `global` layers hold. */
  modal: boolean;
  global: boolean;
}

let layers = $state.raw<readonly Layer[]>([]);
let explain: (reason: string) => void = () => {};

/** The keys of an act. */
export function keysOf(act: Act): readonly string[] {
  if (act.key === undefined) return [];
  return typeof act.key === 'string' ? [act.key] : act.key;
}

/** Offers acts while the component that calls this is on screen. */
export function offerActs(acts: () => readonly Act[], kind: { modal?: boolean; global?: boolean } = {}): void {
  $effect(() => {
    const layer: Layer = { acts, modal: kind.modal ?? false, global: kind.global ?? false };
    untrack(() => {
      layers = [...layers, layer];
    });
    return () => {
      layers = layers.filter((each) => each !== layer);
    };
  });
}

/** All acts on offer, the topmost first; below an overlay only those of the window that are always possible. */
export function actsOnOffer(): Act[] {
  const own: Act[] = [];
  const global: Act[] = [];
  let shut = false;
  for (const layer of [...layers].reverse()) {
    const acts = layer.acts().filter((act) => !act.off);
    if (layer.global) global.push(...acts.filter((act) => !shut || act.always));
    else if (!shut) own.push(...acts);
    if (layer.modal) shut = true;
  }
  // Acts of the window stand behind those of the screen.
  return [...own, ...global];
}

/** All acts of the screen below any overlay, for the palette and the key list which are overlays themselves. Where the screen does an act
    of the window in its own way (undo), only the screen's is named. */
export function actsBelow(): Act[] {
  const acts = layers
    .filter((layer) => !layer.modal)
    .slice()
    .reverse()
    .flatMap((layer) => layer.acts().filter((act) => !act.off));
  const first = new Map<string, Act>();
  for (const act of acts) if (!first.has(act.id)) first.set(act.id, act);
  return [...first.values()];
}

/** Does an act, or says why it is not possible now. */
export function doAct(act: Act): void {
  if (act.blocked) explain(act.blocked);
  else act.run();
}

function isEditable(target: EventTarget | null): 'no' | 'line' | 'lines' {
  if (target instanceof HTMLTextAreaElement) return 'lines';
  if (target instanceof HTMLSelectElement) return 'lines';
  if (target instanceof HTMLInputElement) return ['checkbox', 'radio', 'button'].includes(target.type) ? 'no' : 'line';
  return 'no';
}

function onKeyDown(event: KeyboardEvent): void {
  // Enter and digits during composition belong to the input method.
  if (event.isComposing || event.keyCode === 229) return;
  const chord = chordOf(event);
  if (chord === '') return;
  if (isBrowserAccelerator(chord)) event.preventDefault();
  const field = isEditable(event.target);
  if (field !== 'no' && belongsToField(chord, field === 'lines')) return;
  // A focused button keeps its own Enter and Space.
  if ((chord === 'Enter' || chord === 'Space') && event.target instanceof HTMLButtonElement && event.target.dataset['keys'] !== 'shared') return;
  const act = actsOnOffer().find((each) => keysOf(each).includes(chord));
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat && !act.repeats) return;
  doAct(act);
}

/** Starts listening; `tell` shows why an act is not possible now. Returns how to stop. */
export function listenToKeys(tell: (reason: string) => void): () => void {
  explain = tell;
  const quiet = (event: Event) => event.preventDefault();
  window.addEventListener('keydown', onKeyDown, true);
  // A counter's window: no menu of the web view, no dropping of files or links onto the page.
  for (const name of ['contextmenu', 'dragover', 'drop', 'dragstart']) window.addEventListener(name, quiet);
  return () => {
    window.removeEventListener('keydown', onKeyDown, true);
    for (const name of ['contextmenu', 'dragover', 'drop', 'dragstart']) window.removeEventListener(name, quiet);
  };
}
