// Every page, in both themes and on a phone, under axe's rules: nothing serious or critical on any.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { seriousIssues } from '#test/harness/axe.ts'
import { signedIn, startBrowser, type TestBrowser } from '#test/harness/browser.ts'
import { enter, everyScene, type Scene } from '#test/harness/scenes.ts'
import { startServer, steps, type TestServer } from '#test/harness/server.ts'
import { without } from '#test/parts.ts'

describe('accessibility', { skip: without('chromium') }, () => {
  const open = new AsyncDisposableStack()
  let server: TestServer
  let browser: TestBrowser
  let scenes: Scene[]

  before(async () => {
    server = open.use(await startServer({ auth: true }))
    browser = open.use(await startBrowser(server.url))
    const base = { agent: 'fake', model: 'sample/violin' }
    await server.run({ ...base, name: 'By hand', steps: steps('[[say **One**]]', '[[say Two]]') })
    const fails = { text: '[[error model_not_found]]', maxRetries: 0 }
    await server.run({ ...base, name: 'Fails', steps: steps('First', fails, 'never') })
    scenes = await everyScene(server)
  })
  after(() => open.disposeAsync())

  for (const [title, options] of [
    ['by day', { colorScheme: 'light' }],
    ['by night', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true }],
  ] as const) {
    test(`axe finds nothing serious ${title}`, async () => {
      const person = await browser.person({ ...options, reducedMotion: 'reduce' })
      const page = await signedIn(person, await server.signInLink())
      const found: string[] = []
      for (const scene of scenes) {
        await enter(page, scene)
        found.push(...(await seriousIssues(page)).map((issue) => `${scene.name}: ${issue}`))
      }
      assert.deepEqual(found, [])
      await person.close()
    })
  }
})
