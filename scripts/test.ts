// Runs the tests: `node scripts/test.ts [unit|e2e|all|coverage] [file or part of a path ...]`.
// Unit files two at a time, each in its own process (they own ports, databases and children);
// test/e2e last and one by one. Says first which system parts are missing and what is skipped for it;
// with MAESTRO_TEST_REQUIRE=1 a missing part is a failure. Ends with the totals.

import { globSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { findPart, partNames, parts } from '#test/parts.ts'

const modes = ['unit', 'e2e', 'all', 'coverage'] as const
type Mode = (typeof modes)[number]

interface Totals {
  tests: number
  passed: number
  failed: number
  skipped: number
  cancelled: number
  isSuccess: boolean
}

const root = join(import.meta.dirname, '..')
const [first = '', ...rest] = process.argv.slice(2)
const isMode = (text: string): text is Mode => modes.some((mode) => mode === text)
const mode: Mode = isMode(first) ? first : 'all'
const filters = isMode(first) || first === '' ? rest : [first, ...rest]

/** Repository paths with `/`, those of the mode that match any filter. */
function findTests(): { unit: string[]; e2e: string[] } {
  const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.ts'], { cwd: root })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !file.startsWith('test/.'))
    .filter((file) => filters.length === 0 || filters.some((filter) => matches(file, filter)))
    .sort()
  const isE2e = (file: string): boolean => file.startsWith('test/e2e/')
  return {
    unit: mode === 'e2e' ? [] : files.filter((file) => !isE2e(file)),
    e2e: mode === 'e2e' || mode === 'all' ? files.filter(isE2e) : [],
  }
}

function matches(file: string, filter: string): boolean {
  return file.includes(filter.replace(/^\.\//, '')) || file === relative(root, filter).split(sep).join('/')
}

/** Returns false when parts are missing that must be there. */
function reportParts(files: readonly string[]): boolean {
  const missing = partNames.filter((name) => findPart(name) === undefined)
  const isRequired = process.env['MAESTRO_TEST_REQUIRE'] === '1'
  for (const name of missing) {
    const needing = files.filter((file) => needs(readFileSync(join(root, file), 'utf8'), name))
    const effect = isRequired
      ? 'required'
      : needing.length === 0
        ? 'no test needs it'
        : `skipped: ${needing.join(', ')}`
    console.log(`missing: ${name} (${parts[name].get}); ${effect}`)
  }
  if (missing.length === 0) console.log(`system parts: ${partNames.join(', ')} are all here`)
  return missing.length === 0 || !isRequired
}

/** Does the file ask for the part by name, in `without(...)` or `findPart(...)`? */
function needs(text: string, name: string): boolean {
  return [...text.matchAll(/\b(?:without|findPart)\(([^)]*)\)/g)].some((call) => call[1]?.includes(`'${name}'`))
}

/** Thresholds from package.json, so that the page of figures is the manifest. */
function coverageOptions(): object {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    coverageThreshold: { lines: number; branches: number; functions: number }
  }
  return {
    coverage: true,
    coverageIncludeGlobs: ['src/**/*.ts'],
    coverageExcludeGlobs: ['src/**/*.test.ts', 'src/**/testing/**'],
    lineCoverage: manifest.coverageThreshold.lines,
    branchCoverage: manifest.coverageThreshold.branches,
    functionCoverage: manifest.coverageThreshold.functions,
  }
}

function runFiles(files: readonly string[], concurrency: number, timeoutMs: number): Promise<Totals> {
  const totals: Totals = { tests: 0, passed: 0, failed: 0, skipped: 0, cancelled: 0, isSuccess: true }
  const stream = run({
    cwd: root,
    files: files.map((file) => join(root, file)),
    concurrency,
    // Of one file: what hangs fails, by name, instead of holding up everything behind it.
    timeout: timeoutMs,
    // As in production: without it the embedded database compiles itself twice and takes three times the memory.
    execArgv: ['--liftoff-only'],
    ...(mode === 'coverage' ? coverageOptions() : {}),
  })
  stream.on('test:summary', ({ file, counts, success }) => {
    if (file !== undefined) return
    totals.tests += counts.tests
    totals.passed += counts.passed
    totals.failed += counts.tests - counts.passed - counts.skipped - counts.cancelled - counts.todo
    totals.skipped += counts.skipped
    totals.cancelled += counts.cancelled
    totals.isSuccess &&= success
  })
  return new Promise((resolve, reject) => {
    const report = stream.compose(new spec()) as Readable
    report.on('data', (text: Buffer) => process.stdout.write(text))
    report.on('end', () => resolve(totals))
    report.on('error', reject)
  })
}

const start = performance.now()
const { unit, e2e } = findTests()
if (unit.length + e2e.length === 0) {
  console.error(`no test file matches ${filters.join(' ')}; files are below src, test and web/src`)
  process.exit(2)
}
if (!reportParts([...unit, ...e2e])) process.exit(1)

const phases: Totals[] = []
if (unit.length > 0) phases.push(await runFiles(unit, 2, 120_000))
if (e2e.length > 0) phases.push(await runFiles(e2e, 1, 300_000))

const sum = (pick: (totals: Totals) => number): number => phases.reduce((total, phase) => total + pick(phase), 0)
const isGood = phases.every((phase) => phase.isSuccess) && sum((phase) => phase.failed + phase.cancelled) === 0
console.log(`# tests ${sum((phase) => phase.tests)}`)
console.log(`# pass ${sum((phase) => phase.passed)}`)
console.log(`# fail ${sum((phase) => phase.failed)}`)
console.log(`# cancelled ${sum((phase) => phase.cancelled)}`)
console.log(`# skipped ${sum((phase) => phase.skipped)}`)
console.log(`# duration_ms ${Math.round(performance.now() - start)}`)
process.exitCode = isGood ? 0 : 1
