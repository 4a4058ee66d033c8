/** The group of the user pool whose members may change what others see. */
const administratorsGroup = 'admins';

/** This is for administrators alone. */
export class NotAdministratorError extends Error {
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
