import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MaestroError } from '#src/core/index.ts'
import { setUpModels } from './testing/setup.ts'

const code = (expected: string) => (error: unknown) => error instanceof MaestroError && error.code === expected
const sonnet = 'anthropic/claude-3.7-sonnet'
const key = 'sk-or-v1-0123456789abcdef'

describe('out of the box', () => {
  test('there are the four documented models, the documented default, and five providers', async (t) => {
    const view = await setUpModels(t).open().view()
    assert.deepEqual(
      view.items.map(({ provider, id }) => `${provider} ${id}`),
      [
        'openrouter anthropic/claude-3.7-sonnet:thinking',
        'openrouter anthropic/claude-3.7-sonnet',
        'openrouter openai/o3-mini-high',
        'openrouter openai/gpt-4o-2024-11-20',
      ],
    )
    assert.deepEqual(
      view.items.filter(({ isDefault }) => isDefault).map(({ id }) => id),
      [sonnet],
    )
    assert.equal(view.provider, 'openrouter')
    assert.equal(view.defaultModel, sonnet)
    assert.deepEqual(
      view.providers.map(({ id }) => id),
      ['openrouter', 'openai', 'anthropic', 'google', 'ollama'],
    )
    assert.equal(
      view.providers.some(({ keySet }) => keySet),
      false,
    )
  })
  test('nothing is written before something changes', async (t) => {
    const setup = setUpModels(t)
    await setup.open().view()
    assert.deepEqual(readdirSync(setup.dataDir), [])
  })
})

describe('access', () => {
  test('without a key says which one to enter and where', async (t) => {
    await assert.rejects(setUpModels(t).open().access('anthropic'), (error: unknown) => {
      assert.ok(error instanceof MaestroError)
      assert.equal(error.code, 'not_ready')
      assert.match(error.hint ?? '', /ANTHROPIC_API_KEY under Models/)
      assert.deepEqual(error.details, { provider: 'anthropic', keyName: 'ANTHROPIC_API_KEY' })
      return true
    })
  })
  test('works as soon as the key is entered, without a restart', async (t) => {
    const models = setUpModels(t).open()
    await assert.rejects(models.access('openrouter'), code('not_ready'))
    await models.setSecret('OPENROUTER_API_KEY', `  ${key}\n`)
    assert.deepEqual(await models.access('openrouter'), {
      provider: 'openrouter',
      title: 'OpenRouter',
      api: 'openrouter',
      root: 'https://openrouter.ai/api/v1',
      apiKey: key,
    })
  })
  test('a key in the settings wins over the environment, and its removal gives way to it', async (t) => {
    const models = setUpModels(t).open({ openai: { apiKey: 'from-environment' } })
    assert.equal((await models.access('openai')).apiKey, 'from-environment')
    await models.setSecret('OPENAI_API_KEY', 'from-settings')
    assert.equal((await models.access('openai')).apiKey, 'from-settings')
    await models.deleteSecret('OPENAI_API_KEY')
    assert.equal((await models.access('openai')).apiKey, 'from-environment')
  })
  test('a local provider needs no key and has an address', async (t) => {
    const local = { provider: 'ollama', title: 'Ollama (local)', api: 'ollama', apiKey: null }
    const setup = setUpModels(t)
    assert.deepEqual(await setup.open().access('ollama'), { ...local, root: 'http://127.0.0.1:11434/v1' })
    const moved = await setup.open({ ollama: { baseUrl: 'http://0.0.0.0:9999/' } }).access('ollama')
    assert.deepEqual(moved, { ...local, root: 'http://127.0.0.1:9999/v1' })
  })
  test('an unknown provider is refused with the known ones', async (t) => {
    await assert.rejects(
      setUpModels(t).open().access('acme'),
      /"acme" is not a model provider; there are openrouter, openai/,
    )
  })
})

test('a key from the environment is shown as such, by its end', async (t) => {
  const { providers } = await setUpModels(t)
    .open({ google: { apiKey: key } })
    .view()
  const google = providers.find(({ id }) => id === 'google')
  assert.deepEqual([google?.keySet, google?.keyFrom, google?.keyHint], [true, 'environment', 'cdef'])
})

