// Hands a text, or bytes, to the browser as a file to keep.

export function saveFile(name: string, content: string | Blob, type = 'application/json') {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it up by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 1_000)
}

/** Safe on every system: `Nightly review` is `nightly-review`. */
export function fileName(title: string, ending: string): string {
  const safe = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `${safe === '' ? 'maestro' : safe.slice(0, 60)}${ending}`
}
