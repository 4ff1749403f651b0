// The rehearsal agent's program: no model, no network, no dependency. Reads the prompt on stdin, does
// what its `[[directives]]` say, else answers with a short text about itself, as JSON lines on stdout.
// Keeps its conversation in `<root>/conversation.json`, so that a following turn sees the earlier ones.
//   node fake-agent.mjs --root DIR [--model NAME] [--mcp a,b]     one turn

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const options = readOptions(process.argv.slice(2))
const file = `${options.root}/conversation.json`
const conversation = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { id: randomUUID(), turns: [], usage: { inputTokens: 0, outputTokens: 0 } }

await turn(readFileSync(0, 'utf8'))

async function turn(prompt) {
  say({ type: 'session', id: conversation.id })
  const answer = { text: '', id: `message-${conversation.turns.length + 1}` }
  await obey(prompt, answer)
  if (answer.text === '') await stream(answer, ownAnswer(prompt), 0)
  conversation.turns.push({ prompt, model: options.model ?? null, answer: answer.text })
  conversation.usage.inputTokens += count(prompt)
  conversation.usage.outputTokens += count(answer.text)
  mkdirSync(options.root, { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, JSON.stringify(conversation), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  say({ type: 'usage', ...conversation.usage })
  say({ type: 'done' })
}

/** Directives in the order they are written. */
async function obey(prompt, answer) {
  for (const [, name, rest = ''] of prompt.matchAll(/\[\[([a-z-]+)(?:\s+([\s\S]*?))?\]\]/g)) {
    const [first = '', second = ''] = rest.trim().split(/\s+/)
    switch (name) {
      case 'wait':
      case 'silent':
        await sleep(Number(first) * 1_000)
        break
      case 'stream':
        await stream(answer, Array.from({ length: Number(first) }, (_, i) => `word${i + 1} `).join(''), Number(second))
        break
      case 'say':
        await stream(answer, rest, 0)
        break
      case 'tool':
        tool(first, rest.trim().slice(first.length).trim(), answer)
        break
      case 'error':
        say({ type: 'error', kind: first, message: `the rehearsal was asked to fail with ${first}` })
        process.exit(1)
        break
      case 'error-of':
        if (options.model !== first) break
        say({ type: 'error', kind: second, message: `the rehearsal was asked to fail with ${second} as ${first}` })
        process.exit(1)
        break
      case 'exit':
        process.exit(Number(first))
        break
      case 'hang':
        // A timer, so that the process stays; five minutes, so that nothing stays for ever.
        await sleep(300_000)
        break
      case 'ignore-term':
        for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined)
        break
      case 'spawn-child':
        spawn('sleep', ['300'], { stdio: 'ignore' }).unref()
        spawn('sleep', ['300'], { stdio: 'ignore', detached: true }).unref()
        break
      case 'garbage':
        process.stdout.write(
          'not JSON at all \u0000\u001b[31m {"type": broken\n{"type":"future","x":1}\n[1,2]\n"text"\nnull\n',
        )
        process.stderr.write('a warning on stderr: naïve 🎼\n')
        break
      case 'huge-line':
        process.stdout.write(`${'x'.repeat(Number(first))}\n`)
        break
      default:
    }
  }
}

async function stream(answer, text, everyMs) {
  for (const piece of text.match(/\S+\s*|\s+/g) ?? []) {
    answer.text += piece
    say({ type: 'text', id: answer.id, text: piece })
    if (everyMs > 0) await sleep(everyMs)
  }
}

function tool(name, json, answer) {
  const id = `call-${randomUUID()}`
  let input
  try {
    input = JSON.parse(json === '' ? '{}' : json)
  } catch {
    input = json
  }
  say({ type: 'tool', id, name, input })
  say({ type: 'tool_result', id, ok: true, output: `the rehearsal did not run ${name}` })
  answer.id += '+'
}

function ownAnswer(prompt) {
  const turns = conversation.turns.length + 1
  const earlier = conversation.turns.map((one, i) => `${i + 1}. ${firstLine(one.prompt)}`)
  const first = firstLine(prompt)
  return [
    '### A rehearsal, without a model',
    '',
    `This answer was made by a small program on this machine: no model was asked, nothing left it and nothing was paid. ` +
      (options.model
        ? `In a performance, **${options.model}** would answer here.`
        : 'No model was chosen for this step.'),
    '',
    `- turn ${turns} of this conversation`,
    `- your prompt: ${[...prompt].length} characters${first === '' ? '' : `, beginning “${first}”`}`,
    options.mcp ? `- MCP servers it would get: ${options.mcp} (not started)` : '- no MCP servers chosen',
    ...(earlier.length === 0 ? [] : ['', 'It remembers what was asked before:', '', ...earlier]),
    '',
    'To try how Maestro treats slow or failing agents, put directives into the prompt:',
    '',
    '```text',
    '[[wait 2]] [[stream 40 50]] [[error rate_limited]]',
    '```',
    '',
    'For real answers, choose Goose as the agent and enter a key under Models.',
    '',
  ].join('\n')
}

function firstLine(text) {
  const line = text
    .trim()
    .split('\n', 1)[0]
    .replace(/[*_`[\]<>#]/g, '')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function count(text) {
  return Math.ceil(text.length / 4)
}

function readOptions(args) {
  const read = {}
  for (let i = 0; i < args.length; i++) {
    const name = args[i].replace(/^--/, '')
    read[name] = args[++i]
  }
  return read
}
