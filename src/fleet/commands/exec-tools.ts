// Running a command or a script on a host, as tools.

import { z } from 'zod'
import { type AnyTool, defineTool, type Redactor } from '#src/core/index.ts'
import { CommandResult } from '../contract.ts'
import type { Hosts } from '../host.ts'
import { briefOf } from './brief.ts'
import type { Commands } from './commands.ts'
import { common, compatKeys, requestOf } from './inputs.ts'

export interface ExecToolsDeps {
  readonly commands: Commands
  readonly hosts: Hosts
  readonly redactor: Redactor
}

const maxText = 4 * 1024 * 1024
const subjectText = 200

export function execTools({ commands, hosts, redactor }: ExecToolsDeps): AnyTool[] {
  /** What policy judges. An unknown host is refused here, before anybody is asked about it. */
  const subject = (host: string | undefined, text: string): string[] => {
    const { name } = hosts.find(host)
    const shown = redactor.text(text).slice(0, subjectText).toWellFormed()
    return [`host:${name}`, `command:${name}:${shown}`]
  }

  return [
    defineTool({
      name: 'maestro_exec',
      title: 'Run a command',
      description:
        'Runs one command line in a shell (bash, else sh) on a host and answers with exit code, stdout and stderr. ' +
        'The environment is minimal and nobody can answer questions, so use flags such as -y. ' +
        'What is not over within the wait goes on as a task: ask the tool `task` with its task_id. ' +
        'Long output comes as its beginning and its end; `task` with action output has all of it. ' +
        'At its time limit, or when it is cancelled, everything it has started is ended. ' +
        '`executed` says whether it reached the host; an exit code other than 0 is an answer, not an error of the call.',
      effect: 'destructive',
      scope: 'hosts:write',
      input: z.object({ ...common, command: z.string().min(1).max(maxText).describe('the command line') }),
      output: CommandResult,
      examples: [
        { title: 'Where and what', input: { command: 'uname -sr && df -h /' } },
        {
          title: 'A build that may take long',
          input: { command: 'make -j4', cwd: '~/project', timeout_s: 3_600, wait_s: 5 },
        },
      ],
      mcp: {
        profiles: ['default', 'core', 'compat'],
        openWorld: true,
        compatKeys,
        coreKeys: ['host', 'command', 'cwd', 'stdin', 'timeout_s', 'wait_s'],
        brief: briefOf,
      },
      subject: ({ host, command }) => subject(host, command),
      run: (ctx, input) =>
        commands.run(ctx, requestOf('maestro_exec', input, { kind: 'command', command: input.command })),
    }),
    defineTool({
      name: 'maestro_script',
      title: 'Run a script',
      description:
        'Runs a script of several lines on a host, by bash unless another interpreter is named (sh, zsh, python3, node, perl, ruby, ...). ' +
        'strict (on by default, for shells) ends it at the first command that fails, at unset variables and at failures within a pipe (set -euo pipefail). ' +
        'Answers, limits and tasks are those of maestro_exec.',
      effect: 'destructive',
      scope: 'hosts:write',
      input: z.object({
        ...common,
        script: z.string().min(1).max(maxText).describe('the text of the script'),
        interpreter: z
          .string()
          .regex(
            /^(?:\/[^\0\n]{1,1000}|[A-Za-z0-9][A-Za-z0-9._+-]{0,60})$/,
            'the name of a program, or its absolute path',
          )
          .default('bash')
          .describe('name on the PATH of the host, or absolute path'),
        args: z
          .array(z.string().max(100_000))
          .max(1_000)
          .default([])
          .describe('arguments, each as it is: no shell expands them'),
        strict: z.boolean().default(true).describe('shells: stop at the first error'),
      }),
      output: CommandResult,
      examples: [
        {
          title: 'Stop at the first error',
          input: { script: 'cd ~/project\ngit pull --ff-only\nmake test', timeout_s: 900 },
        },
        {
          title: 'Python',
          input: { interpreter: 'python3', script: 'import sys; print(sys.argv[1:])', args: ['a b', '$HOME'] },
        },
      ],
      mcp: {
        profiles: ['default', 'core', 'compat'],
        openWorld: true,
        compatKeys,
        coreKeys: ['host', 'script', 'interpreter', 'args', 'cwd', 'timeout_s', 'wait_s'],
        brief: briefOf,
      },
      subject: ({ host, script }) => subject(host, script),
      run: (ctx, input) =>
        commands.run(
          ctx,
          requestOf('maestro_script', input, {
            kind: 'script',
            script: input.script,
            interpreter: input.interpreter,
            args: input.args,
            strict: input.strict,
          }),
        ),
    }),
  ]
}
