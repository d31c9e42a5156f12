// The host's commands as the rest of the window uses them: an answer always comes, never an exception.
// Only this folder imports Tauri. Absent on purpose: any state; each view is kept by the feature that shows it.

import { listen, TauriEvent } from '@tauri-apps/api/event';

import { commands, events, type CommandFault } from './bindings';

export type * from './bindings';

/** What every command answers. */
export type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: CommandFault };

type Command = (...args: never[]) => Promise<unknown>;

/** The answer when the host itself could not be reached: the act may not have happened. */
export function silentHost(): CommandFault {
  return {
    kind: 'defect',
    code: 'host-silent',
    what: { zh: '后台没有应答，这一步可能没有完成。', en: 'The host did not answer; this step may not have happened.' },
    remedy: { zh: '看状态行；恢复后再做一次。重复做不会重复记。', en: 'Watch the status line and repeat when it is back; nothing is recorded twice.' },
  };
}

function answering<F extends Command>(command: F): F {
  return (async (...args: never[]) => {
    try {
      return await command(...args);
    } catch {
      return { status: 'error', error: silentHost() };
    }
  }) as unknown as F;
}

/** The host's commands. */
export const desk = Object.fromEntries(
  Object.entries(commands).map(([name, command]) => [name, answering(command as Command)]),
) as unknown as typeof commands;

/** What the host says unasked. */
export const news = {
  onStatus: (hear: (status: import('./bindings').StatusView) => void) => events.statusNews.listen((e) => hear(e.payload.status)),
  onCase: (hear: (news: import('./bindings').CaseNews) => void) => events.caseNews.listen((e) => hear(e.payload)),
  onScan: (hear: (news: import('./bindings').ScanNews) => void) => events.scanNews.listen((e) => hear(e.payload)),
};

/** Files that are dragged over the window, and those let go there. Returns how to stop hearing of them. */
export async function onFiles(over: (isOver: boolean) => void, take: (paths: string[]) => void): Promise<() => void> {
  const stops = await Promise.all([
    listen<{ paths: string[] }>(TauriEvent.DRAG_ENTER, (event) => over(event.payload.paths.length > 0)),
    listen(TauriEvent.DRAG_LEAVE, () => over(false)),
    listen<{ paths: string[] }>(TauriEvent.DRAG_DROP, (event) => (over(false), event.payload.paths.length > 0 && take(event.payload.paths))),
  ]);
  return () => stops.forEach((stop) => stop());
}
