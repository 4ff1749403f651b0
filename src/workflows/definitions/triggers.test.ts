import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { createFolder } from './testing/folder.ts'
import { circleThrough, type Link } from './triggers.ts'

const link = (id: string, to: string | null, enabled = true): Link => ({
  id,
  name: id.toUpperCase(),
  onSuccess: to === null ? null : { workflowId: to, enabled, preserveSession: false },
})
const circle = (start: string, ...all: Link[]) => {
  const find = (id: string) => all.find((one) => one.id === id)
  return circleThrough(find(start) ?? assert.fail(), find)?.join(' ')
}

test('a circle is named from its start, whatever its length', () => {
  assert.equal(circle('a', link('a', 'a')), 'A A')
  assert.equal(circle('a', link('a', 'b'), link('b', 'a')), 'A B A')
  assert.equal(circle('b', link('a', 'b'), link('b', 'c'), link('c', 'a')), 'B C A B')
})

test('a chain that ends, a trigger that is off, a target that is gone, and a circle of others are no circle of mine', () => {
  assert.equal(circle('a', link('a', 'b'), link('b', null)), undefined)
  assert.equal(circle('a', link('a', 'b'), link('b', 'a', false)), undefined)
  assert.equal(circle('a', link('a', 'gone')), undefined)
  assert.equal(circle('a', link('a', 'b'), link('b', 'c'), link('c', 'b')), undefined)
})

test('a save that would close a circle is refused with the names in it, and nothing is written', async (t) => {
  const folder = createFolder(t)
  const definitions = folder.open()
  const step = [{ id: 's1', text: 'x' }]
  const b = await definitions.create({ name: 'B', steps: step })
  const a = await definitions.create({
    name: 'A',
    steps: step,
    onSuccess: { workflowId: b.id, preserveSession: false, enabled: true },
  })
  const before = folder.read('configs.json')
  const back = { workflowId: a.id, preserveSession: false, enabled: true }
  await assert.rejects(definitions.update(b.id, { ...b, onSuccess: back }), (error: unknown) => {
    assert.ok(error instanceof MaestroError)
    assert.equal(error.code, 'invalid_input')
    assert.match(error.message, /"B" -> "A" -> "B"/)
    assert.equal(error.issues?.[0]?.path, 'onSuccess')
    return true
  })
  assert.equal(folder.read('configs.json'), before)
  await definitions.update(b.id, { ...b, onSuccess: { ...back, enabled: false } })
})
