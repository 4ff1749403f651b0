// The three ways in, against a real embedded database.

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { DAY, HOUR, MINUTE, MaestroError, newId } from '#src/core/index.ts'
import type { ErrorCode } from '#src/core/index.ts'
import type { Store } from '#src/store/index.ts'
import { openTestStore } from '#src/store/testing/index.ts'
import { createAuth } from './auth.ts'
import type { Auth, Credentials } from './auth.ts'
import { sessionCookie } from './cookie.ts'
import { authMigrations } from './migrations.ts'
import type { AuthTables } from './migrations.ts'

const failsWith = (code: ErrorCode) => (error: unknown) => error instanceof MaestroError && error.code === code

const tcp = (fields: Partial<Credentials> = {}): Credentials => ({
  peer: 'tcp',
  authMode: 'on',
  address: '127.0.0.1',
  ...fields,
})
const withCookie = (value: string) => tcp({ cookie: `theme=dark; ${sessionCookie}=${value}` })
const withToken = (value: string) => tcp({ authorization: `Bearer ${value}` })

describe('auth', () => {
  let store: Store
  let auth: Auth
  let now = 1_800_000_000_000

  before(async () => {
    store = await openTestStore([authMigrations])
  })
  after(() => store[Symbol.asyncDispose]())
  beforeEach(() => {
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    auth = createAuth({ store, clock, ids: (kind) => newId(kind) })
  })

  test('a sign-in code opens one session and is then used up', async () => {
    const { code } = await auth.createSignInCode()
    const { cookieValue } = await auth.signIn(code, '127.0.0.1')
    const actor = await auth.authenticate(withCookie(cookieValue))
    assert.equal(actor.kind, 'browser')
    await assert.rejects(auth.signIn(code, '127.0.0.1'), failsWith('unauthenticated'))
  })

  test('of two browsers that use one code at once, one gets in', async () => {
    const { code } = await auth.createSignInCode()
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => auth.signIn(code, '127.0.0.1')))
    assert.equal(tries.filter((one) => one.status === 'fulfilled').length, 1)
  })

  test('a code is refused from its tenth minute on', async () => {
    const young = await auth.createSignInCode()
    const old = await auth.createSignInCode()
    now += 10 * MINUTE - 1
    await auth.signIn(young.code, '127.0.0.1')
    now += 1
    await assert.rejects(auth.signIn(old.code, '127.0.0.1'), failsWith('unauthenticated'))
  })

  test('a session lasts thirty days after its last use, not after its start', async () => {
    const { code } = await auth.createSignInCode()
    const { cookieValue } = await auth.signIn(code, '127.0.0.1')
    now += 29 * DAY
    await auth.authenticate(withCookie(cookieValue))
    now += 29 * DAY
    await auth.authenticate(withCookie(cookieValue))
    now += 30 * DAY + HOUR
    await assert.rejects(auth.authenticate(withCookie(cookieValue)), failsWith('unauthenticated'))
  })

  test('signing out ends the session at once, and only this one', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(async () => auth.signIn((await auth.createSignInCode()).code, '127.0.0.1')),
    )
    assert.ok(one && two)
    await auth.signOut(await auth.authenticate(withCookie(one.cookieValue)))
    await assert.rejects(auth.authenticate(withCookie(one.cookieValue)), failsWith('unauthenticated'))
    await auth.authenticate(withCookie(two.cookieValue))
  })

  test('a token works until it is revoked, and its value is shown once', async () => {
    const { token, value } = await auth.createToken({ name: 'ci', scopes: ['workflows:read'] })
    assert.deepEqual(await auth.authenticate(withToken(value)), { kind: 'token', tokenId: token.id, name: 'ci' })
    assert.deepEqual(await auth.scopesOf(token.id), ['workflows:read'])
    const listed = (await auth.listTokens()).find((one) => one.id === token.id)
    assert.equal(listed?.lastUsedAt, now)
    assert.ok(!JSON.stringify(listed).includes(value.slice(4)))
    await auth.revokeToken(token.id)
    await assert.rejects(auth.authenticate(withToken(value)), failsWith('unauthenticated'))
    assert.equal(await auth.scopesOf(token.id), undefined)
    await assert.rejects(auth.revokeToken('tok_none'), failsWith('not_found'))
  })

  test('a token ends with its last day', async () => {
    const { value } = await auth.createToken({ name: 'short', expiresInDays: 1 })
    now += DAY - 1
    await auth.authenticate(withToken(value))
    now += 1
    await assert.rejects(auth.authenticate(withToken(value)), failsWith('unauthenticated'))
  })

  test('a bad scope or name is refused with its place', async () => {
    await assert.rejects(auth.createToken({ name: ' ', scopes: ['everything'] }), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.deepEqual(
        error.issues?.map((issue) => issue.path),
        ['name', 'scopes.0'],
      )
      return true
    })
  })

  test('without credentials, or with broken ones, nobody comes in', async () => {
    const { value } = await auth.createToken({ name: 'x' })
    const bad: Partial<Credentials>[] = [
      {},
      { cookie: sessionCookie },
      { cookie: `${sessionCookie}=` },
      { cookie: `${sessionCookie}=${value}` },
      { authorization: value },
      { authorization: `Basic ${value}` },
      { authorization: 'Bearer' },
      { authorization: `Bearer ${value}x` },
      { authorization: `Bearer ${value.slice(0, -1)}` },
      { authorization: "Bearer mst_' or '1'='1" },
    ]
    for (const fields of bad)
      await assert.rejects(auth.authenticate(tcp(fields)), failsWith('unauthenticated'), JSON.stringify(fields))
  })

  test('a bad bearer is not saved by a good cookie', async () => {
    const { cookieValue } = await auth.signIn((await auth.createSignInCode()).code, '127.0.0.1')
    const credentials = { ...withCookie(cookieValue), authorization: 'Bearer mst_bad' }
    await assert.rejects(auth.authenticate(credentials), failsWith('unauthenticated'))
  })

  test('the Unix socket and the trusted loopback are the owner', async () => {
    assert.deepEqual(await auth.authenticate(tcp({ peer: 'socket' })), { kind: 'owner', via: 'socket' })
    assert.deepEqual(await auth.authenticate(tcp({ authMode: 'off' })), { kind: 'owner', via: 'loopback' })
  })

  test('many bad tokens from one address are limited; a good one from there still works', async () => {
    const { value } = await auth.createToken({ name: 'good' })
    for (let i = 0; i < 20; i++)
      await assert.rejects(auth.authenticate(withToken('mst_bad')), failsWith('unauthenticated'))
    await assert.rejects(auth.authenticate(withToken('mst_bad')), failsWith('limit_exceeded'))
    await assert.rejects(auth.signIn('msc_bad', '127.0.0.1'), failsWith('limit_exceeded'))
    await auth.authenticate(withToken(value))
    await assert.rejects(
      auth.authenticate({ ...withToken('mst_bad'), address: '10.0.0.9' }),
      failsWith('unauthenticated'),
    )
    now += MINUTE
    await assert.rejects(auth.authenticate(withToken('mst_bad')), failsWith('unauthenticated'))
  })

  test('the database holds no value of any credential', async () => {
    const { code } = await auth.createSignInCode()
    const { cookieValue } = await auth.signIn((await auth.createSignInCode()).code, '127.0.0.1')
    const { value } = await auth.createToken({ name: 'kept' })
    const db = store.db<AuthTables>()
    const all = JSON.stringify([
      await db.selectFrom('auth_codes').selectAll().execute(),
      await db.selectFrom('auth_sessions').selectAll().execute(),
      await db.selectFrom('auth_tokens').selectAll().execute(),
    ])
    assert.ok(all.includes('kept'))
    for (const secret of [code, cookieValue, value]) assert.ok(!all.includes(secret.slice(4)), 'a value was stored')
  })

  test('a sweep forgets what has expired and nothing else', async () => {
    const { cookieValue } = await auth.signIn((await auth.createSignInCode()).code, '127.0.0.1')
    await auth.createSignInCode()
    now += 11 * MINUTE
    await auth.sweep()
    assert.deepEqual(await store.db<AuthTables>().selectFrom('auth_codes').selectAll().execute(), [])
    await auth.authenticate(withCookie(cookieValue))
  })
})
