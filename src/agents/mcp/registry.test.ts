// mcp-servers.json as people, Maistro and two editors at once leave it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { McpServer } from '../contract.ts'
import { setUpMcp } from '../testing/mcp-setup.ts'

const token = 'ghp_0123456789abcdef'
const maistro = {
  id: 'mcp-server-1700000000000',
  name: 'GitHub',
  command: 'npx',
  args: `-y "@scope/server github" --name='it is' $HOME`,
  env: { GITHUB_TOKEN: token, LOG_LEVEL: 'debug' },
  description: 'issues and pull requests',
  defaultEnabled: true,
  colour: 'teal',
}

function refusal(code: string, check: (error: MaestroError) => void = () => undefined) {
  return (error: unknown): true => {
    assert.ok(error instanceof MaestroError)
    assert.equal(error.code, code, error.message)
    check(error)
    return true
  }
}

describe('a file of Maistro’s', () => {
  test('opens as it is, its values in the encrypted store, its fields kept', async (t) => {
    const setup = setUpMcp(t)
    setup.write([maistro])
    const { servers } = setup.open()
    const [server] = await servers.list()
    assert.equal(server?.id, maistro.id)
    assert.deepEqual(server.args, ['-y', '@scope/server github', '--name=it is', '$HOME'])
    assert.deepEqual(server.env, [
      { name: 'GITHUB_TOKEN', isSecret: true, value: null, isSet: true, hint: 'cdef' },
      { name: 'LOG_LEVEL', isSecret: true, value: null, isSet: true, hint: null },
    ])
    assert.equal(server.defaultEnabled, true)
    const [stored] = JSON.parse(setup.read()) as [Record<string, unknown>]
    assert.equal(stored['colour'], 'teal')
    assert.equal(stored['args'], maistro.args, 'arguments stay as they were written until they are edited')
    assert.deepEqual(stored['env'], {
      GITHUB_TOKEN: 'secret:MCP_MCP_SERVER_1700000000000_GITHUB_TOKEN',
      LOG_LEVEL: 'secret:MCP_MCP_SERVER_1700000000000_LOG_LEVEL',
    })
    assert.equal(statSync(setup.file).mode & 0o777, 0o600)
    assert.deepEqual((await servers.launches([maistro.id]))[0], {
      name: 'GitHub',
      required: true,
      startTimeoutMs: 30_000,
      secrets: [token, 'debug'],
      missing: [],
      transport: 'stdio',
      command: 'npx',
      args: ['-y', '@scope/server github', '--name=it is', '$HOME'],
      env: maistro.env,
    })
  })

  test('is backed up without its values first, and opening it again changes nothing', async (t) => {
    const setup = setUpMcp(t)
    setup.write([maistro])
    await setup.open().servers.list()
    const [backup] = setup.backups()
    assert.ok(backup !== undefined)
    const text = readFileSync(join(setup.dataDir, backup), 'utf8')
    assert.ok(!text.includes(token))
    assert.match(text, /moved to the encrypted store/)
    assert.ok(!readFileSync(`${setup.file}.bak`, 'utf8').includes(token))
    const [before, changedAt] = [setup.read(), statSync(setup.file).mtimeMs]
    await setup.open().servers.list()
    assert.equal(setup.read(), before)
    assert.equal(statSync(setup.file).mtimeMs, changedAt)
    assert.equal(setup.backups().length, 1)
  })

  test('a move that was cut off behind the store is finished with the same names', async (t) => {
    const setup = setUpMcp(t)
    setup.write([maistro])
    setup.secrets.set('MCP_MCP_SERVER_1700000000000_GITHUB_TOKEN', token)
    setup.secrets.set('MCP_MCP_SERVER_1700000000000_LOG_LEVEL', 'somebody’s own')
    await setup.open().servers.list()
    assert.deepEqual(Object.fromEntries(setup.secrets), {
      MCP_MCP_SERVER_1700000000000_GITHUB_TOKEN: token,
      MCP_MCP_SERVER_1700000000000_LOG_LEVEL: 'somebody’s own',
      MCP_MCP_SERVER_1700000000000_LOG_LEVEL_2: 'debug',
    })
  })

  test('an id that is not safe gets the same safe one at every start, and is still found by its own', async (t) => {
    const setup = setUpMcp(t)
    setup.write([
      { ...maistro, id: '../../../X', env: {} },
      { name: 'Nameless', command: 'x' },
    ])
    const [first, second] = await setup.open().servers.list()
    assert.match(first?.id ?? '', /^x-[0-9a-f]{8}$/)
    assert.match(second?.id ?? '', /^server-[0-9a-f]{8}$/)
    const again = setup.open().servers
    assert.equal((await again.get('../../../X')).id, first?.id)
    assert.equal((await again.launches(['../../../X']))[0]?.name, 'GitHub')
    const { id, name } = await again.update('../../../X', { name: 'Renamed', command: 'x' })
    assert.deepEqual([id, name], [first?.id, 'Renamed'])
    const [stored] = JSON.parse(setup.read()) as [Record<string, unknown>]
    assert.equal(stored['id'], '../../../X', 'Maistro finds its own id again')
  })
})

