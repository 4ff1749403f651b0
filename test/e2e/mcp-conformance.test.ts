// The official conformance suite against a real server, both revisions. With fixtures it must pass whole; without them
// the figures are of the product as it is installed.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type ConformanceRun, isPassed, type Revision, revisions, runConformance } from '../harness/conformance.ts'
import { root, startServer, type TestServer } from '../harness/server.ts'
import { without } from '../parts.ts'

const baseline = join(root, 'test/e2e/mcp-conformance-baseline.yml')
const skip = without('conformance')

/** In parts that count for the revision, and besides them. */
const expected: Record<Revision, { readonly scored: number; readonly unscored: readonly string[] }> = {
  '2025-11-25': {
    scored: 30,
    unscored: ['json-schema-2020-12', 'server-session-lifecycle', 'server-sse-polling'],
  },
  '2026-07-28': {
    scored: 37,
    unscored: [
      'http-custom-header-server-validation',
      'http-header-validation',
      'json-schema-2020-12',
      'tasks-capability-negotiation',
      'tasks-dispatch-and-envelope',
      'tasks-lifecycle',
      'tasks-mrtr-composition',
      'tasks-mrtr-input',
      'tasks-request-headers',
      'tasks-request-state-removal',
      'tasks-required-task-error',
      // Says itself that it checks nothing yet.
      'tasks-status-notifications',
      'tasks-wire-fields',
    ],
  },
}
const checksNothing = new Set(['tasks-status-notifications'])

/** What an installed server passes, since it needs nothing of the suite's by name. */
const needsNoFixture: Record<Revision, readonly string[]> = {
  '2025-11-25': [
    'server-initialize',
    'logging-set-level',
    'ping',
    'completion-complete',
    'tools-list',
    'server-sse-multiple-streams',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
    'server-session-lifecycle',
  ],
  '2026-07-28': [
    'completion-complete',
    'tools-list',
    'server-sse-multiple-streams',
    'resources-list',
    'sep-2164-resource-not-found',
    'prompts-list',
    'dns-rebinding-protection',
    'caching',
    'input-required-result-unsupported-methods',
    'http-header-validation',
  ],
}

function figures(run: ConformanceRun): string {
  const passed = (names: readonly string[]) => names.filter((name) => isPassed(run.scenarios.get(name))).length
  const checks = [...run.scenarios.values()].reduce((sum, scenario) => sum + scenario.passed, 0)
  return (
    `${passed(run.scored)}/${run.scored.length} scored, ${passed(run.unscored)}/${run.unscored.length} besides, ` +
    `${checks} checks passed, ${run.seconds} s`
  )
}

describe('the MCP conformance suite with its fixtures', { skip }, () => {
  let server: TestServer
  before(async () => {
    server = await startServer({ env: { MAESTRO_CONFORMANCE: '1' } })
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
  })

  for (const revision of revisions) {
    test(`every scenario of ${revision} passes, scored or not`, async (t) => {
      const run = await runConformance(`${server.url}/mcp`, revision, baseline)
      t.diagnostic(`${revision} with fixtures: ${figures(run)}`)
      const { scored, unscored } = expected[revision]
      assert.equal(run.scored.length, scored)
      assert.deepEqual(run.unscored.toSorted(), unscored)
      const all = [...run.scenarios.values()]
      assert.deepEqual(
        all.flatMap((scenario) => [...scenario.failures, ...scenario.warnings]),
        [],
      )
      const silent = [...run.scored, ...run.unscored].filter((name) => !isPassed(run.scenarios.get(name)))
      assert.deepEqual(
        silent.filter((name) => !checksNothing.has(name)),
        [],
        'scenarios that showed nothing',
      )
      assert.equal(run.exitCode, 0, run.output.slice(-2_000))
    })
  }

  test('what the suite calls goes the way of every call: changes are in the audit', async () => {
    const { items } = await server.api<{ items: { tool: string; phase: string; outcome: string | null }[] }>(
      'GET',
      '/audit?limit=500',
    )
    const phases = items.filter((row) => row.tool === 'confirm_delete').map((row) => row.phase)
    assert.ok(phases.includes('intent') && phases.includes('outcome'), JSON.stringify(phases))
  })
})

describe('the MCP conformance suite against a server as it is installed', { skip }, () => {
  let server: TestServer
  before(async () => {
    server = await startServer()
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
  })

  for (const revision of revisions) {
    test(`what needs no fixture passes for ${revision}`, async (t) => {
      const run = await runConformance(`${server.url}/mcp`, revision)
      t.diagnostic(`${revision} without fixtures: ${figures(run)}`)
      const missing = needsNoFixture[revision].filter((name) => !isPassed(run.scenarios.get(name)))
      assert.deepEqual(
        missing.flatMap((name) => [name, ...(run.scenarios.get(name)?.failures ?? [])]),
        [],
      )
    })
  }

  test('a server without fixtures does not know their names', async () => {
    const response = await server.raw('GET', '/api/v1/openapi.json')
    assert.doesNotMatch(await response.text(), /test_simple_text/)
  })
})
