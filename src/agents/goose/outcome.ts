// Did a Goose turn succeed, and if not, why? Success needs positive evidence: exit 0, `complete`, and
// a last text that the model itself wrote. Everything else is a failure with a name. The texts that
// are matched here are Goose 1.52's; fixtures/ holds the streams they were seen in.

import { type Usage, unknownUsage } from '#src/core/index.ts'
import type { ProcessEnd } from '#src/tasks/index.ts'
import type { Outcome, TurnInput } from '../adapter.ts'
import { endedFromOutside, failure, killedBySignal, type Failure } from '../outcomes.ts'
import { usageSince } from '../usage.ts'

/** What the stream showed. */
export interface GooseEvidence {
  /** The model's text since the last tool call. */
  readonly answer: string
  /** Who wrote the last text. */
  readonly lastVoice: 'model' | 'goose' | null
  /** Goose's own last sentence. */
  readonly notice: string | null
  readonly error: { readonly kind: string; readonly text: string } | null
  readonly complete: boolean
  readonly cumulative: Usage | null
  readonly failedServers: readonly { readonly name: string; readonly reason: string; readonly required: boolean }[]
  /** The end of stderr, and of what on stdout was not JSON. */
  readonly stderr: string
  readonly strayOutput: string
}

export function decideGoose(input: TurnInput, seen: GooseEvidence, end: ProcessEnd | null): Outcome {
  const before = input.checkpoint?.cumulative ?? null
  const usage = seen.cumulative === null ? unknownUsage : usageSince(before, seen.cumulative)
  const cumulative = seen.cumulative ?? before ?? unknownUsage
  const failed = findFailure(input, seen, end)
  if (failed !== null) return { ok: false, ...failed, text: seen.answer, usage, cumulative }
  const warnings = seen.failedServers.map((server) => `the MCP server "${server.name}" did not start: ${server.reason}`)
  return { ok: true, text: seen.answer, usage, cumulative, warnings }
}

function findFailure(input: TurnInput, seen: GooseEvidence, end: ProcessEnd | null): Failure | null {
  const broken = seen.failedServers.find((server) => server.required)
  if (broken !== undefined) {
    return failure('mcp_unavailable', `the MCP server "${broken.name}" did not start: ${broken.reason}`, {
      hint: 'check its command and arguments under MCP servers, or mark it as not required',
    })
  }
  const outside = endedFromOutside(end, 'Goose')
  if (outside !== null || end === null) return outside
  const signalled = killedBySignal(end.exitCode, 'Goose')
  if (signalled !== null) return signalled
  if (seen.error !== null) return byErrorText(input, seen.error.text, seen.error.kind)
  if (end.exitCode !== 0) return byExit(input, seen, end.exitCode)
  if (seen.lastVoice === 'goose') return byErrorText(input, seen.notice ?? '', 'other')
  if (!seen.complete) {
    return failure('crashed', 'Goose ended without saying that it was done', {
      hint: 'look at the raw log of the turn',
    })
  }
  return seen.lastVoice === 'model' && seen.answer.trim() !== '' ? null : emptyAnswer(input)
}

/** A failure before or beside the stream. */
function byExit(input: TurnInput, seen: GooseEvidence, exitCode: number): Failure {
  const said = `${seen.strayOutput}\n${seen.stderr}`
  const missing = /Configuration value not found: (\w+)/.exec(said)?.[1]
  if (missing !== undefined) {
    return failure('auth', `Goose found no ${missing} for ${at(input)}`, { hint: keyHint(input) })
  }
  const provider = /Unknown provider: ([^\s.]+)/.exec(said)?.[1]
  if (provider !== undefined) {
    return failure('bad_usage', `this Goose does not know the provider "${provider}"`, {
      hint: 'choose another provider for the step, or install the supported Goose',
    })
  }
  if (/no such session|no session found|session[^\n]*not found/i.test(said)) {
    return failure('session_not_found', 'Goose did not find the conversation it was to go on with', {
      hint: 'run the workflow again from its first step',
    })
  }
  const last =
    said
      .trim()
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? 'it gave no reason'
  if (exitCode === 2) return failure('bad_usage', `Goose refused its arguments: ${firstError(said) ?? last}`)
  return failure('crashed', `Goose ended with exit code ${exitCode}: ${firstError(said) ?? last}`, {
    hint: 'look at the raw log of the turn',
  })
}

