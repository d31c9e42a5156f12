// Builds the window with a made-up host, to be looked at in a browser. No part of the product.

import { fileURLToPath } from 'node:url';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

import { drawn } from './drawings.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
// The same policy as the product's, so that a style attribute or an inline script fails here already.
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

function papers() {
  return {
    name: 'papers',
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        const svg = request.url?.startsWith('/papers/') ? drawn(request.url) : null;
        if (svg === null) return next();
        response.setHeader('Content-Type', 'image/svg+xml');
        response.end(svg);
      });
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [svelte({ configFile: fileURLToPath(new URL('../../svelte.config.js', import.meta.url)) }), papers()],
  build: { target: 'safari16', assetsInlineLimit: 0, outDir: fileURLToPath(new URL('../../build/preview', import.meta.url)), emptyOutDir: true, modulePreload: { polyfill: false } },
  preview: { host: '127.0.0.1', port: 5179, strictPort: true, headers: { 'Content-Security-Policy': POLICY } },
});