describe('the file', () => {
  test('edited by hand is seen at the next call', async (t) => {
    const setup = setUpMcp(t)
    const { servers } = setup.open()
    assert.deepEqual(await servers.list(), [])
    assert.ok(!existsSync(setup.file), 'nothing is written before something changes')
    setup.write([{ id: 'a', name: 'A', command: 'one' }])
    assert.equal((await servers.get('a')).command, 'one')
    setup.write([{ id: 'a', name: 'A', command: 'another', args: ['-v'] }])
    assert.deepEqual((await servers.launches(['a']))[0], {
      name: 'A',
      required: true,
      startTimeoutMs: 30_000,
      secrets: [],
      missing: [],
      transport: 'stdio',
      command: 'another',
      args: ['-v'],
      env: {},
    })
  })

  for (const [what, text, where] of [
    ['not JSON', '[\n  {"id": "a",}\n]', /line 2, column 14/],
    ['not a list', '{"a": 1}', /should be a list/],
    ['an entry that is no object', '[1]', /entry 0/],
    [
      'an environment that is a list',
      '[{"id":"a","name":"A","command":"c","env":["X=1"]}]',
      /0\.env should be an object/,
    ],
  ] as const) {
    test(`with ${what} is named, kept and not overwritten; the last good copy stands beside it`, async (t) => {
      const setup = setUpMcp(t)
      const { servers } = setup.open()
      await servers.create({ name: 'Good', command: 'c' })
      setup.write(text)
      const isNamed = refusal('corrupt_data', (error) => {
        assert.match(error.message, where)
        assert.match(error.message, /mcp-servers\.json/)
        assert.match(error.hint ?? '', /mcp-servers\.json\.bak/)
      })
      await assert.rejects(servers.list(), isNamed)
      await assert.rejects(servers.create({ name: 'B', command: 'c' }), isNamed)
      assert.equal(setup.read(), text)
      assert.match(readFileSync(`${setup.file}.bak`, 'utf8'), /Good/)
    })
  }

  test('with texts that are far too long is shown with their beginning, or named', async (t) => {
    const setup = setUpMcp(t)
    setup.write([{ id: 'a', name: 'N'.repeat(10_000), command: 'c', description: 'd'.repeat(20_000) }])
    const [server] = await setup.open().servers.list()
    assert.equal(McpServer.safeParse(server).success, true)
    setup.write([{ id: 'a', name: 'A', command: 'c'.repeat(5_000) }])
    await assert.rejects(setup.open().servers.list(), refusal('corrupt_data'))
  })

  test('that is gone while its copy is there is not taken for an empty one', async (t) => {
    const setup = setUpMcp(t)
    await setup.open().servers.create({ name: 'A', command: 'c' })
    rmSync(setup.file)
    await assert.rejects(setup.open().servers.list(), refusal('corrupt_data'))
  })

  test('holds every change of fifty editors at once', async (t) => {
    const setup = setUpMcp(t)
    const { servers } = setup.open()
    const names = Array.from({ length: 50 }, (_, index) => `Server ${index}`)
    await Promise.all(names.map((name) => servers.create({ name, command: 'c', env: [{ name: 'K', value: name }] })))
    assert.deepEqual(new Set((await servers.list()).map(({ name }) => name)), new Set(names))
    assert.equal(setup.secrets.size, 50)
  })
})

