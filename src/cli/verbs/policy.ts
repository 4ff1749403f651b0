// Verbs about what agents may do: approvals, rules, the audit log, and the brakes.

import { Option } from 'commander'
import type { Group, Leaf } from '../leaf.ts'
import { whole } from './numbers.ts'

const ids = 'The id may be shortened to its first 6 letters.'

export function addPolicyVerbs(verb: Leaf, group: Group): void {
  const approval = group('approvals', 'see and decide what agents ask for', 'maestro approvals approve apr_7h2k9w')
  approval(
    {
      usage: 'list',
      summary: 'list what waits for you',
      example: 'maestro approvals list --all',
      options: [new Option('--all', 'those that were decided or ran out as well, of the last 30 days')],
      isDefault: true,
    },
    async () => (await import('../commands/approvals.ts')).list,
  )
  approval(
    {
      usage: 'show <approval>',
      summary: 'show who wants to do what, with its whole input',
      details: `${ids} Secrets in the input are masked.`,
      example: 'maestro approvals show apr_7h2k9w',
    },
    async () => (await import('../commands/approvals.ts')).show,
  )
  approval(
    {
      usage: 'approve <approval>',
      summary: 'let that one call pass, once',
      details: `${ids} The same caller has to make the same call again, within ten minutes.`,
      example: 'maestro approvals approve apr_7h2k9w',
    },
    async () => (await import('../commands/approvals.ts')).approve,
  )
  approval(
    {
      usage: 'deny <approval>',
      summary: 'say no',
      details: `${ids} The same call is refused for ten minutes without asking you again.`,
      example: 'maestro approvals deny apr_7h2k9w',
    },
    async () => (await import('../commands/approvals.ts')).deny,
  )

  const rule = group('rules', 'say what agents may do', "maestro rules add ask --tool 'maestro_exec'")
  rule(
    { usage: 'list', summary: 'list the rules', example: 'maestro rules list', isDefault: true },
    async () => (await import('../commands/rules.ts')).list,
  )
  rule(
    {
      usage: 'add <effect>',
      summary: 'add a rule: deny, ask or allow',
      details:
        'Deny wins, then ask, then allow. In patterns * stands for any text without /, ** for any text. Rules bind MCP clients, tokens and runs, not you.',
      example: "maestro rules add deny --path '/home/me/.ssh/**'",
      options: [
        new Option('--client <pattern>', 'only for MCP clients and tokens of this name'),
        new Option('--tool <pattern>', 'only for these tools'),
        new Option('--host <pattern>', 'only for what happens on these hosts'),
        new Option('--path <pattern>', 'only for these files and folders, as they are after symbolic links'),
        new Option('--command <pattern>', 'only for command lines that look so; advice, not a wall'),
        new Option('--note <text>', 'why; agents see it when the rule refuses them'),
      ],
    },
    async () => (await import('../commands/rules.ts')).add,
  )
  rule(
    {
      usage: 'remove <rule>',
      summary: 'remove a rule',
      details: ids,
      example: 'maestro rules remove rule_7h2k9w',
    },
    async () => (await import('../commands/rules.ts')).remove,
  )

  const audit = group('audit', 'read the log of every change and refusal', 'maestro audit list --outcome denied')
  audit(
    {
      usage: 'list',
      summary: 'list what was called, newest first',
      example: 'maestro audit list --actor claude --limit 20',
      options: [
        new Option('--tool <name>', 'only of this tool'),
        new Option('--actor <who>', 'only of this kind, name or both, as client:claude'),
        new Option('--outcome <outcome>', 'only what ended so').choices(['succeeded', 'failed', 'denied', 'begun']),
        new Option('--subject <text>', 'only what touched something with this in its name'),
        new Option('--before <row>', 'only older ones than this row').argParser(whole(1, Number.MAX_SAFE_INTEGER)),
        new Option('--limit <number>', 'at most so many').argParser(whole(1, 500)).default(50),
      ],
      isDefault: true,
    },
    async () => (await import('../commands/audit.ts')).list,
  )
  audit(
    {
      usage: 'verify',
      summary: 'check that no row was changed, removed or cut off',
      details: 'Names the first row that is wrong; the exit code is 1 then.',
      example: 'maestro audit verify',
    },
    async () => (await import('../commands/audit.ts')).verify,
  )

  const readOnly = () => new Option('--read-only', 'agents may still look; people are not held back')
  verb(
    {
      usage: 'pause',
      summary: 'hold everything back: no queued run starts, no command, agents change nothing',
      details: 'What is under way goes on; maestro stop --all ends that too.',
      example: 'maestro pause',
      options: [readOnly()],
    },
    async () => (await import('../commands/brakes.ts')).pause,
  )
  verb(
    {
      usage: 'unpause',
      summary: 'let everything go on',
      example: 'maestro unpause',
      options: [readOnly()],
    },
    async () => (await import('../commands/brakes.ts')).unpause,
  )
}
