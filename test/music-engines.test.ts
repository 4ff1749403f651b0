import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { build } from 'vite'
import { compose, genreIds, writeMusicXml, writeSmf } from '#src/studio/core/index.ts'
import { findPart, without } from '#test/parts.ts'

// The same sentence and seed give the same bytes on every engine: this Node, Node 20 and a browser run one bundle of
// the pure core, and each tells what it composed.

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
let folder = ''
let bundle = ''

/** Runs inside the bundle on each engine: text of all MIDI files and scores, to be hashed outside. */
const entry = `
import { compose, genreIds, writeMusicXml, writeSmf } from ${JSON.stringify(join(root, 'src/studio/core/index.ts'))}
export function everything() {
  return genreIds.map((genre) => {
    const project = compose({ genre, seed: 'engines', bars: 32 })
    return [...writeSmf(project).bytes].join(' ') + writeMusicXml(project)
  }).join('|')
}
globalThis.everything = everything
`

const ours = (): string =>
  genreIds
    .map((genre) => {
      const project = compose({ genre, seed: 'engines', bars: 32 })
      return [...writeSmf(project).bytes].join(' ') + writeMusicXml(project)
    })
    .join('|')
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-engines-'))
  await writeFile(join(folder, 'entry.ts'), entry)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { alias: { zod: join(root, 'node_modules/zod') } },
    build: {
      outDir: join(folder, 'out'),
      minify: false,
      lib: { entry: join(folder, 'entry.ts'), formats: ['es'], fileName: 'core' },
    },
  })
  bundle = join(folder, 'out/core.js')
})
after(() => rm(folder, { recursive: true, force: true }))

test('Node 20 composes the same bytes as this Node', { skip: without('node20') }, async () => {
  await writeFile(
    join(folder, 'main.mjs'),
    `import { everything } from './out/core.js'\nprocess.stdout.write(everything())\n`,
  )
  const { stdout } = await run(findPart('node20') ?? 'node', [join(folder, 'main.mjs')], {
    maxBuffer: 256 * 1_024 * 1_024,
  })
  assert.equal(hash(stdout), hash(ours()))
})

test('Chromium composes the same bytes as this Node', { skip: without('chromium') }, async () => {
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({ executablePath: findPart('chromium') ?? 'chromium', args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ type: 'module', content: await readFile(bundle, 'utf8') })
    const text = await page.evaluate('everything()')
    assert.equal(hash(String(text)), hash(ours()))
  } finally {
    await browser.close()
  }
})
