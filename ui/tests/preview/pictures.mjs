// Takes pictures of every screen of the preview in the product's own engine, and runs axe on each.
// Usage: npm run pictures -- OUT_DIR [name part]. Needs Xvfb, WebKitWebDriver and WebKit's MiniBrowser.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { build, preview } from 'vite';

const out = process.argv[2] ?? 'build/pictures';
const only = process.argv[3] ?? '';
// Pictures alone take a tenth of the time.
const looking = process.argv.includes('--no-axe');
// A display of this run's own: a lock left behind by another must not stop it.
const DISPLAY = `:${100 + (process.pid % 800)}`;
const PATIENCE_MS = 60_000;
const DRIVER = 'http://127.0.0.1:4587';
const KEYS = { F1: '\uE031', F2: '\uE032', F4: '\uE034', F7: '\uE037', F5: '\uE035', F6: '\uE036', F8: '\uE038', F9: '\uE039', Enter: '\uE007', Escape: '\uE00C', ArrowDown: '\uE015', ArrowUp: '\uE013', Space: ' ', Ctrl: '\uE009', Alt: '\uE00A', Shift: '\uE008', Delete: '\uE017', Tab: '\uE004' };

const SHOTS = [
  { name: 'g-sign-in', query: '' },
  { name: 'a-desk', query: '?as=clerk' },
  { name: 'a2-new-case', query: '?as=clerk', keys: ['Ctrl+n'] },
  { name: 'a3-palette', query: '?as=clerk', keys: ['Ctrl+k'], type: 'newborn' },
  { name: 'a4-keys', query: '?as=clerk', keys: ['F1'] },
  { name: 'b-guidance', query: '?as=clerk&case=case-a017&step=1', keys: ['1'] },
  { name: 'b2-applicant', query: '?as=clerk&case=case-a017&step=1', keys: ['F2'] },
  { name: 'b3-visit', query: '?as=clerk&case=case-a017&step=1', keys: ['F7'] },
  { name: 'c-papers', query: '?as=clerk&case=case-a017&step=2' },
  { name: 'c2-papers-scanning', query: '?as=clerk&case=case-a017&step=2&scan=60000', keys: ['F5'] },
  { name: 'c3-papers-card', query: '?as=clerk&case=case-a017&step=2', keys: ['ArrowDown', 'ArrowDown'] },
  { name: 'c4-papers-assign', query: '?as=clerk&case=case-a017&step=2', keys: ['F2'] },
  { name: 'c5-papers-import', query: '?as=clerk&case=case-a017&step=2', keys: ['Ctrl+i'] },
  { name: 'c6-papers-crop', query: '?as=clerk&case=case-a017&step=2', keys: ['ArrowUp', 'Alt+c', 'Tab'] },
  { name: 'c7-papers-inbox', query: '?as=clerk&case=case-a017&step=2&inbox=3' },
  { name: 'c8-papers-turn', query: '?as=clerk&case=case-a017&step=2&scan=0', keys: ['Ctrl+F5', 'Ctrl+F5', 'Ctrl+F5', 'Ctrl+F5', 'F5'], wait: 2500 },
  { name: 'c9-papers-camera-settling', query: '?as=clerk&case=case-a017&step=2&camera=settling', keys: ['F5'] },
  { name: 'c9-papers-camera-cut', query: '?as=clerk&case=case-a017&step=2&camera=cut', keys: ['F5'] },
  { name: 'c9-papers-camera-taken', query: '?as=clerk&case=case-a017&step=2&camera=taken', keys: ['F5'] },
  { name: 'c11-papers-profile', query: '?as=clerk&case=case-a017&step=2', keys: ['Alt+p'] },
  { name: 'c11-papers-profile-flatbed', query: '?as=clerk&case=case-a017&step=2&scanner=flatbed', keys: ['Alt+p'] },
  { name: 'c11-papers-profile-silent', query: '?as=clerk&case=case-a017&step=2&scanner=silent', keys: ['Alt+p'] },
  { name: 'c10-papers-held', query: '?as=clerk&case=case-a017&step=2&held=1', wait: 2500 },
  { name: 'c12-papers-guess', query: '?as=clerk&case=case-a017&step=2&guess=card-father', wait: 2000 },
  { name: 'c13-papers-proven', query: '?as=clerk&case=case-a017&step=2', keys: ['ArrowUp'] },
  { name: 'c14-papers-undo', query: '?as=clerk&case=case-a017&step=2', keys: ['Shift+F5'] },
  { name: 'd1-review-deficient', query: '?as=clerk&case=case-b006&step=3' },
  { name: 'd2-review-complete', query: '?as=clerk&case=case-a017&step=3' },
  { name: 'd2-review-unread', query: '?as=clerk&case=case-a017&step=3&unread=2' },
  { name: 'd3-review-refuse', query: '?as=clerk&case=case-b006&step=3', keys: ['4'] },
  { name: 'd4-supervisor', query: '?as=clerk&case=case-a017&step=2', keys: ['Ctrl+e'] },
  { name: 'e-print', query: '?as=clerk&case=case-a018&step=4&printer=empty' },
  { name: 'e2-make-document', query: '?as=clerk&case=case-a018&step=4', keys: ['Ctrl+t'] },
  { name: 'e3-make-asks', query: '?as=clerk&case=case-a018&step=4', keys: ['Ctrl+t', '1'] },
  { name: 'h2-copy-licence', query: '?as=clerk&at=hand-out', keys: ['ArrowDown', 'Ctrl+r'] },
  { name: 'h1-hand-out', query: '?as=clerk&at=hand-out', keys: ['ArrowDown'] },
  { name: 'j-day-end', query: '?as=clerk&at=day-end' },
  { name: 'j2-day-closed', query: '?as=clerk&at=day-end&day=closed' },
  { name: 'f-board', query: '?as=supervisor' },
  { name: 'f2-branch-case', query: '?as=supervisor', keys: ['Enter'] },
  { name: 'f3-audit', query: '?as=supervisor&at=audit' },
  { name: 'f4-clock', query: '?as=supervisor&clock=back' },
  { name: 'f4-restored', query: '?as=supervisor&restored=branch' },
  { name: 'g2-opening', query: '?start=opening' },
  { name: 'g3-open-key', query: '?start=sealed' },
  { name: 'h-devices', query: '?as=installer' },
  { name: 'h3-devices-address', query: '?as=installer', keys: ['F6', 'F6', 'F6'], type: '192.0.2.99\uE007' },
  { name: 'l-lock', query: '?as=clerk', keys: ['Ctrl+l'] },
  { name: 'm-record', query: '?as=clerk', keys: ['Ctrl+h'] },
  { name: 's-silent', query: '?as=clerk&host=silent', wait: 4500 },
];
const LOOKS = [
  { look: 'zh-1366', width: 1366, height: 768 },
  { look: 'en-1366', width: 1366, height: 768, language: 'en' },
  { look: 'contrast-1366', width: 1366, height: 768, theme: 'contrast' },
  { look: 'zh-1920', width: 1920, height: 1080 },
];

