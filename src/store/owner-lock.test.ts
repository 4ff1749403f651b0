import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { mountTypeOf, networkFileSystem } from './network-fs.ts'
import { acquireOwnerLock, readOwner } from './owner-lock.ts'
import { runOwnerRounds } from './testing/owner-rounds.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'maestro-owner-'))
  t.after(() => rm(path, { recursive: true, force: true }))
  return path
}

test('a second owner is refused and told who the first is', async (t) => {
  const dataDir = await folder(t)
  await using first = await acquireOwnerLock(dataDir)
  await first.announce({ url: 'http://127.0.0.1:3000', socket: '/run/x.sock' })
  await assert.rejects(acquireOwnerLock(dataDir), (error) => {
    assert.ok(error instanceof MaestroError)
    assert.equal(error.code, 'conflict')
    assert.match(error.message, /http:\/\/127\.0\.0\.1:3000/)
    const { owner } = error.details as { owner: { pid: number; socket: string } }
    assert.equal(owner.pid, process.pid)
    assert.equal(owner.socket, '/run/x.sock')
    return true
  })
})

test('the folder is free again after the owner has let go', async (t) => {
  const dataDir = await folder(t)
  const first = await acquireOwnerLock(dataDir)
  await first[Symbol.asyncDispose]()
  assert.equal(await readOwner(dataDir), undefined)
  await using second = await acquireOwnerLock(dataDir)
  assert.ok(second)
})

test('a damaged owner.json is no owner, and no obstacle', async (t) => {
  const dataDir = await folder(t)
  await writeFile(join(dataDir, 'owner.json'), '{"pid": ')
  assert.equal(await readOwner(dataDir), undefined)
  await using lock = await acquireOwnerLock(dataDir)
  assert.ok(lock)
})

test('a lock file that is something else is named and left alone', async (t) => {
  const dataDir = await folder(t)
  await writeFile(join(dataDir, 'owner.lock'), 'this is not a database, and long enough to be read as one'.repeat(40))
  await assert.rejects(acquireOwnerLock(dataDir), { code: 'corrupt_data', message: /owner\.lock/ })
})

test('eight processes at once, after kill -9 of the owner before: exactly one owner (5 rounds)', async () => {
  const { wrong, exact } = await runOwnerRounds(5)
  assert.deepEqual(wrong, [])
  assert.equal(exact, 5)
})

test('knows network file systems by their magic number and their mount type', () => {
  const cases: [number, string | undefined, string | undefined][] = [
    [0x6969, 'nfs4', 'nfs'],
    [0xff534d42 | 0, 'cifs', 'cifs'],
    [0x65735546, 'fuse.sshfs', 'fuse.sshfs'],
    [0x65735546, undefined, 'fuse'],
    [0x65735546, 'fuseblk', undefined],
    [0xef53, 'ext4', undefined],
    [0x01021994, 'tmpfs', undefined],
    [0x794c7630, 'overlay', undefined],
    [0x9123683e | 0, 'btrfs', undefined],
  ]
  for (const [magic, mountType, expected] of cases)
    assert.equal(networkFileSystem({ magic, mountType }), expected, `${magic} ${mountType}`)
})

test('finds the mount that holds a path: the longest, the last when stacked, with escaped names', () => {
  const mountinfo = [
    '1 0 8:1 / / rw - ext4 /dev/sda rw',
    '2 1 0:5 / /home/me/my\\040share rw shared:1 - fuse.sshfs host:/ rw',
    '3 1 0:6 / /data rw - ext4 /dev/sdb rw',
    '4 3 0:7 / /data rw - nfs4 server:/ rw',
    '',
  ].join('\n')
  assert.equal(mountTypeOf('/home/me/my share/x', mountinfo), 'fuse.sshfs')
  assert.equal(mountTypeOf('/home/me/my', mountinfo), 'ext4')
  assert.equal(mountTypeOf('/data/.maestro', mountinfo), 'nfs4')
  assert.equal(mountTypeOf('/database', mountinfo), 'ext4')
})
