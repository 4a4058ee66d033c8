/** A pool's `Policies.PasswordPolicy`; CloudFormation takes text for numbers and booleans. */
export interface PasswordPolicy {
  MinimumLength?: number | string;
  RequireUppercase?: boolean | string;
  RequireLowercase?: boolean | string;
  RequireNumbers?: boolean | string;
  RequireSymbols?: boolean | string;
}

/** The policy of a pool that declares none. */
const defaultPolicy: PasswordPolicy = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
};

/**
 * Checks a password against a policy.
 * @returns the first rule that it breaks, in Cognito's words
 * https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
 */
export function checkPassword(password: string, policy = defaultPolicy): string | undefined {
  if (password.length < Number(policy.MinimumLength ?? 8)) return 'Password not long enough';
  const kinds: [boolean | string | undefined, RegExp, string][] = [
    [policy.RequireUppercase, /[A-Z]/, 'uppercase'],
    [policy.RequireLowercase, /[a-z]/, 'lowercase'],
    [policy.RequireNumbers, /[0-9]/, 'numeric'],
    [policy.RequireSymbols, /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/, 'symbol'],
  ];
  const missing = kinds.find(([wanted, pattern]) => String(wanted) === 'true' && !pattern.test(password));
  return missing && `Password must have ${missing[2]} characters`;
}