async function call(method, path, body) {
  const answer = await fetch(`${DRIVER}${path}`, { method, signal: AbortSignal.timeout(PATIENCE_MS), ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${path}: ${value.error} ${value.message}`);
  return value;
}
async function until(ready, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await ready().catch(() => false)) return;
    await pause(100);
  }
  throw new Error(`waited in vain for ${what}`);
}

mkdirSync(out, { recursive: true });
await build({ configFile: 'tests/preview/vite.config.mjs', logLevel: 'warn' });
const server = await preview({ configFile: 'tests/preview/vite.config.mjs', logLevel: 'warn' });
const home = mkdtempSync(join(tmpdir(), 'ow-preview-'));
const xvfb = spawn('Xvfb', [DISPLAY, '-screen', '0', '2200x1400x24', '-nolisten', 'tcp'], { stdio: 'ignore' });
const driver = spawn('WebKitWebDriver', ['--port=4587'], { stdio: 'ignore', env: { ...process.env, DISPLAY, HOME: home, XDG_RUNTIME_DIR: home, NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' } });
let failed = 0;
try {
  await until(async () => (await fetch(`${DRIVER}/status`)).ok, 'the driver');
  const browser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
  const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } } });
  const at = `/session/${sessionId}`;
  const run = (script, ...args) => call('POST', `${at}/execute/sync`, { script, args });
  const press = async (chord) => {
    const parts = chord.split('+').map((part) => KEYS[part] ?? part);
    await call('POST', `${at}/actions`, { actions: [{ type: 'key', id: 'k', actions: [...parts.map((value) => ({ type: 'keyDown', value })), ...parts.toReversed().map((value) => ({ type: 'keyUp', value }))] }] });
    await pause(250);
  };
  for (const { look, width, height, language = 'zh', theme = 'light' } of LOOKS) {
    let sized = false;
    for (const shot of SHOTS) {
      if (only && !`${look}/${shot.name}`.includes(only)) continue;
      await call('POST', `${at}/url`, { url: 'http://127.0.0.1:5179/favicon.svg' });
      await run('localStorage.setItem("language", arguments[0]); localStorage.setItem("theme", arguments[1]);', language, theme);
      if (!sized) {
        // The browser's own bars take room: ask for more until the page has the size wanted.
        let rect = { x: 0, y: 0, width, height };
        for (let tries = 0; tries < 5; tries += 1) {
          await call('POST', `${at}/window/rect`, rect);
          await pause(300);
          const [innerWidth, innerHeight] = await run('return [innerWidth, innerHeight]');
          if (innerWidth === width && innerHeight === height) break;
          rect = { ...rect, width: rect.width + width - innerWidth, height: rect.height + height - innerHeight };
        }
        sized = true;
      }
      await call('POST', `${at}/url`, { url: `http://127.0.0.1:5179/${shot.query}` });
      await until(() => run('return document.querySelector("[data-screen]") !== null'), shot.name);
      await pause(shot.wait ?? 1200);
      for (const chord of shot.keys ?? []) await press(chord);
      for (const letter of shot.type ?? '') await press(letter);
      await pause(400);
      writeFileSync(join(out, `${look}-${shot.name}.png`), Buffer.from(await call('GET', `${at}/screenshot`), 'base64'));
      const faults = looking ? [] : await call('POST', `${at}/execute/async`, {
        script: 'const done = arguments[arguments.length - 1]; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }).then((r) => done(r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | "))));',
        args: [],
      });
      failed += faults.length;
      console.log(`${look}/${shot.name}${faults.length > 0 ? `\n  ${faults.join('\n  ')}` : ' ok'}`);
    }
  }
  await call('DELETE', at);
} finally {
  driver.kill();
  xvfb.kill();
  await server.close();
}
console.log(failed === 0 ? 'axe: nothing found' : `axe: ${failed} kinds of violation`);
process.exit(failed === 0 ? 0 : 1);
