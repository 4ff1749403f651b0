// The token table as CSS. Used by the build (vite.config.ts); the page itself only sees variables.

import { themes, type Oklch } from './tokens.ts'

const value = ([lightness, chroma, hue]: Oklch) => `oklch(${lightness} ${chroma} ${hue})`

function rule(selector: string, theme: 'light' | 'dark'): string {
  const lines = Object.entries(themes[theme]).map(([token, colour]) => `  --${token}: ${value(colour)};`)
  return `${selector} {\n  color-scheme: ${theme};\n${lines.join('\n')}\n}\n`
}

/** Variables for both themes. */
export function themeCss(): string {
  return rule(':root', 'light') + rule(":root[data-theme='dark']", 'dark')
}
