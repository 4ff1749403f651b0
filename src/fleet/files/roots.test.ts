// Roots hold: by name, by link, and while someone swaps names as fast as they can.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { access, mkdir, readdir, readFile, realpath, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { isNodeError, toMaestroError } from '#src/core/index.ts'
import { type FileBench, openFileBench } from './testing/file-bench.ts'

const secret = 'outside content'

async function open(t: Parameters<typeof openFileBench>[0]): Promise<FileBench> {
  const bench = await openFileBench(t, { isRooted: true })
  const { dir, outside } = bench
  await writeFile(join(outside, 'secret'), secret)
  await writeFile(join(bench.home, 'secret'), secret)
  await mkdir(join(dir, 'in'))
  await writeFile(join(dir, 'in/file'), 'inside')
  await symlink(join(outside, 'secret'), join(dir, 'link-file'))
  await symlink(outside, join(dir, 'link-folder'))
  await symlink('../outside/secret', join(dir, 'link-relative'))
  await symlink('/', join(dir, 'link-root'))
  await symlink('..', join(dir, 'link-up'))
  await symlink('link-folder', join(dir, 'link-link'))
  await symlink(join(outside, 'not-there'), join(dir, 'link-dangling'))
  await symlink('/dev/zero', join(dir, 'link-device'))
  await symlink('/proc/self', join(dir, 'link-proc'))
  assert.equal(spawnSync('mkfifo', [join(outside, 'pipe'), join(dir, 'pipe')]).status, 0)
  return bench
}

/** 60 names that have led elsewhere somewhere; relative ones begin in the root. */
const corpus = (outside: string, dir: string): string[] => {
  const up = relative(dir, outside)
  return [
    // Plain and hidden ways up.
    `${up}/secret`,
    `./${up}/secret`,
    `in/../../outside/secret`,
    `in/./../../outside/secret`,
    `in//..//..//outside//secret`,
    `./././${up}/././secret`,
    `${up}/../outside/secret`,
    `nothing/../${up}/secret`,
    `in/../in/../${up}/secret`,
    '..',
    '../',
    '../..',
    '../../../../../../../../../../etc/passwd',
    '../home/secret',
    // Absolute.
    `${outside}/secret`,
    `//${outside}/secret`,
    `///etc/passwd`,
    '/etc/passwd',
    '/etc/../etc/passwd',
    '/./etc/shadow',
    '/',
    '/var/lib/someone/.ssh/id_rsa',
    `${dir}/../outside/secret`,
    `${dir}x/secret`,
    // Homes.
    '~',
    '~/',
    '~/secret',
    '~/../outside/secret',
    '~/.ssh/authorized_keys',
    '~root/.bashrc',
    '~nobody',
    // Links.
    'link-file',
    'link-relative',
    'link-folder',
    'link-folder/secret',
    'link-folder/new',
    'link-link/secret',
    'link-up/outside/secret',
    'link-root/etc/passwd',
    'link-dangling',
    'link-folder/../outside/secret',
    'in/../link-folder/./secret',
    'link-folder/pipe',
    // Things that are no files, and windows into the kernel.
    'link-device',
    'link-proc/environ',
    'link-proc/cwd/../../../../../../etc/passwd',
    '/dev/zero',
    '/dev/null',
    '/dev/stdin',
    '/dev/fd/0',
    '/dev/tty',
    `${outside}/pipe`,
    '/proc/self/environ',
    '/proc/self/mem',
    '/proc/self/fd/0',
    '/proc/1/cwd/etc/passwd',
    '/proc/self/cwd',
    '/proc/kcore',
    '/sys/kernel/notes',
    '/proc/self/../self/environ',
  ]
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      const ours = toMaestroError(error)
      if (ours.code === 'internal') throw error
      return ours.details?.['kind'] === 'PATH_DENIED' ? 'PATH_DENIED' : ours.code
    },
  )

