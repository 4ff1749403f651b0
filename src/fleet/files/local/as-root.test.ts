// sudo is played by a script that runs its words: what is tested is what root would be told to do.

import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { replaceAsRoot } from './as-root.ts'

async function open(t: TestContext, sudo: string) {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'maestro-sudo-')))
  t.after(() => rm(dir, { recursive: true, force: true }))
  await mkdir(join(dir, 'bin'))
  await mkdir(join(dir, 'etc'))
  if (sudo !== '') await writeFile(join(dir, 'bin/sudo'), `#!/bin/sh\n${sudo}\n`, { mode: 0o755 })
  const env = { PATH: sudo === '' ? join(dir, 'bin') : `${join(dir, 'bin')}:/usr/bin:/bin` }
  return {
    etc: join(dir, 'etc'),
    write: (path: string, content: string | Uint8Array, mode?: number) =>
      replaceAsRoot(join(dir, path), Buffer.from(content), { env, ...(mode === undefined ? {} : { mode }) }),
  }
}
const plays = 'test "$1 $2" = "-n --" || exit 1\nshift 2\nexec "$@"'

test('makes and replaces files of any name and content, keeping the mode of the old one', async (t) => {
  const { etc, write } = await open(t, plays)
  const bytes = Buffer.from([0, 255, 10, 13, 39, 36])
  for (const name of ['-rf', "it's", '$(x)', 'a b', 'ü\nx']) {
    await write(`etc/${name}`, bytes)
    assert.deepEqual(await readFile(join(etc, name)), bytes)
  }
  await chmod(join(etc, '-rf'), 0o640)
  await write('etc/-rf', 'new')
  assert.equal((await stat(join(etc, '-rf'))).mode & 0o777, 0o640)
  await write('etc/-rf', 'new', 0o600)
  assert.equal((await stat(join(etc, '-rf'))).mode & 0o777, 0o600)
  assert.equal((await readdir(etc)).length, 5)
})

test('does not go through links, make folders or replace what is no file', async (t) => {
  const { etc, write } = await open(t, plays)
  await mkdir(join(etc, 'real'))
  await symlink('real', join(etc, 'link'))
  await symlink('/none', join(etc, 'file-link'))
  await assert.rejects(write('etc/link/f', 'x'), { code: 'conflict' })
  await assert.rejects(write('etc/file-link', 'x'), { code: 'conflict' })
  await assert.rejects(write('etc/none/f', 'x'), { code: 'not_found' })
  await assert.rejects(write('etc/real', 'x'), { code: 'invalid_input' })
  assert.deepEqual((await readdir(etc, { recursive: true })).sort(), ['file-link', 'link', 'real'])
})

test('says when there is no sudo, and when it wants a password', async (t) => {
  const none = await open(t, '')
  await assert.rejects(none.write('etc/f', 'x'), { code: 'unsupported', message: /no sudo/ })
  const asks = await open(t, 'echo "sudo: a password is required" >&2\nexit 1')
  await assert.rejects(asks.write('etc/f', 'x'), { code: 'forbidden', message: /password is required/ })
})