describe('the list', () => {
  test('add, make default and remove survive a restart', async (t) => {
    const setup = setUpModels(t)
    await setup.open().addModel('ollama', ' qwen3 ')
    await setup.open().setDefault('ollama', 'qwen3')
    const view = await setup.open().removeModel(null, sonnet)
    assert.equal(view.items.length, 4)
    assert.deepEqual(await setup.open().defaults(), { provider: 'ollama', model: 'qwen3' })
    assert.deepEqual(await setup.open().view(), view)
  })
  test('a model that is there is not added twice', async (t) => {
    const models = setUpModels(t).open()
    assert.equal((await models.addModel('openrouter', sonnet)).items.length, 4)
  })
  test('the default cannot be removed, an unknown model neither be removed nor made default', async (t) => {
    const models = setUpModels(t).open()
    await assert.rejects(models.removeModel('openrouter', sonnet), code('conflict'))
    await assert.rejects(models.removeModel('openrouter', 'x'), code('not_found'))
    await assert.rejects(models.setDefault(null, 'x'), code('not_found'))
    await assert.rejects(models.addModel('openrouter', 'two words'), code('invalid_input'))
  })
  test('an id that two providers have needs its provider', async (t) => {
    const models = setUpModels(t).open()
    await models.addModel('openai', 'twin')
    await models.addModel('ollama', 'twin')
    await assert.rejects(models.removeModel(null, 'twin'), code('invalid_input'))
    assert.equal((await models.removeModel('ollama', 'twin')).items.filter(({ id }) => id === 'twin').length, 1)
  })
  test('changes made at once do not lose one another', async (t) => {
    const models = setUpModels(t).open()
    await Promise.all(Array.from({ length: 10 }, (_, n) => models.addModel('openai', `m${n}`)))
    assert.equal((await models.view()).items.length, 14)
  })
})

describe('models.json of Maistro', () => {
  const old = {
    defaultModel: 'openai/o3-mini-high',
    apiKey: key,
    availableModels: ['openai/o3-mini-high', 'x/y'],
    theme: 'dark',
  }

  test('is read, and its key moves to the secrets at the first reading, unseen from then on', async (t) => {
    const setup = setUpModels(t)
    setup.write(old)
    const models = setup.open()
    assert.deepEqual(await models.defaults(), { provider: 'openrouter', model: 'openai/o3-mini-high' })
    assert.equal(setup.secrets.get('OPENROUTER_API_KEY'), key)
    assert.deepEqual(JSON.parse(setup.read()), { ...old, apiKey: 'secret:OPENROUTER_API_KEY' })
    const backups = readdirSync(setup.dataDir).filter((name) => name.endsWith('.bak'))
    assert.equal(backups.length, 1)
    for (const name of readdirSync(setup.dataDir)) assert.equal(setup.read(name).includes(key), false, name)
    const openrouter = (await models.view()).providers[0]
    assert.deepEqual([openrouter?.keySet, openrouter?.keyFrom, openrouter?.keyHint], [true, 'settings', 'cdef'])
    assert.equal(JSON.stringify(await models.view()).includes(key), false)
  })
  test('a second start changes nothing', async (t) => {
    const setup = setUpModels(t)
    setup.write(old)
    await setup.open().view()
    const [before, names] = [setup.read(), readdirSync(setup.dataDir)]
    await setup.open().view()
    assert.deepEqual([setup.read(), readdirSync(setup.dataDir)], [before, names])
  })
  test('an edit by hand counts at once, a default that is not listed included', async (t) => {
    const setup = setUpModels(t)
    const models = setup.open()
    await models.addModel('openai', 'm')
    setup.write({ defaultModel: 'by/hand', availableModels: ['a/b'] })
    const view = await models.view()
    assert.deepEqual(
      view.items.map(({ id, isDefault }) => [id, isDefault]),
      [
        ['a/b', false],
        ['by/hand', true],
      ],
    )
  })
  test('one that cannot be read is named with line and column and never written over', async (t) => {
    const setup = setUpModels(t)
    for (const [text, message] of [
      ['{"defaultModel": }', /line 1, column 18/],
      ['[]', /the file should be an object/],
      ['{"availableModels": [{"provider": "acme", "id": "x"}]}', /availableModels\.0/],
    ] as const) {
      setup.write(text)
      const models = setup.open()
      for (const call of [() => models.view(), () => models.addModel('openai', 'm'), () => models.access('openai')]) {
        await assert.rejects(call(), (error: unknown) => {
          assert.ok(error instanceof MaestroError)
          assert.equal(error.code, 'corrupt_data')
          assert.match(error.message, message)
          return true
        })
      }
      assert.equal(setup.read(), text)
    }
  })
  test('without any default there is none, and the first model added becomes it', async (t) => {
    const setup = setUpModels(t)
    setup.write({ availableModels: [] })
    const models = setup.open()
    assert.equal(await models.defaults(), null)
    assert.equal((await models.view()).defaultModel, null)
    assert.equal((await models.addModel('openai', 'm')).defaultModel, 'm')
  })
})

describe('secrets', () => {
  test('the answer has a hint and who uses it, never the value', async (t) => {
    const models = setUpModels(t).open()
    assert.deepEqual(await models.setSecret('OPENROUTER_API_KEY', key), {
      name: 'OPENROUTER_API_KEY',
      isSet: true,
      hint: 'cdef',
      usedBy: ['OpenRouter'],
    })
    assert.deepEqual((await models.setSecret('MY_TOKEN', 'short')).usedBy, [])
    assert.equal((await models.deleteSecret('MY_TOKEN')).isSet, false)
    await assert.rejects(models.deleteSecret('MY_TOKEN'), code('not_found'))
  })
  test('refuses names and values that cannot be right', async (t) => {
    const setup = setUpModels(t)
    const models = setup.open()
    for (const name of ['lower', '../X', '', 'A'.repeat(80)])
      await assert.rejects(models.setSecret(name, 'v'), code('invalid_input'))
    for (const value of ['', ' \n', 'two\nlines', 'nul\0', 'ключ']) {
      await assert.rejects(models.setSecret('OPENAI_API_KEY', value), code('invalid_input'))
    }
    assert.equal(setup.secrets.size, 0)
    assert.equal(existsSync(join(setup.dataDir, 'models.json')), false)
  })
})