test('sixty names that lead elsewhere are refused by every tool, and nothing there is touched', async (t) => {
  const bench = await open(t)
  const names = corpus(bench.outside, bench.dir)
  assert.ok(names.length >= 60, `${names.length}`)
  const before = await snapshot(bench)
  for (const path of names) {
    // Another user's home is no path at all; everything else is a path outside.
    const expected = /^~[a-z]/.test(path) ? 'invalid_input' : 'PATH_DENIED'
    const codes = {
      read: await codeOf(bench.call('maestro_read', { path })),
      write: await codeOf(bench.call('maestro_write', { path, content: 'x' })),
      append: await codeOf(bench.call('maestro_write', { path, content: 'x', append: true })),
      edit: await codeOf(bench.call('maestro_edit', { path, edits: [{ old: 'o', new: 'x' }] })),
      find: await codeOf(bench.call('maestro_find', { path, content: 'outside' })),
      from: await codeOf(bench.call('maestro_copy', { from: { path }, to: { path: 'copy' }, recursive: true })),
      to: await codeOf(bench.call('maestro_copy', { from: { path: 'in/file' }, to: { path } })),
    }
    for (const [tool, code] of Object.entries(codes)) assert.equal(code, expected, `${tool} ${path}`)
  }
  assert.deepEqual(await snapshot(bench), before)
})

test('names that only look like ways out are names in the root', async (t) => {
  const bench = await open(t)
  for (const path of [
    '%2e%2e',
    '%2e%2e%2foutside',
    '..\\outside',
    '․․',
    '．．',
    '...',
    '.. ',
    ' ..',
    '..\n',
    '-',
    '--',
    '*',
    '$HOME',
    '`x`',
  ]) {
    assert.equal(await codeOf(bench.call('maestro_write', { path: `in/${path}`, content: path })), 'done', path)
    assert.equal(await readFile(join(bench.dir, 'in', path), 'utf8'), path)
  }
  assert.equal(await codeOf(bench.call('maestro_read', { path: 'pipe' })), 'invalid_input')
  assert.equal(await codeOf(bench.call('maestro_read', { path: 'in/\0' })), 'invalid_input')
  assert.equal(await codeOf(bench.call('maestro_read', { path: `link-up/${basename(bench.dir)}/in/file` })), 'done')
})

test('the subject of a call is the real path, whatever it was called', async (t) => {
  const bench = await open(t)
  assert.deepEqual(await bench.subject('maestro_read', { path: 'link-folder/secret' }), [
    `path:local:${bench.outside}/secret`,
  ])
  assert.deepEqual(
    await bench.subject('maestro_copy', {
      from: { path: 'in/file' },
      to: { path: `link-up/${basename(bench.dir)}/in/../x` },
    }),
    [`path:local:${bench.dir}/in/file`, `path:local:${bench.dir}/x`],
  )
})

test('a root may lie behind a link itself', async (t) => {
  const bench = await openFileBench(t)
  await symlink(bench.dir, join(bench.outside, 'alias'))
  const host = { ...bench.host, roots: { read: [join(bench.outside, 'alias')], write: [] } }
  const { assertAllowed } = await import('./locate.ts')
  await assertAllowed({ host, real: join(bench.dir, 'f') }, 'read', 'f')
  await assert.rejects(assertAllowed({ host, real: join(bench.dir, 'f') }, 'write', 'f'), {
    message: /no folder for that/,
  })
})