describe('editing', () => {
  test('a secret goes in and never comes out; a row that is none stays readable', async (t) => {
    const setup = setUpMcp(t)
    const { servers } = setup.open()
    const made = await servers.create({
      name: 'My Files',
      command: '/usr/bin/files',
      args: ['--root', '/a b'],
      env: [
        { name: 'TOKEN', value: token },
        { name: 'MODE', isSecret: false, value: 'fast' },
      ],
    })
    assert.equal(made.id, 'my-files')
    assert.deepEqual(made.env, [
      { name: 'TOKEN', isSecret: true, value: null, isSet: true, hint: 'cdef' },
      { name: 'MODE', isSecret: false, value: 'fast', isSet: true, hint: null },
    ])
    assert.ok(!setup.read().includes(token))
    assert.match(setup.read(), /"MODE": "fast"/)
    assert.deepEqual((await servers.launches(['my-files']))[0]?.secrets, [token])
    // Opened again, the readable row is not taken for a secret that was left in clear.
    assert.deepEqual((await setup.open().servers.get('my-files')).env[1]?.value, 'fast')
    assert.deepEqual(setup.backups(), [])
  })

  test('a secret without a value keeps the stored one; one that is left out goes, with its value', async (t) => {
    const setup = setUpMcp(t)
    const { servers } = setup.open()
    const input = {
      name: 'A',
      command: 'c',
      env: [
        { name: 'ONE', value: 'first-value' },
        { name: 'TWO', value: '2nd' },
      ],
    }
    const { id, version } = await servers.create(input)
    const kept = await servers.update(id, { name: 'A', command: 'c', env: [{ name: 'ONE' }] }, version)
    assert.notEqual(kept.version, version)
    assert.deepEqual([...setup.secrets.keys()], ['MCP_A_ONE'])
    assert.deepEqual((await servers.launches([id]))[0], {
      ...(await servers.launch(id)),
      env: { ONE: 'first-value' },
    })
    await servers.update(id, { name: 'A', command: 'c', env: [{ name: 'ONE', value: 'second-value' }] })
    assert.equal(setup.secrets.get('MCP_A_ONE'), 'second-value')
    await servers.delete(id)
    assert.equal(setup.secrets.size, 0)
    assert.deepEqual(JSON.parse(setup.read()), [])
  })

  test('a stored secret cannot be turned into a readable row without its value', async (t) => {
    const { servers } = setUpMcp(t).open()
    const { id } = await servers.create({ name: 'A', command: 'c', env: [{ name: 'ONE', value: token }] })
    const shown = { name: 'A', command: 'c', env: [{ name: 'ONE', isSecret: false }] }
    await assert.rejects(
      servers.update(id, shown),
      refusal('invalid_input', (error) => assert.equal(error.issues?.[0]?.path, 'env.0.value')),
    )
    const entered = { ...shown, env: [{ name: 'ONE', isSecret: false, value: 'public' }] }
    assert.equal((await servers.update(id, entered)).env[0]?.value, 'public')
    // The other way round needs no value: it is there.
    const hidden = await servers.update(id, { name: 'A', command: 'c', env: [{ name: 'ONE' }] })
    assert.deepEqual(hidden.env[0], { name: 'ONE', isSecret: true, value: null, isSet: true, hint: null })
    assert.deepEqual((await servers.launches([id]))[0]?.secrets, ['public'])
  })

  test('a stale edit is refused with the stored one', async (t) => {
    const { servers } = setUpMcp(t).open()
    const { id, version } = await servers.create({ name: 'A', command: 'c' })
    const newer = await servers.update(id, { name: 'B', command: 'c' }, version)
    await assert.rejects(
      servers.update(id, { name: 'C', command: 'c' }, version),
      refusal('conflict', (error) => assert.deepEqual(error.details, { current: newer })),
    )
  })

  test('two rows whose names come to the same secret do not share it', async (t) => {
    const setup = setUpMcp(t)
    const { servers } = setup.open()
    await servers.create(
      {
        name: 'one',
        command: 'c',
        env: [
          { name: 'B_C', value: 'one' },
          { name: 'b.c', value: 'two' },
        ],
      },
      'a',
    )
    await servers.create({ name: 'two', command: 'c', env: [{ name: 'C', value: 'three' }] }, 'a_b')
    const long = 'N'.repeat(150)
    const env = [
      { name: `${long}1`, value: 'four' },
      { name: `${long}2`, value: 'five' },
    ]
    await servers.create({ name: 'three', command: 'c', env }, 'c')
    const launches = await servers.launches(['a', 'a_b', 'c'])
    assert.deepEqual(
      launches.map((launch) => (launch.transport === 'stdio' ? Object.values(launch.env) : [])),
      [['one', 'two'], ['three'], ['four', 'five']],
    )
    for (const name of setup.secrets.keys()) assert.match(name, /^[A-Z][A-Z0-9_]{1,63}$/)
  })

  test('everything that is wrong is said at once, with its path', async (t) => {
    const setup = setUpMcp(t)
    const { servers } = setup.open()
    const wrong = servers.create({
      name: ' ',
      args: ['ok', 'not\0ok'],
      env: [
        { name: 'A=B', value: 'x' },
        { name: 'A' },
        { name: 'A', value: '\0' },
        { name: 'MAESTRO_RUN_ID', value: 'x' },
        { name: 'C', isSecret: false, value: 'secret:OPENROUTER_API_KEY' },
      ],
      headers: [
        { name: 'X Y', value: 'x' },
        { name: 'X-Fine', value: 'a\nInjected: yes' },
        { name: 'Host', value: 'x' },
        { name: 'x-fine', value: 'x' },
      ],
    })
    await assert.rejects(
      wrong,
      refusal('invalid_input', (error) => {
        assert.deepEqual(error.issues?.map(({ path }) => path).toSorted(), [
          'args.1',
          'command',
          'env.0.name',
          'env.2.name',
          'env.2.value',
          'env.3.name',
          'env.4.value',
          'headers.0.name',
          'headers.1.value',
          'headers.2.name',
          'headers.3.name',
          'name',
        ])
      }),
    )
    for (const url of ['', 'example.com', 'ftp://x/mcp', 'http://me:pass@x/mcp', 'file:///etc/passwd', 'http://x/#a']) {
      await assert.rejects(
        servers.create({ name: 'A', transport: 'http', url }),
        refusal('invalid_input', (error) => assert.equal(error.issues?.[0]?.path, 'url')),
      )
    }
    assert.ok(!existsSync(setup.file))
  })

  test('ids: a free one can be chosen, a taken one is refused, an unknown one names the known', async (t) => {
    const { servers } = setUpMcp(t).open()
    const made = await servers.create({ name: 'A', command: 'c' }, 'mcp-server-5')
    assert.equal(made.id, 'mcp-server-5')
    await assert.rejects(servers.create({ name: 'B', command: 'c' }, 'mcp-server-5'), refusal('conflict'))
    assert.equal((await servers.create({ name: 'A', command: 'c' })).id, 'a')
    assert.equal((await servers.create({ name: 'A', command: 'c' })).id, 'a-2')
    const isNamed = refusal('not_found', (error) => assert.equal(error.hint, 'there are: mcp-server-5, a, a-2'))
    await assert.rejects(servers.launches(['a', 'gone']), isNamed)
  })
})

