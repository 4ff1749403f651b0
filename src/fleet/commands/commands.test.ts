// Commands with all their parts: a database, the task log, the real runner.

import assert from 'node:assert/strict'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Ctx, MaestroError } from '#src/core/index.ts'
import { openCommandRoom, type CommandRoom } from '../testing/command-room.ts'
import { CommandResult } from '../contract.ts'
import type { CommandRequest } from './prepare.ts'
import type { Work } from './launch.ts'

const secret = 'canary-5ecret-value'
let room: CommandRoom
before(async () => {
  room = await openCommandRoom({ secrets: [secret] })
})
after(() => room[Symbol.asyncDispose]())

type More = Partial<CommandRequest> & { readonly ctx?: Partial<Ctx> }
async function exec(command: string, { ctx = {}, ...more }: More = {}): Promise<CommandResult> {
  const request = { tool: 'maestro_exec', work: { kind: 'command', command } as const, ...more }
  return CommandResult.parse(await room.commands.run(room.ctx(ctx), request))
}
const script = (text: string, more: Partial<Extract<Work, { kind: 'script' }>> = {}) =>
  room.commands.run(room.ctx(), {
    tool: 'maestro_script',
    work: { kind: 'script', script: text, interpreter: 'bash', args: [], strict: true, ...more },
  })

async function refusal(work: Promise<unknown>): Promise<MaestroError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof MaestroError, String(error))
  return error
}

/** Processes that carry the marker of a task. */
async function survivors(taskId: string): Promise<number> {
  return room.driver.sweep(taskId)
}

async function ended(taskId: string): Promise<CommandResult> {
  for (;;) {
    await room.commands.wait(room.ctx(), taskId, 30_000)
    const result = await room.commands.result(room.ctx().actor, taskId)
    if (result.status !== 'running') return result
  }
}