describe('while names are swapped for links out of the root', () => {
  /** Another process would not be faster: the calls yield at every step. */
  async function swapping(
    bench: FileBench,
    folder: string,
    work: (swaps: () => number) => Promise<void>,
  ): Promise<number> {
    const { dir, outside } = bench
    let swaps = 0
    const over = new AbortController()
    const swapper = (async () => {
      await symlink(outside, join(dir, 'evil'))
      while (!over.signal.aborted) {
        await rename(join(dir, folder), join(dir, 'parked'))
        await rename(join(dir, 'evil'), join(dir, folder))
        swaps++
        await rename(join(dir, folder), join(dir, 'evil'))
        await rename(join(dir, 'parked'), join(dir, folder))
        swaps++
      }
    })()
    try {
      await work(() => swaps)
    } finally {
      over.abort()
      await swapper
    }
    return swaps
  }

  test('no read gives a byte from outside, no write puts one there', async (t) => {
    const bench = await openFileBench(t, { isRooted: true })
    const { dir, outside } = bench
    await mkdir(join(dir, 'd'))
    await writeFile(join(dir, 'd/secret'), 'inside content')
    await writeFile(join(outside, 'secret'), secret)
    const seen = new Map<string, number>()
    // Which refusal it is depends on the very moment: changed between two looks, or outside at both.
    const allSeen = () => seen.has('read') && seen.has('done') && (seen.has('conflict') || seen.has('PATH_DENIED'))
    const count = (code: string) => seen.set(code, (seen.get(code) ?? 0) + 1)
    const swaps = await swapping(bench, 'd', async (swaps) => {
      await Promise.all(
        Array.from({ length: 8 }, async (_, worker) => {
          for (let round = 0; round < 1_000 && (swaps() < 2_000 || !allSeen()); round++) {
            if (worker % 2 === 0) {
              const answer = bench
                .call<{ text: string; path: string }>('maestro_read', { path: 'd/secret' })
                .then((read) => {
                  assert.deepEqual([read.text, read.path], ['inside content', join(dir, 'd/secret')])
                })
              const code = await codeOf(answer)
              count(code === 'done' ? 'read' : code)
            } else if (worker % 4 === 1) {
              count(
                await codeOf(
                  bench.call('maestro_write', { path: `d/new-${worker}-${round}`, content: 'x', create_dirs: false }),
                ),
              )
            } else {
              const copy = { from: { path: 'd/secret' }, to: { path: `copies/${worker}-${round}` } }
              const code = await codeOf(bench.call('maestro_copy', copy))
              if (code === 'done') assert.equal(await readFile(join(dir, copy.to.path), 'utf8'), 'inside content')
              count(code)
            }
          }
        }),
      )
    })
    t.diagnostic(`${swaps} swaps: ${JSON.stringify(Object.fromEntries(seen))}`)
    assert.ok(swaps >= 2_000 && allSeen(), `${swaps} swaps`)
    assert.deepEqual((await readdir(outside)).sort(), ['secret'])
    assert.equal(await readFile(join(outside, 'secret'), 'utf8'), secret)
  })

  test('the last name, swapped for a link, is never followed', async (t) => {
    const bench = await openFileBench(t, { isRooted: true })
    const { dir, outside } = bench
    const file = join(outside, 'secret')
    await writeFile(file, secret)
    const before = await stat(file)
    const over = new AbortController()
    const swapper = (async () => {
      for (let n = 0; !over.signal.aborted; n++) {
        await symlink(file, join(dir, `s${n}`))
        await rename(join(dir, `s${n}`), join(dir, 'f'))
        await writeFile(join(dir, `p${n}`), 'inside content')
        await rename(join(dir, `p${n}`), join(dir, 'f'))
      }
    })()
    for (let round = 0; round < 60; round++) {
      const read = await bench.call<{ text: string }>('maestro_read', { path: 'f' }).catch(() => undefined)
      if (read !== undefined) assert.match(read.text, /^(inside content|ours)$/)
      await bench.call('maestro_write', { path: 'f', content: 'ours' }).catch(() => undefined)
    }
    over.abort()
    await swapper
    assert.equal(await readFile(file, 'utf8'), secret)
    assert.equal((await stat(file)).mtimeMs, before.mtimeMs)
  })
})

/** Names, content and times of all that lies outside of the root. */
async function snapshot({ outside, home, dir }: FileBench): Promise<unknown> {
  const look = async (folder: string): Promise<unknown> =>
    Promise.all(
      (await readdir(folder)).sort().map(async (name) => {
        const { mtimeMs, size } = await stat(join(folder, name))
        return [name, mtimeMs, size]
      }),
    )
  const isThere = await access(`${dir}x`).then(
    () => true,
    (error: unknown) => !(isNodeError(error) && error.code === 'ENOENT'),
  )
  return [await look(outside), await look(home), isThere, await realpath(outside), (await readdir(dir)).sort()]
}
