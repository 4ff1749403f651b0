// The list of verbs in the order of the help: what each is called, takes and says about itself is in verbs/.
// Their code is loaded when they run.

import type { Group, Leaf } from './leaf.ts'
import { addAgentVerbs, addModelVerbs, addMoneyVerbs } from './verbs/agents.ts'
import { addCommandVerbs } from './verbs/commands.ts'
import { addMusicVerbs } from './verbs/music.ts'
import { addPolicyVerbs } from './verbs/policy.ts'
import { addRunVerbs } from './verbs/runs.ts'
import { addCredentialVerbs, addMcpVerb, addServerVerbs } from './verbs/server.ts'
import { addExchangeVerbs, addWorkflowVerbs } from './verbs/workflows.ts'

export function addVerbs(verb: Leaf, group: Group): void {
  addServerVerbs(verb)
  addMcpVerb(verb)
  addWorkflowVerbs(group)
  addExchangeVerbs(verb)
  addRunVerbs(verb)
  addCommandVerbs(verb, group)
  addPolicyVerbs(verb, group)
  addAgentVerbs(group)
  addModelVerbs(group)
  addMoneyVerbs(verb)
  addMusicVerbs(verb)
  addCredentialVerbs(group)
}
