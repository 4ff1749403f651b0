// Builds the page into dist/web. Nothing inline and nothing as a data: URL, so that the server's
// content policy can stay `script-src 'self'; style-src 'self'; font-src 'self'`.

import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { themeCss } from './src/theme/css.ts'

const name = 'virtual:theme.css'

/** Serves the token table (src/theme/tokens.ts) as a style sheet. */
function theme(): Plugin {
  return {
    name: 'maestro-theme',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? themeCss() : undefined),
  }
}

const api = process.env['MAESTRO_DEV_API'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), theme()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 800,
  },
  server: { host: '127.0.0.1', proxy: { '/api': api, '/signin': api } },
})
