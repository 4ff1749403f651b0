// The official suite of the Model Context Protocol against a server: runs it as its makers ship it and reads what it
// wrote down, check by check. Leaves out judging.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { findPart } from '../parts.ts'
import { program } from './command.ts'

export const revisions = ['2025-11-25', '2026-07-28'] as const
export type Revision = (typeof revisions)[number]

interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly errorMessage?: string
}

export interface Scenario {
  readonly name: string
  readonly passed: number
  /** What went wrong, a line each; warnings are of what a server should do, failures of what it must. */
  readonly failures: readonly string[]
  readonly warnings: readonly string[]
}

export interface ConformanceRun {
  readonly exitCode: number | null
  readonly output: string
  readonly scenarios: ReadonlyMap<string, Scenario>
  /** Names of the scenarios that count for the revision, and of those that are run besides. */
  readonly scored: readonly string[]
  readonly unscored: readonly string[]
  readonly seconds: number
}

/** A scenario in which nothing was checked has shown nothing. */
export function isPassed(scenario: Scenario | undefined): boolean {
  return scenario !== undefined && scenario.passed > 0 && scenario.failures.length === 0
}

/** @param baseline file of failures that are expected: the suite fails when it names one that does not happen */
export async function runConformance(url: string, revision: Revision, baseline?: string): Promise<ConformanceRun> {
  const suite = findPart('conformance')
  if (suite === undefined) throw new Error('the conformance suite is not here: .ci/run gets it')
  const folder = await mkdtemp(join(tmpdir(), 'maestro-conformance-'))
  const started = performance.now()
  try {
    const args = [suite, 'server', '--url', url, '--requirements', revision, '--output-dir', folder]
    if (baseline !== undefined) args.push('--expected-failures', baseline)
    const env = { HOME: folder, NO_COLOR: '1' }
    const { code, out, err } = await program(process.execPath, args, { env, timeoutMs: 120_000 })
    const lists = await requirements(suite, revision)
    return {
      exitCode: code,
      output: out + err,
      scenarios: await readScenarios(folder),
      ...lists,
      seconds: secondsSince(started),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10
}

async function readScenarios(folder: string): Promise<Map<string, Scenario>> {
  const scenarios = new Map<string, Scenario>()
  for (const entry of await readdir(folder)) {
    // `server-<name>-<time>`
    const name = entry.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '')
    const text = await readFile(join(folder, entry, 'checks.json'), 'utf8')
    const checks = JSON.parse(text) as Check[]
    // Of every run; with nothing received it holds as well.
    const own = checks.filter((check) => check.id !== 'wire-schema-valid' || check.status !== 'SUCCESS')
    const told = (status: Check['status']) =>
      own.filter((check) => check.status === status).map((check) => `${name}: ${check.id}: ${check.errorMessage ?? ''}`)
    scenarios.set(name, {
      name,
      passed: told('SUCCESS').length,
      failures: told('FAILURE'),
      warnings: told('WARNING'),
    })
  }
  return scenarios
}

/** The suite's own frozen lists for a revision. */
async function requirements(
  suite: string,
  revision: Revision,
): Promise<{ scored: readonly string[]; unscored: readonly string[] }> {
  const folder = join(suite, '../../@modelcontextprotocol/conformance/requirements')
  const lists = parse(await readFile(join(folder, `${revision}.yaml`), 'utf8')) as {
    readonly server: readonly string[]
    readonly not_scored: readonly { readonly scenario: string; readonly leg: string }[]
  }
  return {
    scored: lists.server,
    unscored: lists.not_scored.filter(({ leg }) => leg === 'server').map(({ scenario }) => scenario),
  }
}
