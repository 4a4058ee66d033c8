import { FootfallError } from '../errors/footfallError';

/** The group of the user pool whose members may change data. */
const administratorsGroup = 'admins';

export class NotAdministratorError extends FootfallError {
  readonly kind = 'forbidden';

  constructor() {
    super('Only administrators may do this.');
  }
}

export function isAdministrator({ groups }: { groups: readonly string[] }): boolean {
  return groups.includes(administratorsGroup);
}

/** @throws NotAdministratorError */
export function assertAdministrator(account: { groups: readonly string[] }): void {
  if (!isAdministrator(account)) throw new NotAdministratorError();
}