describe('what a command answers', () => {
  test('exit code, both streams apart, and that it was executed', async () => {
    const result = await exec('echo out; echo err >&2; exit 3')
    assert.deepEqual(
      [result.status, result.exit_code, result.signal, result.stdout, result.stderr, result.executed, result.error],
      ['failed', 3, null, 'out\n', 'err\n', 'yes', null],
    )
    assert.equal(result.output_uri, undefined)
  })

  test('every kind of exit code and signal is told as it is', async () => {
    for (const code of [0, 1, 2, 126, 127, 128, 200, 254, 255]) {
      assert.equal((await exec(`exit ${code}`)).exit_code, code)
    }
    for (const [number, name] of [
      [1, 'SIGHUP'],
      [2, 'SIGINT'],
      [9, 'SIGKILL'],
      [15, 'SIGTERM'],
    ] as const) {
      const { exit_code, signal } = await exec(`kill -${number} $$; sleep 5`)
      assert.deepEqual([exit_code, signal], [128 + number, name])
    }
  })

  test('bytes are kept as they came, on both streams, and can be read in slices', async () => {
    for (let round = 0; round < 12; round++) {
      const [out, err] = [randomBytes(randomInt(200_000)), randomBytes(randomInt(3_000))]
      await writeFile(join(room.dir, 'out.bin'), out)
      await writeFile(join(room.dir, 'err.bin'), err)
      const result = await exec('cat out.bin; cat err.bin >&2')
      assert.deepEqual(result.bytes, { stdout: out.length, stderr: err.length })
      for (const [stream, bytes] of [
        ['stdout', out],
        ['stderr', err],
      ] as const) {
        const parts: Buffer[] = []
        let offset = 0
        for (let eof = false; !eof;) {
          const slice = await room.commands.output(room.ctx().actor, result.task_id, {
            stream,
            offset,
            limit: 1 + randomInt(70_000),
            encoding: 'base64',
          })
          parts.push(Buffer.from(slice.text, 'base64'))
          offset = slice.next_offset
          eof = slice.eof
        }
        assert.ok(Buffer.concat(parts).equals(bytes), `${stream} of round ${round}`)
      }
    }
  })

  test('much output is answered in part, kept in whole', async () => {
    const result = await exec('seq 1 500000')
    assert.ok(result.truncated)
    assert.ok(Buffer.byteLength(result.stdout) < 17 * 1024)
    assert.match(
      result.stdout,
      /^1\n2\n[^]*bytes left out; all of it: maestro:\/\/tasks\/command_\w+\/output[^]*500000\n$/,
    )
    const sum = createHash('sha256')
    for (let offset = 0, eof = false; !eof;) {
      const slice = await room.commands.output(room.ctx().actor, result.task_id, {
        stream: 'stdout',
        offset,
        limit: 1024 * 1024,
        encoding: 'text',
      })
      sum.update(slice.text)
      offset = slice.next_offset
      eof = slice.eof
    }
    const expected = createHash('sha256')
    for (let i = 1; i <= 500_000; i++) expected.update(`${i}\n`)
    assert.equal(sum.digest('hex'), expected.digest('hex'))
  })

  test('secrets are masked in output, title and what is stored, also when they come in pieces', async () => {
    const [head, tail] = [secret.slice(0, 7), secret.slice(7)]
    const result = await exec(`printf ${head}; sleep 0.3; printf '${tail} caf\\351'; : ${secret}`)
    assert.equal(result.stdout, '[redacted] caf\ufffd')
    const { task, spec } = await room.tasks.details(result.task_id)
    assert.ok(!JSON.stringify([task, spec]).includes(secret))
    const kept = await readFile(join(room.dir, 'outputs', result.task_id, 'stdout'))
    assert.ok(!kept.includes(secret))
  })

  test('nothing is left in the folder of runs', async () => {
    const { task_id } = await exec('true')
    while (
      await readFile(join(room.dir, 'spool', task_id, 'g1', 'limits')).then(
        () => true,
        () => false,
      )
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })
})

describe('what a command begins with', () => {
  test('the environment is the allow-list and what was given, nothing of the server', async () => {
    process.env['MAESTRO_TEST_SERVER_SECRET'] = 'x'
    const { stdout } = await exec('env', { env: { GREETING: 'hi\n"$HOME"' } })
    const names = stdout
      .split('\n')
      .flatMap((line) => /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(line)?.[1] ?? [])
      .filter((name) => !['PWD', 'SHLVL', '_'].includes(name))
    assert.deepEqual(names.sort(), ['GREETING', 'HOME', 'LANG', 'LOGNAME', 'MAESTRO_RUN_ID', 'PATH', 'TERM', 'USER'])
    assert.match(stdout, /^GREETING=hi\n"\$HOME"$/m)
  })

  test("the folder: what was asked, else the caller's, else the home; ~ expands", async () => {
    assert.equal((await exec('pwd')).stdout, `${room.dir}\n`)
    assert.equal((await exec('pwd', { ctx: { cwd: '/usr' } })).stdout, '/usr\n')
    assert.equal((await exec('pwd', { ctx: { cwd: '/usr' }, cwd: 'lib' })).stdout, '/usr/lib\n')
    assert.equal((await exec('pwd', { ctx: { cwd: '/usr' }, cwd: '~' })).stdout, `${room.dir}\n`)
    const error = await refusal(exec('touch never', { cwd: '/no/such/folder' }))
    assert.deepEqual([error.code, error.details?.['executed']], ['invalid_input', 'no'])
  })

  test('stdin is what was given, else its end at once', async () => {
    assert.equal((await exec('cat', { stdin: 'ü\n' })).stdout, 'ü\n')
    assert.equal((await exec('cat; echo end')).stdout, 'end\n')
  })

  test('text is never read as anything but what it is', async () => {
    const pieces = [
      "'",
      '"',
      '$(touch canary)',
      '`touch canary`',
      '\n',
      '\\',
      '-n',
      '*',
      '$HOME',
      'ü世🎼',
      '\u0001',
      '\u007f',
      ' ',
      '!',
      ';touch canary;',
    ]
    const args: string[] = []
    for (let i = 0; i < 200; i++) {
      args.push(Array.from({ length: randomInt(6) }, () => pieces[randomInt(pieces.length)] ?? '').join(''))
    }
    for (const interpreter of ['bash', 'sh', 'dash']) {
      const result = await room.commands.run(room.ctx(), {
        tool: 'maestro_script',
        maxOutputBytes: 1024 * 1024,
        work: {
          kind: 'script',
          script: 'for a in "$@"; do printf "%s\\0" "$a"; done',
          interpreter,
          args,
          strict: true,
        },
      })
      assert.deepEqual(result.stdout.split('\0').slice(0, -1), args, interpreter)
    }
    const text = pieces.join('').replaceAll("'", '')
    assert.equal((await exec(`printf %s '${text}'`)).stdout, text)
    assert.equal((await exec('ls canary')).exit_code, 2, 'the canary was never made')
  })

  test('a command may be long and have lines, here-documents and a shebang', async () => {
    const long = `#!/bin/bash\ncat <<'E'\n${'x'.repeat(300_000)}\nE`
    const result = await exec(long)
    assert.deepEqual([result.exit_code, result.bytes.stdout], [0, 300_001])
    assert.equal((await exec('echo "$0 $#"; foo')).stdout, 'bash 0\n')
  })

  test('strict ends a script at its first error, unset variable and failure within a pipe', async () => {
    assert.equal((await script('echo a; false; echo b')).stdout, 'a\n')
    assert.equal((await script('false | true; echo b')).stdout, '')
    assert.notEqual((await script('echo "$nothing"')).exit_code, 0)
    assert.equal((await script('false; echo b', { strict: false })).stdout, 'b\n')
    assert.equal(
      (await script('import sys\nprint(sys.argv[1:])', { interpreter: 'python3', args: ['a b'] })).stdout,
      "['a b']\n",
    )
  })

  test('neither command, environment nor input shows in a list of processes', async () => {
    const look = 'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " < $f 2>/dev/null; echo; done'
    const { stdout } = await exec(`: cmd-canary-1; ${look}`, {
      env: { VALUE: 'env-canary-2' },
      stdin: 'in-canary-3',
      maxOutputBytes: 1024 * 1024,
    })
    assert.ok(stdout.includes('runner.sh'), 'it looks at the right place')
    assert.doesNotMatch(stdout, /cmd-canary|env-canary|in-canary/)
  })

  test('sudo gets the whole command', async () => {
    const bin = join(room.dir, 'sudo')
    // As sudo does: only these words first, and another environment.
    await writeFile(
      bin,
      '#!/bin/sh\n[ "$1 $2" = "-n --" ] || exit 99\nshift 2\nexec env -i PATH=/usr/bin:/bin AS=root "$@"\n',
      {
        mode: 0o755,
      },
    )
    await using elevated = await openCommandRoom({
      env: { PATH: `${room.dir}:${process.env['PATH'] ?? ''}` },
      host: { isRoot: false },
    })
    const result = await elevated.commands.run(elevated.ctx(), {
      tool: 'maestro_exec',
      sudo: true,
      env: { GIVEN: "it's" },
      work: { kind: 'command', command: 'echo "$AS $GIVEN"; echo "$AS" && echo "${MAESTRO_RUN_ID%%_*}"' },
    })
    assert.deepEqual([result.stdout, result.exit_code], ["root it's\nroot\ncommand\n", 0])
  })
})

describe('how a command is ended', () => {
  const tree = 'setsid sleep 97 & setsid sh -c "sleep 97 & sleep 97" & sleep 97 & sleep 97'

  test('its time limit ends everything it has started, also what fled its session', async () => {
    const result = await exec(tree, { timeoutS: 1 })
    assert.deepEqual([result.status, result.error?.kind, result.executed], ['timed_out', 'TIMEOUT', 'yes'])
    assert.equal(await survivors(result.task_id), 0)
  })

  test('silence ends it when asked for, and output does not', async () => {
    const silent = await exec('echo a; sleep 97', { idleTimeoutS: 1 })
    assert.deepEqual([silent.status, silent.error?.kind, silent.stdout], ['timed_out', 'IDLE_TIMEOUT', 'a\n'])
  })

  test('more output than its limit ends it, and what came until then is kept', async () => {
    const result = await exec('yes', { outputLimitMb: 1 })
    assert.deepEqual([result.status, result.error?.kind], ['failed', 'TOO_LARGE'])
    assert.ok(result.bytes.stdout >= 1024 * 1024 && result.bytes.stdout < 8 * 1024 * 1024)
  })

  test('a caller who goes away while it waits ends it', async () => {
    const gone = new AbortController()
    const asked = exec(`echo begun; ${tree}`, { ctx: { signal: gone.signal } })
    const taskId = await anyRunning()
    await begun(taskId)
    gone.abort(new Error('hung up'))
    const error = await refusal(asked)
    assert.deepEqual([error.code, error.details?.['executed']], ['cancelled', 'yes'])
    const result = await ended(taskId)
    assert.deepEqual([result.status, result.error?.kind], ['cancelled', 'CANCELLED'])
    assert.equal(await survivors(taskId), 0)
  })

  test('who goes away before it is known to run is not told that it did', async () => {
    const gone = new AbortController()
    const asked = exec('sleep 97', { ctx: { signal: gone.signal } })
    const taskId = await anyRunning()
    gone.abort(new Error('hung up'))
    assert.equal((await refusal(asked)).details?.['executed'], 'maybe')
    assert.equal((await ended(taskId)).status, 'cancelled')
  })

  test('one that was let go lives on without its caller, until somebody cancels it', async () => {
    const gone = new AbortController()
    const answer = await exec('echo begun; sleep 97', { waitS: 0.5, ctx: { signal: gone.signal } })
    assert.deepEqual([answer.status, answer.executed, answer.stdout], ['running', 'yes', 'begun\n'])
    assert.ok(answer.output_uri !== undefined)
    gone.abort()
    await room.commands.wait(room.ctx(), answer.task_id, 300)
    assert.equal((await room.view.get(room.ctx().actor, answer.task_id)).status, 'running')
    await room.commands.cancel(room.ctx(), answer.task_id)
    assert.equal((await ended(answer.task_id)).status, 'cancelled')
  })

  test('without a window it is let go at once; with one, its end is worth waiting for', async () => {
    const { status, task_id } = await exec('sleep 0.2; echo done', { waitS: 0 })
    assert.equal(status, 'running')
    assert.equal((await ended(task_id)).stdout, 'done\n')
    assert.equal((await exec('sleep 0.2; echo done', { ctx: { inlineMs: 20_000 } })).stdout, 'done\n')
    assert.equal((await exec('sleep 97', { ctx: { inlineMs: 100 } })).status, 'running')
  })

  test('growth is told while it runs, and not at all for what is quick', async () => {
    const quick = await exec('seq 10')
    const slow = await exec('for i in 1 2 3 4 5 6; do echo $i; sleep 0.3; done')
    const types = async (id: string) => (await room.tasks.events(id, 0, 100)).map(({ body }) => body.type)
    assert.deepEqual(await types(quick.task_id), ['task.started', 'task.ended'])
    const told = (await room.tasks.events(slow.task_id, 0, 100)).flatMap(({ body }) =>
      body.type === 'output.grown' ? [body.out] : [],
    )
    assert.ok(told.length >= 1)
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    )
  })

  /** What it printed is read only once its start is known. */
  async function begun(taskId: string): Promise<void> {
    const slice = { stream: 'stdout', offset: 0, limit: 10, encoding: 'text' } as const
    while ((await room.commands.output(room.ctx().actor, taskId, slice)).text === '')
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  async function anyRunning(): Promise<string> {
    for (;;) {
      const { items } = await room.tasks.list({ kind: 'command', status: ['running'], limit: 1 })
      if (items[0] !== undefined) return items[0].id
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
})

describe('what could not begin', () => {
  test('an unknown host is refused with those there are', async () => {
    const error = await refusal(exec('true', { host: 'gpu' }))
    assert.deepEqual(
      [error.code, error.details],
      ['not_found', { kind: 'HOST_UNKNOWN', known: ['local'], executed: 'no' }],
    )
  })

  test('a missing interpreter is told, recorded, and nothing was executed', async () => {
    const error = await refusal(script('x', { interpreter: 'no-such-program' }))
    assert.deepEqual([error.code, error.details?.['executed']], ['not_found', 'no'])
    const task = await room.view.get(room.ctx().actor, String(error.details?.['task_id']))
    assert.deepEqual([task.status, task.executed, task.error?.kind], ['failed', 'no', 'NOT_STARTED'])
  })
})

describe('who sees what', () => {
  test('a program sees its own commands only; people see all', async () => {
    const claude = { actor: { kind: 'client', name: 'claude' } } as const
    const codex = { actor: { kind: 'client', name: 'codex' } } as const
    const limited = { actor: { kind: 'token', tokenId: 't1', name: 'limited' } } as const
    const { task_id } = await exec('echo mine', { ctx: claude })
    const slice = { stream: 'stdout', offset: 0, limit: 10, encoding: 'text' } as const
    assert.equal((await room.commands.output(claude.actor, task_id, slice)).text, 'mine\n')
    assert.equal((await room.commands.result(room.ctx().actor, task_id)).stdout, 'mine\n')
    for (const { actor } of [codex, limited]) {
      for (const look of [
        room.commands.output(actor, task_id, slice),
        room.commands.result(actor, task_id),
        room.commands.record(actor, task_id),
        room.commands.toolOf(actor, task_id),
        room.commands.wait(room.ctx({ actor }), task_id, 10),
        room.commands.cancel(room.ctx({ actor }), task_id),
      ]) {
        assert.equal((await refusal(look)).code, 'not_found')
      }
      const { items } = await room.view.list(actor, { kind: 'command', limit: 50 })
      assert.ok(!items.some(({ id }) => id === task_id))
    }
    const { items } = await room.view.list(claude.actor, { kind: 'command', limit: 50 })
    assert.ok(items.length >= 1 && items.every(({ startedBy }) => startedBy.kind === 'client'))
  })
})