test('an HTTP server is stored with its headers, and its secrets are filled in when it is used', async (t) => {
  const setup = setUpMcp(t)
  const { servers } = setup.open()
  const { id } = await servers.create({
    name: 'Remote',
    transport: 'http',
    url: 'https://example.com/mcp',
    required: false,
    startTimeoutSec: 5,
    headers: [
      { name: 'Authorization', value: `Bearer ${token}` },
      { name: 'X-Team', isSecret: false, value: 'blue' },
    ],
  })
  assert.ok(!setup.read().includes(token))
  assert.deepEqual(await servers.launch(id), {
    name: 'Remote',
    required: false,
    startTimeoutMs: 5_000,
    secrets: [`Bearer ${token}`],
    missing: [],
    transport: 'http',
    url: 'https://example.com/mcp',
    headers: { Authorization: `Bearer ${token}`, 'X-Team': 'blue' },
  })
  setup.secrets.clear()
  assert.deepEqual((await servers.launch(id)).missing, ['Authorization'])
})

test('one that is not saved can be started with the stored secrets of one that is', async (t) => {
  const setup = setUpMcp(t)
  const { servers } = setup.open()
  const { id } = await servers.create({ name: 'A', command: 'c', env: [{ name: 'ONE', value: 'stored-one' }] })
  const before = setup.read()
  const env = [{ name: 'ONE' }, { name: 'TWO', value: 'typed-two' }]
  const launch = await servers.launchUnsaved({ name: 'A', command: 'other', env }, id)
  assert.deepEqual(launch.transport === 'stdio' ? [launch.command, launch.env] : [], [
    'other',
    { ONE: 'stored-one', TWO: 'typed-two' },
  ])
  assert.deepEqual((await servers.launchUnsaved({ name: 'A', command: 'c', env: [{ name: 'ONE' }] })).missing, ['ONE'])
  assert.equal(setup.read(), before)
  assert.equal(setup.secrets.size, 1)
})

test('what a server that was killed left of its checks is ended, and nothing else', async (t) => {
  const setup = setUpMcp(t)
  const folder = createHash('sha256').update(setup.dataDir).digest('hex').slice(0, 12)
  const start = (marker: string) => spawn('sleep', ['300'], { env: { MAESTRO_RUN_ID: marker }, stdio: 'ignore' })
  const [left, other] = [start(`mcp-check-${folder}-0123`), start('mcp-check-another-0123')]
  const ended = once(left, 'exit')
  await setup.open().sweepLeftovers()
  assert.deepEqual(await ended, [null, 'SIGKILL'])
  assert.equal(other.exitCode, null)
  other.kill('SIGKILL')
  await once(other, 'exit')
})
