import type { TriggerDefinition } from '../template/apis';
import type { PoolTriggers } from './messages';
import type { UserPool } from './pools';

/** The triggers that cognito-local calls. */
const known = ['PreSignUp', 'PostConfirmation', 'PostAuthentication', 'PreTokenGeneration', 'CustomMessage'];

/**
 * Merges the pools' `LambdaConfig` and the functions' `Cognito` events.
 * @returns the triggers that can run, and a sentence for each that cannot
 */
export function collectTriggers(
  pools: UserPool[],
  events: TriggerDefinition[],
): { triggers: PoolTriggers; unsupported: string[] } {
  const triggers: PoolTriggers = {};
  const unsupported: string[] = [];
  for (const { id, poolId, triggers: own } of pools) {
    const all = { ...own };
    for (const event of events) if (event.userPoolId === poolId) all[event.trigger] = event.functionId;
    for (const [trigger, functionId] of Object.entries(all)) {
      if (known.includes(trigger)) (triggers[poolId] ??= {})[trigger] = functionId;
      else unsupported.push(`${id}: the trigger ${trigger} (${functionId}) is not run.`);
    }
  }
  return { triggers, unsupported };
}
