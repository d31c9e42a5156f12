import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The window's policy allows scripts and styles from its own origin only, so nothing may be inlined.
export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: '127.0.0.1' },
  build: { target: 'safari16', assetsInlineLimit: 0, outDir: 'dist', emptyOutDir: true, modulePreload: { polyfill: false } },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
