// Paths as typed or pasted: several are parted by `;` or by lines; quotes of a file manager and `file://` fall away.

/** Most files taken at once. */
export const MOST_FILES = 50;

export function pathsOf(typed: string): string[] {
  return typed
    .split(/[;\n]/u)
    .map((path) => path.trim().replace(/^(['"])(.*)\1$/u, '$2'))
    .map((path) => (path.startsWith('file://') ? decodeURIComponent(path.slice('file://'.length)) : path))
    .filter((path) => path !== '')
    .slice(0, MOST_FILES);
}
