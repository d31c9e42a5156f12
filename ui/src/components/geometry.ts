// Sizes and places that are known only at run time reach the style sheet as custom properties through the CSSOM:
// the window's policy forbids style attributes.

import type { Attachment } from 'svelte/attachments';

/** Sets custom properties on the element. */
export function geometry(properties: Record<string, string>): Attachment<HTMLElement> {
  return (element) => {
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  };
}

/** Moves the focus to the element when it appears. */
export function takesFocus(when = true): Attachment<HTMLElement> {
  return (element) => {
    if (when) queueMicrotask(() => element.focus());
  };
}

/** Keeps a chosen row in view. */
export function staysInView(chosen: boolean): Attachment<HTMLElement> {
  return (element) => {
    if (chosen) element.scrollIntoView({ block: 'nearest' });
  };
}
