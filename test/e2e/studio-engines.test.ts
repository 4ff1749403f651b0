import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { build } from 'vite'
import { startBrowser } from '#test/harness/browser.ts'
import { fingerprints } from '#src/studio/testing/fingerprints.ts'
import { findPart, without } from '#test/parts.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'maestro-engines-'))
after(() => rmSync(folder, { recursive: true }))
const expected = fingerprints()

/** The pure core and its fingerprints as one script that sets `studio`. */
async function bundle(): Promise<string> {
  const entry = join(import.meta.dirname, '../../src/studio/testing/fingerprints.ts')
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'studio' } },
  })
  const [first] = Array.isArray(built) ? built : [built]
  assert.ok('output' in first)
  return first.output[0].code
}
const script = bundle()

test('Node 20 makes the same bytes', { skip: without('node20') }, async () => {
  const file = join(folder, 'fingerprints.cjs')
  writeFileSync(file, `${await script}\nconsole.log(JSON.stringify([process.version, studio.fingerprints()]))`)
  const { stdout } = await run(findPart('node20') ?? '', [file])
  const [version, found] = JSON.parse(stdout) as [string, Record<string, string>]
  assert.match(version, /^v20\./)
  assert.deepEqual(found, expected)
})

test('Chromium makes the same bytes', { skip: without('chromium') }, async () => {
  await using browser = await startBrowser('http://127.0.0.1')
  const page = await (await browser.person()).newPage()
  const found = await page.evaluate<Record<string, string>>(`${await script}\nstudio.fingerprints()`)
  assert.deepEqual(found, expected)
})