/** What Goose writes about a failed model call, in an `error` event or (older modes) as a message. */
function byErrorText(input: TurnInput, text: string, kind: string): Failure {
  const said = serverWords(text)
  const httpStatus = statusIn(text)
  const where = at(input)
  if (/Headless run interrupted/.test(text)) {
    return failure('killed', 'Goose was ended from outside by SIGINT', { hint: 'run it again' })
  }
  if (/maximum number of actions/.test(text)) {
    return failure('max_turns', `Goose used all of its ${input.maxTurns} turns without coming to an end`, {
      hint: 'raise the step’s limit of turns, or ask for less in one step',
    })
  }
  if (/returned an empty response/.test(text)) return emptyAnswer(input)
  if (kind === 'creditsExhausted' || httpStatus === 402) {
    return failure('credits', `the account has no credit left for ${where} (402): ${said}`, {
      hint: `add credit to the account at ${providerOf(input)}, or choose another provider`,
      httpStatus: 402,
    })
  }
  if (
    kind === 'authentication' ||
    httpStatus === 401 ||
    httpStatus === 403 ||
    /Authentication (error|failed)/.test(text)
  ) {
    return failure('auth', `the key was refused for ${where}${inBrackets(httpStatus)}: ${said}`, {
      hint: keyHint(input),
      httpStatus,
    })
  }
  if (httpStatus === 429 || /^(Ran into this error: )?Rate limit exceeded/.test(text)) {
    return failure('rate_limited', `too many requests for ${where} (429): ${said}`, {
      hint: 'wait a little and run it again, or choose another model',
      httpStatus: 429,
      retryable: true,
    })
  }
  if (
    httpStatus === 404 ||
    (httpStatus === 400 && /not a valid model|model[^.]{0,80}(not found|does not exist)/i.test(said))
  ) {
    return failure('model_not_found', `there is no model ${where}${inBrackets(httpStatus)}: ${said}`, {
      hint: 'check the model’s name in the step, and the provider’s base URL under Models',
      httpStatus,
    })
  }
  if (httpStatus !== null && httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408) {
    return failure('bad_request', `the request was refused by ${where} (${httpStatus}): ${said}`, {
      hint: 'the prompt may be too long for the model, or ask for what it cannot do',
      httpStatus,
    })
  }
  if (/Network error|Could not connect|Stream decode error|error sending request/i.test(text)) {
    return failure('network', `the connection to ${where} failed: ${said}`, {
      hint: 'check the network and the provider’s base URL under Models',
      retryable: true,
    })
  }
  return failure('provider_error', `${where} failed${inBrackets(httpStatus)}: ${said}`, {
    hint: 'run it again later, or choose another model',
    httpStatus,
    retryable: true,
  })
}

function emptyAnswer(input: TurnInput): Failure {
  return failure('empty_response', `${at(input)} gave an empty answer`, {
    hint: 'run it again, or choose another model',
    retryable: true,
  })
}

/** The model and where it was asked, for people. */
function at(input: TurnInput): string {
  return `${input.model?.model ?? 'the model'} at ${providerOf(input)}`
}

function providerOf(input: TurnInput): string {
  return input.model?.provider ?? 'the provider'
}

const environmentNames: Readonly<Record<string, string>> = {
  openrouter: 'OPENROUTER_API_KEY',
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GEMINI_API_KEY',
  gemini: 'GEMINI_API_KEY',
}

function keyHint(input: TurnInput): string {
  const provider = providerOf(input)
  const name = environmentNames[provider]
  const variable = name === undefined ? '' : `, or set ${name} before Maestro starts`
  return `enter a valid key for ${provider} under Models${variable}`
}

function inBrackets(httpStatus: number | null): string {
  return httpStatus === null ? '' : ` (${httpStatus})`
}

function statusIn(text: string): number | null {
  const found = /\bStatus: (\d{3})\b|\((\d{3})(?: [A-Z][A-Za-z ]*)?\)/.exec(text)
  const status = Number(found?.[1] ?? found?.[2])
  if (status >= 400 && status < 600) return status
  if (/Rate limit exceeded/.test(text)) return 429
  return null
}

/** The provider's own words, without what Goose puts around them. */
function serverWords(text: string): string {
  const bare = text
    .replace(/^Ran into this error: /, '')
    .replace(/\n+Please (retry|resend)[\s\S]*$/, '')
    .replace(
      /^(Request failed|Authentication error|Network error|Server error|Credits exhausted|Rate limit exceeded): /,
      '',
    )
  const words = /(?:Response: |\(\d{3}[^)]*\)(?: at \S+)?: )([\s\S]+)$/.exec(bare)?.[1] ?? bare
  return words.trim().replace(/\.$/, '') || 'no reason given'
}

function firstError(said: string): string | undefined {
  return /^\s*error: ?(.+)$/im.exec(said)?.[1]?.trim()
}