describe('providers', () => {
  const lab = { title: 'My Lab!', baseUrl: 'http://gpu1:8000/v1', apiKey: 'key-of-lab-0123' }

  test('one is added by its base URL, its key encrypted and never shown, and survives a restart', async (t) => {
    const setup = setUpModels(t)
    const made = await setup.open().createProvider(lab)
    assert.deepEqual(
      [made.id, made.api, made.isBuiltIn, made.keyName, made.keySet, made.keyHint, made.baseUrl],
      ['my-lab', 'openai', false, 'PROVIDER_MY_LAB_KEY', true, '0123', 'http://gpu1:8000/v1'],
    )
    assert.equal(setup.read().includes(lab.apiKey), false)
    const { root, apiKey } = await setup.open().access('my-lab')
    assert.deepEqual([root, apiKey], ['http://gpu1:8000/v1', lab.apiKey])
    assert.equal((await setup.open().createProvider({ ...lab, needsKey: false })).id, 'my-lab-2')
    await assert.rejects(setup.open().createProvider({ ...lab, id: 'openai' }), code('conflict'))
  })
  test('a base URL that carries a key, or is none, is refused', async (t) => {
    const models = setUpModels(t).open()
    for (const baseUrl of ['ftp://x', 'x', 'http://user:pass@x/v1', 'http://x/v1?key=1']) {
      await assert.rejects(models.createProvider({ ...lab, baseUrl }), code('invalid_input'), baseUrl)
    }
  })
  test('a built-in one is moved and put back, and nothing else of it changes', async (t) => {
    const models = setUpModels(t).open({ openai: { baseUrl: 'http://from-environment' } })
    const moved = await models.updateProvider('openai', { baseUrl: 'http://mine/v1', apiKey: 'key-of-openai' })
    assert.deepEqual([moved.baseUrl, moved.baseUrlFrom, moved.keyFrom], ['http://mine/v1', 'settings', 'settings'])
    const back = await models.updateProvider('openai', { baseUrl: null, apiKey: null })
    assert.deepEqual([back.baseUrl, back.baseUrlFrom, back.keySet], ['http://from-environment', 'environment', false])
    await assert.rejects(models.updateProvider('openai', { title: 'Mine' }), code('invalid_input'))
    await assert.rejects(models.deleteProvider('openai'), code('invalid_input'))
    await assert.rejects(models.updateProvider('nobody', {}), code('not_found'))
  })
  test('one with models in the list stays; without them it goes, and its key with it', async (t) => {
    const setup = setUpModels(t)
    const models = setup.open()
    await models.createProvider(lab)
    await models.addModel('my-lab', 'qwen3', { inputUsdPerMillion: 1, outputUsdPerMillion: 2 })
    await assert.rejects(models.deleteProvider('my-lab'), /"qwen3"/)
    await models.removeModel('my-lab', 'qwen3')
    await models.deleteProvider('my-lab')
    assert.equal(setup.secrets.size, 0)
    await assert.rejects(models.access('my-lab'), code('invalid_input'))
  })
  test('providers, prices and fallbacks that were written by hand count, and what is unknown stays', async (t) => {
    const setup = setUpModels(t)
    setup.write({
      availableModels: [{ provider: 'hand', id: 'm', price: { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } }],
      fallbackModels: ['a/b'],
      providers: [{ id: 'hand', title: 'By hand', baseUrl: 'http://hand/v1', keyName: null, note: 'mine' }],
    })
    const models = setup.open()
    const view = await models.view()
    assert.deepEqual(view.fallbacks, [{ provider: 'openrouter', id: 'a/b' }])
    assert.deepEqual(view.items[0]?.price, { inputUsdPerMillion: 1, outputUsdPerMillion: 2 })
    assert.equal((await models.access('hand')).apiKey, null)
    await models.updateModel('hand', 'm', null)
    await models.updateProvider('hand', { title: 'Renamed' })
    const raw = JSON.parse(setup.read()) as { providers: object[]; availableModels: unknown[] }
    assert.deepEqual(raw.providers, [
      { id: 'hand', title: 'Renamed', baseUrl: 'http://hand/v1', keyName: null, note: 'mine', api: 'openai' },
    ])
    assert.deepEqual(raw.availableModels, [{ provider: 'hand', id: 'm' }])
  })
})
