// What a caller may put into a command's environment. Pure.

import { type Issue, MaestroError } from '#src/core/index.ts'

/**
 * Names that make a program load or run something else than what was asked for, in whatever program the command
 * starts. A command that really needs one can set it itself, in plain sight.
 */
const dangerous: readonly RegExp[] = [
  /^LD_/,
  /^DYLD_/,
  /^BASH_FUNC_/,
  /^(?:BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PS4|IFS|CDPATH|GLOBIGNORE)$/,
  /^(?:GLIBC_TUNABLES|GCONV_PATH|LOCPATH|NLSPATH|RESOLV_HOST_CONF|HOSTALIASES|MALLOC_TRACE)$/,
  /^(?:NODE_OPTIONS|NODE_PATH|PERL5OPT|PERL5LIB|PERL5DB|RUBYOPT|RUBYLIB|PYTHONSTARTUP|PYTHONPATH|PYTHONHOME|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS)$/,
  // Ours: the marker by which everything of a command is found and ended.
  /^MAESTRO_/,
]

const maxVariables = 200
const maxBytes = 128 * 1024

/** @throws `invalid_input` with every problem at once; no value is ever named. */
export function checkEnvironment(env: Readonly<Record<string, string>>): void {
  const issues: Issue[] = []
  const names = Object.keys(env)
  for (const [name, value] of Object.entries(env)) {
    const path = `env.${name.slice(0, 80)}`
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      issues.push({ path, message: 'is no name for a variable: letters, digits and _, not starting with a digit' })
    } else if (dangerous.some((pattern) => pattern.test(name))) {
      issues.push({ path, message: 'may not be set from outside: it changes what programs load or run' })
    }
    if (value.includes('\0')) issues.push({ path, message: 'holds a NUL character, which no process can be given' })
    else if (!value.isWellFormed()) issues.push({ path, message: 'holds half of a surrogate pair' })
  }
  if (names.length > maxVariables) {
    issues.push({ path: 'env', message: `has ${names.length} variables; at most ${maxVariables}` })
  }
  const bytes = Object.entries(env).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0)
  if (bytes > maxBytes) issues.push({ path: 'env', message: `has ${bytes} bytes; at most ${maxBytes}` })
  if (issues.length === 0) return
  throw new MaestroError(
    'invalid_input',
    `the environment is not valid: ${issues.map(({ path, message }) => `${path} ${message}`).join('; ')}`,
    {
      issues,
      hint: 'leave those out; what a command really needs it can set itself',
      details: { executed: 'no' },
    },
  )
}
