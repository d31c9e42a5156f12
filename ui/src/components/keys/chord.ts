// Key strokes as words: `F9`, `Shift+F5`, `Ctrl+K`, `Alt+1`, `Enter`, `ArrowUp`, `1`.
// Letters alone are never chords: Chinese input methods swallow them.

/** What of a keyboard event decides the chord. */
export interface Stroke {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

const NAMED: Record<string, string> = { ' ': 'Space', Spacebar: 'Space', Esc: 'Escape', Del: 'Delete' };

/** The chord of a stroke; empty when it is a modifier alone or belongs to the input method. */
export function chordOf(stroke: Stroke): string {
  const { key, code } = stroke;
  if (['Control', 'Shift', 'Alt', 'Meta', 'Dead', 'Process', 'Unidentified', 'AltGraph'].includes(key)) return '';
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  let name = NAMED[key] ?? key;
  if (digit && (stroke.altKey || stroke.ctrlKey || /^\d$/.test(key))) name = digit[1] ?? name;
  if (stroke.ctrlKey && (name === '=' || code === 'NumpadAdd')) name = '+';
  if (stroke.ctrlKey && (name === '_' || code === 'NumpadSubtract')) name = '-';
  if (name.length === 1) name = name.toUpperCase();
  // Shift is part of the chord only for named keys; for characters it already made the character.
  const shift = stroke.shiftKey && name.length > 1 ? 'Shift+' : '';
  return `${stroke.ctrlKey || stroke.metaKey ? 'Ctrl+' : ''}${stroke.altKey ? 'Alt+' : ''}${shift}${name}`;
}

/** Whether the chord would write or move inside a field that has the focus, and so belongs to the field. */
export function belongsToField(chord: string, multiline: boolean): boolean {
  if (/^.$/u.test(chord)) return true;
  if (['Space', 'Backspace', 'Delete', 'Home', 'End', 'ArrowLeft', 'ArrowRight', 'Shift+ArrowLeft', 'Shift+ArrowRight'].includes(chord)) return true;
  if (['Ctrl+A', 'Ctrl+C', 'Ctrl+V', 'Ctrl+X', 'Ctrl+Z', 'Ctrl+Y', 'Ctrl+ArrowLeft', 'Ctrl+ArrowRight', 'Ctrl+Delete', 'Ctrl+Backspace'].includes(chord)) return true;
  return multiline && ['Enter', 'ArrowUp', 'ArrowDown'].includes(chord);
}

// What a web view does with these would leave or disturb the window: reload, caret browsing, find, history, downloads.
const BROWSER_OWN = new Set([
  'F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12', 'Shift+F5', 'Shift+F7', 'Ctrl+F5',
  'Ctrl+R', 'Ctrl+P', 'Ctrl+F', 'Ctrl+G', 'Ctrl+N', 'Ctrl+O', 'Ctrl+S', 'Ctrl+U', 'Ctrl+D', 'Ctrl+H', 'Ctrl+J', 'Ctrl+K', 'Ctrl+L', 'Ctrl+E',
  'Ctrl+B', 'Ctrl+I', 'Ctrl+M', 'Ctrl+T', 'Ctrl+W', 'Ctrl++', 'Ctrl+-', 'Ctrl+0', 'Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home',
]);

/** Whether the web view must not see the chord, bound or not. */
export function isBrowserAccelerator(chord: string): boolean {
  return BROWSER_OWN.has(chord);
}

const SHOWN: Record<'zh' | 'en', Record<string, string>> = {
  zh: { Enter: '回车', Space: '空格', Escape: 'Esc', Delete: 'Delete', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' },
  en: { Enter: 'Enter', Space: 'Space', Escape: 'Esc', Delete: 'Delete', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' },
};

/** The chord as it stands on a key hint. */
export function shownChord(chord: string, language: 'zh' | 'en'): string {
  // `Ctrl++` ends in the plus key itself.
  const parts = chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+');
  return parts.map((part) => SHOWN[language][part] ?? part).join(' ');
}
