// Installing and finding Goose with a stand-in for npm: a script that "installs" a program of a few bytes.

import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import type { AgentAdapter } from './adapter.ts'
import { agentEnvironment, serverEnvironment } from './environment.ts'
import { installAgent, type InstallOptions } from './install.ts'
import { createAgentList } from './list-agents.ts'
import { locateGoose } from './locate.ts'

const platform = { platform: 'linux', arch: 'x64' }

interface Place {
  readonly dir: string
  readonly options: InstallOptions
  readonly progress: string[]
  script(file: string, text: string): Promise<string>
}

/** `version`: what the program that npm brings says it is. */
async function withPlace(version: string, use: (place: Place) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'maestro-install-'))
  const script = async (file: string, text: string): Promise<string> => {
    const full = path.join(dir, file)
    await mkdir(path.dirname(full), { recursive: true })
    await writeFile(full, `#!/bin/sh\n${text}\n`)
    await chmod(full, 0o755)
    return full
  }
  const bin = 'node_modules/@aaif/goose-binary-linux-x64/bin'
  await script(
    'bin/npm',
    `echo "$@" >> "${dir}/npm-calls"\nmkdir -p ${bin}\nprintf '#!/bin/sh\\necho ${version}\\n' > ${bin}/goose\nchmod +x ${bin}/goose\necho "added 1 package"`,
  )
  const progress: string[] = []
  const options: InstallOptions = {
    dataDir: path.join(dir, 'data'),
    env: { PATH: `${dir}/bin:/usr/bin:/bin` },
    nodePath: process.execPath,
    onProgress: (line) => progress.push(line),
    signal: new AbortController().signal,
    ...platform,
  }
  try {
    await use({ dir, options, progress, script })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function failsWith(code: string, text: RegExp) {
  return (thrown: unknown): boolean => {
    assert.ok(thrown instanceof MaestroError)
    assert.equal(thrown.code, code)
    assert.match(`${thrown.message} ${thrown.hint ?? ''}`, text)
    return true
  }
}

test('the pinned version is fetched, tried out and found; a second call fetches nothing', async () => {
  await withPlace('1.52.0', async ({ options, progress, dir }) => {
    const installed = await installAgent('goose', options)
    assert.equal(installed.version, '1.52.0')
    assert.ok(progress.includes('added 1 package'))
    const found = await locateGoose({ dataDir: options.dataDir, gooseBin: undefined, searchPath: '' })
    assert.deepEqual(found, { path: installed.path, foundBy: 'installed' })
    await rm(path.join(dir, 'bin/npm'))
    assert.deepEqual(await installAgent('goose', options), installed)
  })
})

test('a program of another version is refused and leaves nothing behind', async () => {
  await withPlace('9.9.9', async ({ options }) => {
    await assert.rejects(installAgent('goose', options), failsWith('corrupt_data', /9\.9\.9, not 1\.52\.0/))
    assert.deepEqual(await readdir(path.join(options.dataDir, 'agents/goose')), [])
  })
})

test('what npm says is passed on when it fails', async () => {
  await withPlace('1.52.0', async ({ options, script }) => {
    await script('bin/npm', 'echo "npm error code E404" >&2; exit 1')
    await assert.rejects(installAgent('goose', options), failsWith('unavailable', /E404/))
  })
})

test('without npm it says so', async () => {
  await withPlace('1.52.0', async ({ options, dir }) => {
    const env = { PATH: path.join(dir, 'nothing') }
    await assert.rejects(installAgent('goose', { ...options, env }), failsWith('not_ready', /npm is not on PATH/))
  })
})

test('a platform without a package is pointed to the releases', async () => {
  await withPlace('1.52.0', async ({ options }) => {
    const mac = { ...options, platform: 'darwin', arch: 'arm64' }
    await assert.rejects(
      installAgent('goose', mac),
      failsWith('unsupported', /darwin arm64.*github\.com\/aaif-goose\/goose\/releases/),
    )
    await assert.rejects(installAgent('nobody', options), failsWith('not_found', /nobody/))
  })
})

test('Goose is looked for in GOOSE_BIN, then what was installed, then where Maistro had found it, then PATH', async () => {
  await withPlace('1.52.0', async ({ options, script, dir }) => {
    const named = await script('named/goose', 'echo 1.50.0')
    const onPath = await script('path/goose', 'echo 1.51.0')
    const look = (gooseBin?: string) =>
      locateGoose({ dataDir: options.dataDir, gooseBin, searchPath: `relative:${dir}/nothing:${dir}/path` })
    assert.deepEqual(await look(), { path: onPath, foundBy: 'PATH' })
    await mkdir(options.dataDir, { recursive: true })
    const finder = path.join(options.dataDir, 'goose-path.txt')
    const kept = await script('kept/goose', 'echo 1.50.0')
    for (const text of ['/nonexistent/goose', path.dirname(kept), 'goose', '']) {
      await writeFile(finder, text)
      assert.equal((await look())?.foundBy, 'PATH', `"${text}" names no program`)
    }
    await writeFile(finder, `${kept}\n`)
    assert.deepEqual(await look(), { path: kept, foundBy: 'goose-path.txt' })
    await installAgent('goose', options)
    assert.equal((await look())?.foundBy, 'installed')
    assert.deepEqual(await look(named), { path: named, foundBy: 'GOOSE_BIN' })
    assert.equal(await look('/nonexistent/goose'), undefined, 'not another Goose than the one named')
  })
})

test('agents are probed at most every 30 s, and a probe that throws is a problem of that agent', async () => {
  let now = 0
  let probes = 0
  const adapter = (id: string, fails: boolean): AgentAdapter => ({
    id,
    title: id,
    capabilities: { needsModel: true, usageIsCumulative: true, reportsCost: true, modes: ['plan'], mcp: false },
    probe: async () => {
      probes += 1
      if (fails) throw new Error('no such thing')
      return { installed: true, path: '/bin/a', version: '1.0.0', supported: true, problems: [] }
    },
    plan: () => assert.fail('not asked here'),
    interpreter: () => assert.fail('not asked here'),
    checkpoint: () => assert.fail('not asked here'),
  })
  const list = createAgentList({
    adapters: [adapter('good', false), adapter('bad', true)],
    exec: () => assert.fail('not asked here'),
    clock: { now: () => now, sleep: async () => undefined },
  })
  const first = await list.listAgents()
  assert.deepEqual(
    first.map((agent) => [agent.id, agent.ready]),
    [
      ['good', true],
      ['bad', false],
    ],
  )
  assert.match(first[1]?.problems[0]?.message ?? '', /no such thing/)
  now = 29_999
  await list.listAgents()
  assert.equal(probes, 2)
  now = 30_000
  await list.listAgents()
  assert.equal(probes, 4)
  await list.listAgents({ fresh: true })
  assert.equal(probes, 6)
})

test('agents inherit an allow-list: no key, no setting of theirs', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/me',
    LANG: 'C',
    OPENROUTER_API_KEY: 'sk',
    GOOSE_MODE: 'auto',
    DATABASE_URL: 'x',
  }
  assert.deepEqual(agentEnvironment(env), { PATH: '/bin', LANG: 'C' })
  assert.deepEqual(serverEnvironment(env), { PATH: '/bin', LANG: 'C', HOME: '/home/me' })
})
